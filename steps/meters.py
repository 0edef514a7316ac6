"""Meters of machines and containers, beside what the kernel told."""

from behave import then, when

from readiness.drills.calibration import Calibration, calibrate
from readiness.harness.world import context_world
from readiness.matchers.meters import name_every_copy, tell_memory_from_cache, tell_the_truth


@when("a known load of processor, memory and disk runs in a container")
def load_runs(context):
    """Run the load and read meanwhile what the meters say."""
    world = context_world(context)
    world.note(calibrate(world.target, world.undo))


@then("what every meter says is the truth, give or take the {budget:Budget}")
def meters_true(context, budget):
    """Require every meter to agree with the kernel."""
    world = context_world(context)
    world.judge(world.seen(Calibration), tell_the_truth(budget))


@then("every copy is measured under the name of its service, on every machine")
def copies_named(context):
    """Require a meter with the right name for each copy."""
    world = context_world(context)
    world.judge(world.seen(Calibration), name_every_copy())


@then("the memory alarm sees what is really used, and no page cache")
def cache_left_out(context):
    """Require the alarm's expression to tell one from the other."""
    world = context_world(context)
    world.judge(world.seen(Calibration), tell_memory_from_cache())
