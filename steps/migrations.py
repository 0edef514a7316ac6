"""Changes of the data's structure, while customers work."""

from behave import then, when

from readiness.drills.changing_structure import Changed, ChangedAgain, ChangedBack
from readiness.harness.world import context_world
from readiness.matchers.changing_structure import (
    is_not_noticed,
    is_taken_back,
    is_taken_up,
    is_the_same_again,
    keeps_everything,
    writes_nothing_anew,
)


@when("the structure of as much data as we have is changed while customers work and somebody reads for long")
def changed(context):
    """Run the change in a copy of the deployment under customers of the release before and of this one."""
    world = context_world(context)
    world.note(world.rehearsals.changing().changed)


@then("nobody who works with the release before or with this one notices")
def not_noticed(context):
    """Require right answers to customers of both releases."""
    world = context_world(context)
    world.judge(world.seen(Changed), is_not_noticed())


@then("nobody waits longer than the {budget:Budget} to write, and no table is written anew")
def short_locks(context, budget):
    """Measure the longest wait for a table, and require that none was rewritten."""
    world = context_world(context)
    seen = world.seen(Changed)
    world.judge(seen, writes_nothing_anew())
    world.measure(seen, seen.work.waited, budget, seen.work.table)


@then("every record is there as it was")
def nothing_lost(context):
    """Require counts and checksums of all tables to be those from before."""
    world = context_world(context)
    world.judge(world.seen(Changed), keeps_everything())


@when("the change is taken back while customers work with the release before")
def changed_back(context):
    """Take the change back under customers."""
    world = context_world(context)
    world.note(world.rehearsals.changing().changed_back)


@then("nobody notices, and structure and records are as before the change")
def taken_back(context):
    """Require the structure and the content from before, and right answers."""
    world = context_world(context)
    world.judge(world.seen(ChangedBack), is_taken_back())


@then("nobody waits longer than the {budget:Budget} to write while it is taken back")
def short_locks_back(context, budget):
    """Measure the longest wait for a table."""
    world = context_world(context)
    seen = world.seen(ChangedBack)
    world.measure(seen, seen.work.waited, budget, seen.work.table)


@when("the change is run a second time, and is cut off after each of its first steps")
def changed_again(context):
    """Run it again, and run it with deaths on the way."""
    world = context_world(context)
    world.note(world.rehearsals.changing().changed_again)


@then("the second run changes nothing")
def same_again(context):
    """Require the same structure and content."""
    world = context_world(context)
    world.judge(world.seen(ChangedAgain), is_the_same_again())


@then("what was cut off is taken up, and ends like a change that was not")
def taken_up(context):
    """Require structure and content as after an undisturbed change."""
    world = context_world(context)
    world.judge(world.seen(ChangedAgain), is_taken_up())
