"""Parts of the service that hang or are gone, and the alarms that name them."""

from behave import then, when

from readiness.drills.outages import Outages, break_everything
from readiness.harness.world import context_world
from readiness.matchers.outages import are_all_named, are_all_over, keep_their_time, name_each_time
from readiness.probes.database import declared_database


@when("every part of the service hangs once and is gone once")
def everything_breaks(context):
    """Let every service hang, then stop it, and watch the alarms."""
    world = context_world(context)
    world.note(break_everything(world.target, world.undo))


@then("an alarm names each of them, and nobody is named beforehand")
def outages_named(context):
    """Require an alarm for each outage."""
    world = context_world(context)
    world.judge(world.seen(Outages), are_all_named())


@then("an alarm names the database each time")
def database_named(context):
    """Require an alarm for the database, when it hung and when it was gone."""
    world = context_world(context)
    world.judge(world.seen(Outages), name_each_time(declared_database(world.target).service))


@then("that is told within the {budget:Budget}")
def outages_told(context, budget):
    """Measure the time until the slowest alarm would be on."""
    world = context_world(context)
    seen = world.seen(Outages)
    world.measure(seen, seen.slowest, budget)


@then("every such alarm is over once the part is back")
def outages_over(context):
    """Require the alarms to end."""
    world = context_world(context)
    world.judge(world.seen(Outages), are_all_over())


@then("the alarms wait no longer than their rules say, as simulated time shows")
def alarms_timely(context):
    """Require the rules to be on after their time."""
    world = context_world(context)
    world.judge(world.seen(Outages), keep_their_time())
