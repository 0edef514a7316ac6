"""A harmless break-in, and who is told of it."""

from behave import then, when

from readiness.drills.break_in import BreakIn, break_in
from readiness.harness.world import context_world
from readiness.matchers.break_in import is_told_to_a_person, leaves_the_honest_alone


@when("a visitor mistypes his key, and then somebody tries to break in by every way that we know")
def broken_in(context):
    """Try keys, probe the door, start programs in containers, and look who is told."""
    world = context_world(context)
    world.note(break_in(world.target))


@then("a person is told of every attempt, by whom and against what")
def person_told(context):
    """Require an event and a message for each attempt."""
    world = context_world(context)
    world.judge(world.seen(BreakIn), is_told_to_a_person())


@then("all of that is within the {budget:Budget}")
def told_in_time(context, budget):
    """Measure the time from the slowest attempt to the message."""
    world = context_world(context)
    seen = world.seen(BreakIn)
    world.measure(seen, seen.slowest, budget)


@then("nobody is told of the visitor who mistyped his key")
def honest_left_alone(context):
    """Require that a few mistyped keys are no event."""
    world = context_world(context)
    world.judge(world.seen(BreakIn), leaves_the_honest_alone())
