"""Visitors at the public door: how they are shared among copies, and what becomes of those of a sick copy."""

from behave import then, when

from readiness.drills.eviction import Eviction, freeze_one_of_many
from readiness.drills.sharing import Shares, share_visitors
from readiness.harness.world import context_world
from readiness.matchers.sharing import (
    are_all_served_by_copies,
    is_followed_by_a_copy_that_serves,
    lets_readers_and_writers_through,
)
from readiness.report.pictures import picture_of_shares


@when("{count:d} visitors come, half of them over connections that they keep")
def many_visitors(context, count):
    """Send visitors through the door and count who serves them."""
    world = context_world(context)
    seen = share_visitors(world.target, count)
    world.note(seen)
    world.evidence.keep_picture("visitors of each copy", picture_of_shares(seen))


@then("every visitor is served by a copy of the service")
def all_served(context):
    """Require the right answer from a copy for every visitor."""
    world = context_world(context)
    world.judge(world.seen(Shares), are_all_served_by_copies())


@then("what the least visited copy gets of an equal share is within the {budget:Budget}")
def smallest_share(context, budget):
    """Measure the smallest share, over kept and over new connections."""
    world = context_world(context)
    seen = world.seen(Shares)
    world.measure(seen, seen.smallest, budget)


@when("one copy freezes while customers read and write")
def freeze_among_customers(context):
    """Freeze one copy while customers keep coming."""
    world = context_world(context)
    world.note(freeze_one_of_many(world.target, world.undo))


@then("readers and writers are served by the other copies")
def others_serve(context):
    """Require right answers for readers and for writers meanwhile."""
    world = context_world(context)
    world.judge(world.seen(Eviction), lets_readers_and_writers_through())


@then("the last customer who meets the frozen copy is within the {budget:Budget}")
def last_to_meet_it(context, budget):
    """Measure when the last customer asked who was kept waiting, refused or misled."""
    world = context_world(context)
    seen = world.seen(Eviction)
    world.measure(seen, seen.freed_after, budget, seen.last_held_up)


@then("the copy that replaces it serves customers")
def successor_serves(context):
    """Require a right answer of the new copy to a customer at the door."""
    world = context_world(context)
    world.judge(world.seen(Eviction), is_followed_by_a_copy_that_serves())
