"""Everything is lost, and comes back from the copies."""

from behave import then, when

from readiness.drills.recovery import Restored, recovery_from_loss
from readiness.harness.world import context_world
from readiness.matchers import restored as matchers


@when("everything is lost, and the deployment is built from the copies by the written procedure")
def everything_lost(context):
    """Build a deployment from what there is of copies at one moment, beside the one that is thought lost."""
    world = context_world(context)
    world.note(recovery_from_loss(world.target, world.undo))


@then("it serves customers, and has nothing of what was lost")
def serves(context):
    """Require a right journey and volumes of its own."""
    world = context_world(context)
    seen = world.seen(Restored)
    world.judge(seen, matchers.is_built_and_serves())
    world.judge(seen, matchers.shares_nothing())


@then("it contacts nobody")
def contacts_nobody(context):
    """Require that it reaches nothing outside of it."""
    world = context_world(context)
    world.judge(world.seen(Restored), matchers.contacts_nobody())


@then("every record and every file is there as it was")
def records_there(context):
    """Require equal tables and a member's file."""
    world = context_world(context)
    world.judge(world.seen(Restored), matchers.holds_everything())


@then("keys, owners, rights, accounts and settings are as they were")
def declarations_there(context):
    """Require equal declarations."""
    world = context_world(context)
    world.judge(world.seen(Restored), matchers.is_declared_alike())


@then("customers of what was built are served within the {budget:Budget}")
def served_again(context, budget):
    """Measure the time from the disaster to the first right journey."""
    world = context_world(context)
    seen = world.seen(Restored)
    world.judge(seen, matchers.is_built_and_serves())
    world.measure(seen, seen.served_after, budget)


@then("what they wrote is lost for no longer than the {budget:Budget}")
def little_lost(context, budget):
    """Require all but the newest records, and measure from when on they are lost."""
    world = context_world(context)
    seen = world.seen(Restored)
    world.judge(seen, matchers.lost_only_the_newest())
    world.measure(seen, seen.lost, budget)


@then("that is shown with {budget:Budget} or more")
def enough_data(context, budget):
    """Measure how many records came back."""
    world = context_world(context)
    seen = world.seen(Restored)
    world.measure(seen, seen.rows, budget)
