"""The order in which parts start, copies that start at once, and dependencies that crash."""

from behave import then, when

from readiness.drills.dependencies import Recoveries
from readiness.drills.first_start import ColdStart, FirstStart
from readiness.harness.world import context_world
from readiness.matchers.start_order import (
    come_up_together,
    comes_up_by_itself,
    get_over_crashes,
    leave_each_other_alone,
    migrate_once,
)


@when("a copy of the service has been alone for a minute, and what it depends on starts")
def alone_first(context):
    """Let the service be alone in a copy of the deployment, then start what it depends on."""
    world = context_world(context)
    world.note(world.rehearsals.cold_start())


@then("it is ready by itself, and serves a customer")
def ready_by_itself(context):
    """Require the service to come up without help, and to answer rightly."""
    world = context_world(context)
    world.judge(world.seen(ColdStart), comes_up_by_itself())


@then("it is so within the {budget:Budget}")
def cold_start_time(context, budget):
    """Measure from the start of what the service depends on until it is ready."""
    world = context_world(context)
    seen = world.seen(ColdStart)
    world.measure(seen, seen.ready_after, budget)


@when("three copies of the service start at once on an empty database")
def start_three(context):
    """Start three copies in a copy of the deployment whose database is empty."""
    world = context_world(context)
    world.note(world.rehearsals.first_start())


@then("all of them come up, and none fails on the way")
def all_come_up(context):
    """Require every copy to become ready without ending."""
    world = context_world(context)
    world.judge(world.seen(FirstStart), come_up_together())


@then("none gets in the way of another")
def nobody_in_the_way(context):
    """Require the database to have refused nothing because of another copy."""
    world = context_world(context)
    world.judge(world.seen(FirstStart), leave_each_other_alone())


@then("every migration was run once, and what it brings is there once")
def migrated_once(context):
    """Require the database to hold what one copy alone makes of it."""
    world = context_world(context)
    world.judge(world.seen(FirstStart), migrate_once())


@when("everything that the service depends on crashes, one after the other")
def crash_everything(context):
    """Kill each dependency in a copy of the deployment under copies that serve."""
    world = context_world(context)
    world.note(world.rehearsals.crashes())


@then("every copy serves again, and is the same as before")
def over_it(context):
    """Require every copy to serve again without having been replaced."""
    world = context_world(context)
    world.judge(world.seen(Recoveries), get_over_crashes())


@then("the slowest recovery is within the {budget:Budget}")
def slowest_recovery(context, budget):
    """Measure the slowest recovery."""
    world = context_world(context)
    seen = world.seen(Recoveries)
    world.measure(seen, seen.slowest, budget)
