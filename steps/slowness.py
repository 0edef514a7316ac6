"""Slowness, errors and traffic: what customers feel, what is told of it, and when alarms sound."""

from behave import then, when

from readiness.drills.agreement import Agreement, compare_with_customers
from readiness.drills.soundings import Soundings, hear_alarms
from readiness.harness.world import context_world
from readiness.matchers.soundings import are_silent_below, fails_as_meant, sound_when_agreed
from readiness.report.agreement import picture_of_agreement


@when("more customers come at once than can be served, and some of their requests fail")
def crowd_comes(context):
    """Let customers queue and some requests fail, and ask what is told of it."""
    world = context_world(context)
    seen = compare_with_customers(world.target, world.undo)
    world.note(seen)
    world.evidence.keep_picture("what customers felt and what was told", picture_of_agreement(seen))


@then("requests are answered, and fail, as they are meant to")
def as_meant(context):
    """Require the drill to have made what it meant to make."""
    world = context_world(context)
    world.judge(world.seen(Agreement), fails_as_meant())


@then("what is told is true to what they felt, within the {budget:Budget}")
def agrees(context, budget):
    """Measure by how much the worst number differs from what customers felt."""
    world = context_world(context)
    seen = world.seen(Agreement)
    world.measure(seen, seen.furthest, budget, seen.in_words)


@when("customers are supposed to meet slowness, errors and silence, more and less than was agreed on")
def supposed(context):
    """Evaluate the rules in force on supposed requests, in simulated time."""
    world = context_world(context)
    world.note(hear_alarms(world.target, world.undo, world.budgets))


@then("each alarm sounds after the time that was agreed on, and not before")
def sounds(context):
    """Require each alarm to sound beyond its threshold after its window."""
    world = context_world(context)
    world.judge(world.seen(Soundings), sound_when_agreed())


@then("no alarm sounds for less, or for what clients do wrong")
def silent(context):
    """Require silence below the thresholds."""
    world = context_world(context)
    world.judge(world.seen(Soundings), are_silent_below())
