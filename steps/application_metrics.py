"""What the application counts, of its requests and of its business."""

from behave import then, when

from readiness.drills.bookkeeping import Books, keep_books
from readiness.drills.counting import CountedRequests, count_requests
from readiness.drills.measuring import MeasuringCosts, weigh_measuring
from readiness.drills.replacing import Replaced, replace_a_copy
from readiness.harness.world import context_world
from readiness.matchers.books import equal_the_books, leave_failures_out, stay_few
from readiness.matchers.counted import (
    counts_what_happened,
    neither_loses_nor_invents,
    sees_every_copy,
    times_what_happened,
)


@when("a known mix of requests is sent, right ones, refused ones and failing ones")
def mix_sent(context):
    """Send every call of the API, and what is refused or fails, and read what was counted."""
    world = context_world(context)
    world.note(count_requests(world.target, world.undo))


@then("every copy is looked at by itself")
def every_copy_seen(context):
    """Require one look at each copy, and none at anything else."""
    world = context_world(context)
    world.judge(world.seen(CountedRequests), sees_every_copy())


@then("what is counted is what was sent, route by route and copy by copy")
def counted(context):
    """Require the counters to have grown by what was sent."""
    world = context_world(context)
    world.judge(world.seen(CountedRequests), counts_what_happened())


@then("each request has one response time")
def timed(context):
    """Require the histogram to have as many times as there were requests."""
    world = context_world(context)
    world.judge(world.seen(CountedRequests), times_what_happened())


@when("a copy is killed and replaced while customers ask")
def copy_replaced(context):
    """Kill a copy under customers, and read what is shown until its successor is seen."""
    world = context_world(context)
    world.note(replace_a_copy(world.target, world.undo))


@then("the numbers neither fall below what happened nor jump above it")
def no_jumps(context):
    """Require rates between nothing and what was asked, and the new copy to be counted from its first request."""
    world = context_world(context)
    world.judge(world.seen(Replaced), neither_loses_nor_invents())


@when("it is weighed what a copy spends on being measured")
def measuring_weighed(context):
    """Ask every copy for its numbers many times and read what processor time that took."""
    world = context_world(context)
    world.note(weigh_measuring(world.target, world.undo))


@then("the dearest copy is within the {budget:Budget}")
def overhead(context, budget):
    """Measure the share of the processors that a copy spends on being measured."""
    world = context_world(context)
    seen = world.seen(MeasuringCosts)
    world.measure(seen, seen.largest_share, budget)


@when("customers record things, fail to, and repeat their requests")
def books_kept(context):
    """Make things, some twice, some not at all, and read the counter, the books and the report."""
    world = context_world(context)
    world.note(keep_books(world.target, world.undo))


@then("the numbers equal the books and the report, and repeated requests count once")
def books_equal(context):
    """Require the counter, the database and the API to tell of what was made."""
    world = context_world(context)
    world.judge(world.seen(Books), equal_the_books())


@then("nothing that failed is counted")
def failures_left_out(context):
    """Require the counter to stand still while requests fail."""
    world = context_world(context)
    world.judge(world.seen(Books), leave_failures_out())


@then("the last thing is counted within the {budget:Budget}")
def soon_counted(context, budget):
    """Measure the time from the last commit until it is counted."""
    world = context_world(context)
    seen = world.seen(Books)
    world.measure(seen, seen.age, budget)


@then("new customers make no new series")
def few_series(context):
    """Require that no series came with the customers."""
    world = context_world(context)
    world.judge(world.seen(Books), stay_few())
