"""The service grows and shrinks by itself: with its customers, with its memory, and not without measurements."""

from behave import then, when

from readiness.drills.fullness import Fullness, fill_all_copies
from readiness.drills.growth import Growth, let_customers_come_and_go
from readiness.drills.sizing import agreed_in
from readiness.harness.world import context_world
from readiness.matchers.scaling import (
    follows_the_customers_who_stay,
    grows_to_its_most_and_no_further,
    is_explained_by_decisions,
    keeps_its_size_while_nothing_is_measured,
    serves_with_every_added_copy,
)
from readiness.report.timelines import picture_of_growth


@when("a rush of customers passes, and later customers come to stay for a while and leave")
def customers_come_and_go(context):
    """Send customers in a rush and for a while, and watch the number of copies until it is back."""
    world = context_world(context)
    seen = let_customers_come_and_go(world.target, world.undo, agreed_in(world.budgets))
    world.note(seen)
    world.evidence.keep_picture("copies through the visit", picture_of_growth(seen))


@then("the number of copies follows the customers who stay, and nothing else")
def follows_customers(context):
    """Require growth while customers stay, shrinking after them, and no other change."""
    world = context_world(context)
    world.judge(world.seen(Growth), follows_the_customers_who_stay())


@then("the first customer of an added copy is served within the {budget:Budget}")
def first_served(context, budget):
    """Measure the time from when customers begin to stay until an added copy has served one."""
    world = context_world(context)
    seen = world.seen(Growth)
    world.measure(seen, seen.first_served, budget)


@then("what the copies use when the service grows is above the {budget:Budget}")
def driven_above(context, budget):
    """Measure what the copies used of their processor limit just before the service grew."""
    world = context_world(context)
    seen = world.seen(Growth)
    world.measure(seen, seen.driven, budget)


@then("every added copy serves customers, and nobody is turned away")
def added_copies_serve(context):
    """Require right answers from every added copy, and no other answers to anybody."""
    world = context_world(context)
    world.judge(world.seen(Growth), serves_with_every_added_copy())


@then("a logged decision that tells what was measured stands behind each change of size")
def decisions_explain(context):
    """Require a true decision for every change while customers came and went."""
    world = context_world(context)
    world.judge(world.seen(Growth), is_explained_by_decisions(agreed_in(world.budgets)))


@when("the memory of all copies fills up, just below the largest size, and for a while nothing is measured")
def memory_fills_up(context):
    """Fill the memory of all copies while measuring is stopped, and watch what follows."""
    world = context_world(context)
    world.note(fill_all_copies(world.target, world.undo, agreed_in(world.budgets)))


@then("the service keeps its size while nothing is measured")
def keeps_size(context):
    """Require no change of size while measuring was stopped."""
    world = context_world(context)
    world.judge(world.seen(Fullness), keeps_its_size_while_nothing_is_measured())


@then("full memory alone lets the service grow to its largest size, and no further")
def grows_by_memory(context):
    """Require growth to the largest size of the profile."""
    world = context_world(context)
    world.judge(world.seen(Fullness), grows_to_its_most_and_no_further())


@then("the largest size is within the {budget:Budget}")
def largest_size(context, budget):
    """Measure the most copies that were asked for at once."""
    world = context_world(context)
    seen = world.seen(Fullness)
    world.measure(seen, seen.largest, budget)


@then("the memory that is full when the service grows is above the {budget:Budget}")
def filled_above(context, budget):
    """Measure what the copies used of their memory limit just before the service grew."""
    world = context_world(context)
    seen = world.seen(Fullness)
    world.measure(seen, seen.filled, budget)


@then("a logged decision that tells how full the copies are stands behind this growth")
def memory_decision_explains(context):
    """Require a true decision for the growth by memory."""
    world = context_world(context)
    world.judge(world.seen(Fullness), is_explained_by_decisions(agreed_in(world.budgets)))
