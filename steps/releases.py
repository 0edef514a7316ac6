"""Releases: how they go out and are taken back while customers use the service."""

from behave import then, when

from readiness.drills.bad_releases import BadReleases, release_bad_once
from readiness.drills.releasing import Release, released_once
from readiness.harness.world import context_world
from readiness.matchers.releases import (
    always_has_its_copies,
    are_told_to_people,
    are_undone,
    is_served_without_a_fault,
    is_undone_for_failing_customers,
    keeps_every_write_once,
    loses_nothing_meanwhile,
    moves_from_old_to_new_once,
    runs_what_was_built,
    sends_nothing_twice,
)
from readiness.report.release_timeline import picture_of_a_release, picture_of_bad_releases


@when("a release goes out and is taken back while customers of every kind use the service")
def release(context):
    """Deploy a release that differs in one line, and roll it back, under traffic."""
    world = context_world(context)
    seen = released_once(world.target, world.undo)
    world.note(seen)
    world.evidence.keep_picture("customers through the release", picture_of_a_release(seen))


@then("every customer is served, whatever he does and however long it takes")
def served(context):
    """Require the right answer to every request."""
    world = context_world(context)
    world.judge(world.seen(Release), is_served_without_a_fault())


@then("everything that customers wrote is there, and once")
def kept_once(context):
    """Require every acknowledged write in the database, and none twice."""
    world = context_world(context)
    world.judge(world.seen(Release), keeps_every_write_once())


@then("the door sends no request a second time")
def sent_once(context):
    """Require that no retry hid a fault."""
    world = context_world(context)
    world.judge(world.seen(Release), sends_nothing_twice())


@then("visitors move to the new release, and never back before it is taken back")
def moved(context):
    """Require the releases in their order, by what each answer says."""
    world = context_world(context)
    world.judge(world.seen(Release), moves_from_old_to_new_once())


@then("there are never fewer healthy copies than before")
def enough_copies(context):
    """Require as many healthy copies at every look."""
    world = context_world(context)
    world.judge(world.seen(Release), always_has_its_copies())


@then("every copy runs exactly what was released, and afterwards what ran before")
def runs_it(context):
    """Require the released image in every copy, by its digest."""
    world = context_world(context)
    world.judge(world.seen(Release), runs_what_was_built())


@then("the release is out within the {budget:Budget}")
def out_in_time(context, budget):
    """Measure the procedure that releases."""
    world = context_world(context)
    seen = world.seen(Release)
    world.measure(seen, seen.out.seconds, budget)


@then("the former release is back within the {budget:Budget}")
def back_in_time(context, budget):
    """Measure the procedure that takes a release back."""
    world = context_world(context)
    seen = world.seen(Release)
    world.measure(seen, seen.back.seconds, budget)


@when("bad releases of every kind go out")
def release_bad(context):
    """Let a bad release of each kind out, some of them side by side."""
    world = context_world(context)
    seen = release_bad_once(world.target, world.undo)
    world.note(seen)
    world.evidence.keep_picture("customers through bad releases", picture_of_bad_releases(seen))


@then("each of them is tried and undone, and what ran before goes on")
def undone(context):
    """Require the former release after each."""
    world = context_world(context)
    world.judge(world.seen(BadReleases), are_undone())


@then("the slowest is undone within the {budget:Budget}")
def undone_in_time(context, budget):
    """Measure from the begin of the release until what ran before runs again."""
    world = context_world(context)
    seen = world.seen(BadReleases)
    world.measure(seen, seen.slowest.seconds, budget, seen.slowest.kind)


@then("whoever released it is told, and so are people on call")
def told(context):
    """Require a procedure that fails, and a message."""
    world = context_world(context)
    world.judge(world.seen(BadReleases), are_told_to_people())


@then("the share of customers' requests that fail meanwhile is within the {budget:Budget}")
def few_fail(context, budget):
    """Measure the largest share of failed requests while a bad release was out."""
    world = context_world(context)
    seen = world.seen(BadReleases)
    world.measure(seen, seen.failed_share, budget)


@then("nothing that customers wrote meanwhile is lost")
def nothing_lost(context):
    """Require every acknowledged write in the database."""
    world = context_world(context)
    world.judge(world.seen(BadReleases), loses_nothing_meanwhile())


@then("the release that fails customers is undone, and people are told")
def failing_undone(context):
    """Require the former release after one that is healthy and fails customers."""
    world = context_world(context)
    world.judge(world.seen(BadReleases), is_undone_for_failing_customers())
