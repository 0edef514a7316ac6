"""What callers and strangers learn of the inside, and who may come in."""

from behave import then, when

from readiness.config.exposure import load_exposure
from readiness.drills.failing_inside import FailingInside, freeze_what_is_needed
from readiness.harness.world import context_world
from readiness.matchers.exposure import (
    answer_every_mistake,
    answer_in_trouble,
    be_those_written_down,
    refuse_demonstrations,
    refuse_developers,
    show_nothing_inside,
)
from readiness.probes.mistakes import Mistakes, make_every_mistake
from readiness.probes.strangers import Accounts, Strangers, ask_as_strangers, list_accounts


@when("a caller makes every kind of mistake with every operation of the API")
def mistakes(context):
    """Misuse every operation that the services describe."""
    world = context_world(context)
    world.note(make_every_mistake(world.target))


@then("every mistake is answered as an error, with words and an id")
def answered(context):
    """Require an error of the API for each mistake."""
    world = context_world(context)
    world.judge(world.seen(Mistakes), answer_every_mistake())


@then("no answer to a mistake shows anything of the inside")
def closed(context):
    """Require answers without a trace of the inside."""
    world = context_world(context)
    world.judge(world.seen(Mistakes), show_nothing_inside(load_exposure(world.target.root)))


@when("the database stops answering while callers ask")
def trouble(context):
    """Freeze what the service cannot do without, and ask."""
    world = context_world(context)
    world.note(freeze_what_is_needed(world.target, world.undo))


@then("callers are told of an error, with words and an id")
def told(context):
    """Require an error of the API."""
    world = context_world(context)
    world.judge(world.seen(FailingInside), answer_in_trouble())


@then("no answer in trouble shows anything of the inside")
def closed_in_trouble(context):
    """Require answers without a trace of the inside."""
    world = context_world(context)
    world.judge(world.seen(FailingInside), show_nothing_inside(load_exposure(world.target.root)))


@when("strangers ask for what only developers use, and come with the accounts of demonstrations")
def strangers(context):
    """Ask for everything that the policy names."""
    world = context_world(context)
    world.note(ask_as_strangers(world.target, load_exposure(world.target.root)))


@then("what only developers use is not there")
def no_tools(context):
    """Require refusals for tools of developers."""
    world = context_world(context)
    world.judge(world.seen(Strangers), refuse_developers())


@then("no account of a demonstration comes in, and production's own do")
def no_demonstrations(context):
    """Require refusals for the accounts of demonstrations."""
    world = context_world(context)
    world.judge(world.seen(Strangers), refuse_demonstrations())


@when("the operator lists who may come in")
def accounts(context):
    """Have the accounts listed that are in force."""
    world = context_world(context)
    world.note(list_accounts(world.target))


@then("exactly those may come in who are written down")
def written_down(context):
    """Require the accounts of the profile and no others."""
    world = context_world(context)
    world.judge(world.seen(Accounts), be_those_written_down(load_exposure(world.target.root)))
