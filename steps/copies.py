"""Copies of the service: their limits, their neighbours, what they cost while idle."""

from behave import then, when

from readiness.drills.overeating import Overeating, let_a_clone_overeat
from readiness.harness.world import context_world
from readiness.matchers.copies import every_customer_is_served, neighbours_are_left_alone
from readiness.matchers.limits import ends_for_want_of_memory, every_copy_is_limited
from readiness.probes.copies import LimitsInForce, look_at_limits
from readiness.probes.idle import IdleCopies, watch_idle_copies


@when("the limits in force are read inside every copy")
def read_limits(context):
    """Look at the control group of every running copy."""
    world = context_world(context)
    world.note(look_at_limits(world.target))


@then("no copy goes without limits")
def every_copy_limited(context):
    """Require a memory and a processor limit in force in each copy."""
    world = context_world(context)
    world.judge(world.seen(LimitsInForce), every_copy_is_limited())


@then("the most generous memory limit is within the {budget:Budget}")
def memory_limit(context, budget):
    """Measure the largest memory limit in force."""
    world = context_world(context)
    seen = world.seen(LimitsInForce)
    world.measure(seen, seen.largest_memory, budget)


@then("the most generous processor limit is within the {budget:Budget}")
def processor_limit(context, budget):
    """Measure the largest processor limit in force."""
    world = context_world(context)
    seen = world.seen(LimitsInForce)
    world.measure(seen, seen.largest_cpu, budget)


@when("a clone of the service takes a fifth more memory than its limit")
def overeat(context):
    """Let a clone of the service overeat while customers use the service."""
    world = context_world(context)
    planned = world.budgets.by_id("memory_limit").limit.value
    world.note(let_a_clone_overeat(world.target, world.undo, planned))


@then("the platform ends the clone for want of memory and starts it again")
def clone_ends(context):
    """Require the kernel's end of the clone and the platform's new start."""
    world = context_world(context)
    world.judge(world.seen(Overeating), ends_for_want_of_memory())


@then("the clone's neighbours are left alone")
def neighbours(context):
    """Require the service's own copies to be the same as before."""
    world = context_world(context)
    world.judge(world.seen(Overeating), neighbours_are_left_alone())


@then("every customer is served meanwhile")
def customers_served(context):
    """Require the right answer for everyone who came during the drill."""
    world = context_world(context)
    world.judge(world.seen(Overeating), every_customer_is_served())


@when("the copies are watched while nobody uses them")
def watch_idle(context):
    """Sample what every copy uses while nobody asks it anything."""
    world = context_world(context)
    planned = world.budgets.by_id("memory_limit").limit.value
    settled = world.budgets.by_id("idle_memory_growth").limit.value
    world.note(watch_idle_copies(world.target, planned, settled))


@then("the busiest copy is within the {budget:Budget}")
def idle_processor(context, budget):
    """Measure the processor use of the busiest copy."""
    world = context_world(context)
    seen = world.seen(IdleCopies)
    world.measure(seen, seen.busiest_cpu, budget)


@then("the fullest copy is within the {budget:Budget}")
def idle_memory(context, budget):
    """Measure the share of its limit that the fullest copy uses."""
    world = context_world(context)
    seen = world.seen(IdleCopies)
    world.measure(seen, seen.largest_share, budget)


@then("the fastest growing copy is within the {budget:Budget}")
def idle_growth(context, budget):
    """Measure the memory growth of the copy that grows fastest."""
    world = context_world(context)
    seen = world.seen(IdleCopies)
    world.measure(seen, seen.fastest_growth, budget)
