"""Shares of the API: what a client may use in a minute, an hour and a day, and what comes of asking for more."""

from behave import then, when

from readiness.drills.flooding import Flood, flood
from readiness.drills.guessing import Guesses, guess_keys
from readiness.drills.shares import Recovery, UsedUpShares, use_up_an_hour_and_a_day, wait_for_a_new_share
from readiness.harness.world import context_world
from readiness.matchers.shares import (
    come_back_in_time,
    do_nothing_for_the_refused,
    find_nothing_by_guessing,
    get_their_hour_and_day,
    get_their_minute,
    leave_the_neighbour_alone,
)


@when("a client asks for more than a minute's share over many connections, and then pretends to be others")
def greedy_client(context):
    """Let a client with the usual share ask for more, and count what it gets."""
    world = context_world(context)
    world.note(flood(world.target, world.undo))


@then("what it is served in a minute is within the {budget:Budget}")
def served_in_a_minute(context, budget):
    """Measure how many requests of the greedy client were served."""
    world = context_world(context)
    seen = world.seen(Flood)
    world.measure(seen, seen.let_through, budget)


@then("it gets all that was agreed, is refused by every copy after that, and is told when to come back")
def minute_agreed(context):
    """Require the whole share, and after it refusals that tell a time."""
    world = context_world(context)
    world.judge(world.seen(Flood), get_their_minute())


@then("nothing is done for requests that were refused")
def nothing_done(context):
    """Require as many things to be there as requests were served."""
    world = context_world(context)
    world.judge(world.seen(Flood), do_nothing_for_the_refused())


@then("a neighbour is served meanwhile, the longest wait being within the {budget:Budget}")
def neighbour_served(context, budget):
    """Require every answer to the neighbour, and measure the slowest."""
    world = context_world(context)
    seen = world.seen(Flood)
    world.judge(seen, leave_the_neighbour_alone())
    world.measure(seen, seen.neighbours_longest, budget)


@when("a client that has used up a minute's share goes on asking")
def wait_for_new_share(context):
    """Use up a minute's share and come back until served."""
    world = context_world(context)
    world.note(wait_for_a_new_share(world.target, world.undo))


@then("it is served again when it was told, and not before")
def served_again(context):
    """Require the share to renew itself at the time that the refusal told."""
    world = context_world(context)
    world.judge(world.seen(Recovery), come_back_in_time())


@when("clients that have used nearly all of an hour's or a day's share go on asking")
def long_shares(context):
    """Book nearly all of the long shares, and ask for more than is left."""
    world = context_world(context)
    world.note(use_up_an_hour_and_a_day(world.target, world.undo))


@then("what is served in an hour is within the {budget:Budget}")
def served_in_an_hour(context, budget):
    """Measure how many requests of an hour were let through."""
    world = context_world(context)
    seen = world.seen(UsedUpShares)
    world.measure(seen, seen.hour.let_through, budget)


@then("what is served in a day is within the {budget:Budget}")
def served_in_a_day(context, budget):
    """Measure how many requests of a day were let through."""
    world = context_world(context)
    seen = world.seen(UsedUpShares)
    world.measure(seen, seen.day.let_through, budget)


@then("both get all that was agreed, and are told when to come back")
def long_shares_agreed(context):
    """Require the whole shares, and refusals that tell the right time."""
    world = context_world(context)
    world.judge(world.seen(UsedUpShares), get_their_hour_and_day())


@when("somebody tries one wrong key after the other, and then a right one")
def guess(context):
    """Try more wrong keys than are looked at, and a right one."""
    world = context_world(context)
    world.note(guess_keys(world.target, world.undo))


@then("the wrong keys that are looked at in a minute are within the {budget:Budget}")
def looked_at(context, budget):
    """Measure how many wrong keys were looked at."""
    world = context_world(context)
    seen = world.seen(Guesses)
    world.measure(seen, seen.looked_at, budget)


@then("the right one is refused like the others, and those who use theirs from there are served")
def guessing_is_useless(context):
    """Require that guessing leads nowhere and shuts nobody out."""
    world = context_world(context)
    world.judge(world.seen(Guesses), find_nothing_by_guessing())
