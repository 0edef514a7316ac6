"""Settings: what the services are told, and what becomes of a release that is told something wrong."""

from behave import then, when

from readiness.drills.misconfiguration import Misconfigurations, tell_them_wrong_things
from readiness.drills.wrong_rollout import WrongRollout, roll_out_wrong_settings
from readiness.harness.world import context_world
from readiness.matchers.settings import (
    are_refused_by_name,
    hide_what_they_were_told,
    is_not_noticed_by_customers,
    is_taken_back,
    start_without_what_is_optional,
)


@when("copies of every service start, each with one required setting missing or wrong")
def tell(context):
    """Start a copy without visitors for everything that can be wrong."""
    world = context_world(context)
    world.note(tell_them_wrong_things(world.target, world.undo))


@then("each of them refuses to start and names the setting")
def refused(context):
    """Require an end that says which setting is wrong."""
    world = context_world(context)
    world.judge(world.seen(Misconfigurations), are_refused_by_name())


@then("none of them shows what it was told")
def hidden(context):
    """Require words without values."""
    world = context_world(context)
    world.judge(world.seen(Misconfigurations), hide_what_they_were_told())


@then("the slowest refusal is within the {budget:Budget}")
def quick(context, budget):
    """Require every refusal to come quickly."""
    world = context_world(context)
    seen = world.seen(Misconfigurations)
    world.measure(seen, seen.slowest_refusal, budget)


@then("a copy without what may be left out starts")
def control(context):
    """Require that copies end only for what is required, and that every setting in force is known."""
    world = context_world(context)
    world.judge(world.seen(Misconfigurations), start_without_what_is_optional())


@when("the service is rolled out without a setting that it requires, while customers use it")
def roll_out(context):
    """Roll out what cannot start."""
    world = context_world(context)
    world.note(roll_out_wrong_settings(world.target, world.undo))


@then("the platform takes the rollout back, and the copies of before go on")
def taken_back(context):
    """Require the former settings to be in force, with the former copies."""
    world = context_world(context)
    world.judge(world.seen(WrongRollout), is_taken_back())


@then("no customer notices the rollout")
def unnoticed(context):
    """Require every answer to be right."""
    world = context_world(context)
    world.judge(world.seen(WrongRollout), is_not_noticed_by_customers())


@then("the time until it is taken back is within the {budget:Budget}")
def soon(context, budget):
    """Require the platform to be quick about it."""
    world = context_world(context)
    seen = world.seen(WrongRollout)
    world.measure(seen, seen.seconds, budget)
