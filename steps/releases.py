"""Releases: how they go out and are taken back while customers use the service."""

from behave import then, when

from readiness.drills.releasing import Release, released_once
from readiness.harness.world import context_world
from readiness.matchers.releases import (
    always_has_its_copies,
    is_served_without_a_fault,
    keeps_every_write_once,
    moves_from_old_to_new_once,
    runs_what_was_built,
    sends_nothing_twice,
)
from readiness.report.release_timeline import picture_of_a_release


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
