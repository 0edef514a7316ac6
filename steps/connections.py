"""Connections within the deployment: who reaches whom."""

from behave import then, when

from readiness.drills.connections import ConnectionsSeen, look_at_connections, replace_what_is_needed
from readiness.harness.world import context_world
from readiness.matchers.connections import leave_the_engine_alone, reach_nothing_else, reach_what_they_need


@when("every copy of every part calls all the others")
def call_everybody(context):
    """Let every copy call what its service needs and what it need not reach."""
    world = context_world(context)
    world.note(look_at_connections(world.target, world.undo))


@when("the database is replaced, and every copy calls the new one")
def call_the_new_one(context):
    """Replace what the service cannot do without, and let every copy call it again."""
    world = context_world(context)
    world.note(replace_what_is_needed(world.target, world.undo))


@then("every copy reaches what its part needs")
def needs_reached(context):
    """Require an answer to every needed call, from every copy."""
    world = context_world(context)
    world.judge(world.seen(ConnectionsSeen), reach_what_they_need())


@then("no copy reaches what its part does not need")
def nothing_else_reached(context):
    """Require every call that is not needed to come to nothing."""
    world = context_world(context)
    world.judge(world.seen(ConnectionsSeen), reach_nothing_else())


@then("no copy reaches the engine that runs them all, apart from those declared to")
def engine_left_alone(context):
    """Require the engine to be out of reach."""
    world = context_world(context)
    world.judge(world.seen(ConnectionsSeen), leave_the_engine_alone())
