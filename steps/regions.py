"""Regions: what each has, and what becomes of customers when one is lost."""

from behave import given, then, when

from readiness.drills.regions import RegionLosses, lose_every_region
from readiness.harness.world import context_world
from readiness.matchers.regions import (
    are_taken_over,
    have_what_customers_need,
    let_customers_in_everywhere,
    lose_nothing_acknowledged,
    take_part_again,
)
from readiness.probes.regions import RegionsAtRest, look_at_regions, regions_of
from readiness.report.losses import picture_of_losses


@given("what would be lost with a region is known")
def known_limits(context):
    """Show as gaps what the profile says would not survive, or is not like production here."""
    world = context_world(context)
    world.admit(regions_of(world.target).unproven)


@when("the copies and the doors of every region are looked at")
def look(context):
    """Count copies by region, and walk a journey through each door."""
    world = context_world(context)
    world.note(look_at_regions(world.target))


@then("every region has copies of what customers need")
def has_copies(context):
    """Require a copy of each service in each region."""
    world = context_world(context)
    world.judge(world.seen(RegionsAtRest), have_what_customers_need())


@then("the door of every region serves customers")
def doors_serve(context):
    """Require a whole journey through each door by itself."""
    world = context_world(context)
    world.judge(world.seen(RegionsAtRest), let_customers_in_everywhere())


@when("every region in turn is lost at once while customers read and write, and comes back")
def lose_each(context):
    """Lose each region while customers write, let the operator take over, bring the region back."""
    world = context_world(context)
    seen = lose_every_region(world.target, world.undo)
    world.note(seen)
    world.evidence.keep_picture("regions while each is lost", picture_of_losses(seen))


@then("another region takes over each time")
def taken_over(context):
    """Require customers to be served and copies to be replaced after each loss."""
    world = context_world(context)
    world.judge(world.seen(RegionLosses), are_taken_over())


@then("the last customer who meets the loss is within the {budget:Budget}")
def trouble(context, budget):
    """Measure how long wrong or missing answers went on, at the worst loss."""
    world = context_world(context)
    seen = world.seen(RegionLosses)
    world.measure(seen, seen.longest_trouble, budget)


@then("the lost copies are replaced within the {budget:Budget}")
def replacement(context, budget):
    """Measure until the remaining regions had the copies that were lost."""
    world = context_world(context)
    seen = world.seen(RegionLosses)
    world.measure(seen, seen.slowest_replacement, budget)


@then("nothing that was acknowledged to a customer is lost")
def nothing_lost(context):
    """Require everything acknowledged to be there after the return."""
    world = context_world(context)
    world.judge(world.seen(RegionLosses), lose_nothing_acknowledged())


@then("every region takes part again after its return")
def again(context):
    """Require copies of everything in every region after each return."""
    world = context_world(context)
    world.judge(world.seen(RegionLosses), take_part_again())
