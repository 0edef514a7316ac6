"""Start-up: how long new copies take until they serve customers."""

from behave import then, when

from readiness.drills.starting import Starts, start_new_copies
from readiness.harness.world import context_world
from readiness.matchers.startup import every_new_copy_serves


@when("{count:d} new copies of the service start, one after the other")
def start_copies(context, count):
    """Add copies one by one, each timed until it served every kind of request."""
    world = context_world(context)
    world.note(start_new_copies(world.target, world.undo, count))


@then("every new copy serves every kind of request")
def all_serve(context):
    """Require each new copy to have answered every kind of request."""
    world = context_world(context)
    world.judge(world.seen(Starts), every_new_copy_serves())


@then("the slowest does so within the {budget:Budget}")
def slowest_start(context, budget):
    """Measure the slowest start."""
    world = context_world(context)
    seen = world.seen(Starts)
    world.measure(seen, seen.slowest_seconds, budget)
