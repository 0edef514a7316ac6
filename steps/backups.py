"""Copies of what customers entrusted: how they come about, whether they are good, who can reach them."""

from behave import then, when

from readiness.drills.copying import Schedule, watch_schedule
from readiness.drills.rehearsing import Rehearsals, rehearse
from readiness.drills.retention import Kept, keep_and_remove
from readiness.drills.theft import Theft, steal
from readiness.harness.world import context_world
from readiness.matchers import copying as matchers


@when("the schedule of copies runs faster, and then the database is away")
def schedule_watched(context):
    """Watch copies come without asking, and fail."""
    world = context_world(context)
    world.note(watch_schedule(world.target, world.undo))


@then("copies came by themselves, as large as the one before")
def copies_came(context):
    """Require copies that nobody asked for."""
    world = context_world(context)
    world.judge(world.seen(Schedule), matchers.comes_by_itself())


@then("the newest copy was within the {budget:Budget}")
def copy_young(context, budget):
    """Measure the age of the newest copy as it was found."""
    world = context_world(context)
    seen = world.seen(Schedule)
    world.measure(seen, seen.age, budget)


@then("no copy is counted that was not made, and the next one comes when it can be made")
def failure_not_counted(context):
    """Require that a failure is no copy, and no end of copies."""
    world = context_world(context)
    world.judge(world.seen(Schedule), matchers.counts_no_failure())


@then("a person is told that no copy can be made, within the {budget:Budget}")
def failure_told(context, budget):
    """Require a message, and measure when it came."""
    world = context_world(context)
    seen = world.seen(Schedule)
    world.judge(seen, matchers.tells_of_failure())
    world.measure(seen, seen.told_after, budget)


@when("good and bad copies are tried out, and a rehearsal is made to fail")
def rehearsed(context):
    """Try copies that were harmed, let a rehearsal fail, and let one succeed."""
    world = context_world(context)
    world.note(rehearse(world.target, world.undo))


@then("a good copy is found good, and a copy that is changed, cut short or empty is not")
def good_from_bad(context):
    """Require that rehearsals can tell."""
    world = context_world(context)
    world.judge(world.seen(Rehearsals), matchers.finds_good_from_bad())


@then("a copy that is too old fails the rehearsal, and a person is told within the {budget:Budget}")
def old_refused(context, budget):
    """Require a failed rehearsal and a message, and measure when it came."""
    world = context_world(context)
    seen = world.seen(Rehearsals)
    world.judge(seen, matchers.refuses_the_old())
    world.measure(seen, seen.told_after, budget)


@then("rehearsals are written down with the copy and the person, and come by themselves")
def rehearsals_written(context):
    """Require a record of the good rehearsal, and of some that nobody asked for."""
    world = context_world(context)
    world.judge(world.seen(Rehearsals), matchers.is_written_down())


@then("the last good one that nobody asked for is within the {budget:Budget}")
def rehearsal_young(context, budget):
    """Measure how long ago the last rehearsal was."""
    world = context_world(context)
    seen = world.seen(Rehearsals)
    world.measure(seen, seen.last_unasked, budget)


@when("a thief takes a copy, and whoever has taken over another part reaches for the copies")
def stolen(context):
    """Steal a copy that holds known words, and try to reach the copies from everywhere else."""
    world = context_world(context)
    world.note(steal(world.target, world.undo))


@then("nothing in the copy, nor beside it, can be read")
def nothing_readable(context):
    """Require that known words are found nowhere, but where they were planted."""
    world = context_world(context)
    world.judge(world.seen(Theft), matchers.gives_a_thief_nothing())


@then("it opens with its key and with no other")
def one_key(context):
    """Require the right key to open it, and a wrong one not to."""
    world = context_world(context)
    world.judge(world.seen(Theft), matchers.opens_with_its_key_only())


@then("nobody but those who make copies can list, read or remove one")
def out_of_reach(context):
    """Require every other part to be refused."""
    world = context_world(context)
    world.judge(world.seen(Theft), matchers.is_out_of_reach())


@when("copies grow in number, tries fail, and the newest copies are bad")
def copies_grow(context):
    """Make, break and clear away copies in a copy of the deployment."""
    world = context_world(context)
    world.note(keep_and_remove(world.target, world.undo))


@then("as many copies are kept as promised, the newest, and no more")
def kept_as_promised(context):
    """Require the newest copies, and only them."""
    world = context_world(context)
    world.judge(world.seen(Kept), matchers.keeps_what_was_promised())


@then("the last copy that was seen to be good is never removed")
def last_good_kept(context):
    """Require the last good copy to be there beside newer bad ones."""
    world = context_world(context)
    world.judge(world.seen(Kept), matchers.never_loses_the_last_good())
