"""The dashboards, as operators see them."""

from behave import then, when

from readiness.drills.dashboards import DashboardsSeen, open_dashboards
from readiness.harness.world import context_world
from readiness.matchers.dashboards import have_no_empty_panel, show_what_goes_wrong


@when("operators open each dashboard in a browser, and again while customers cannot take a step")
def opened(context):
    """Open every dashboard in a real browser, twice, and keep what was on the screen."""
    world = context_world(context)
    seen, pictures = open_dashboards(world.target, world.undo)
    world.note(seen)
    world.evidence.keep_pictures(pictures)


@then("no panel of a dashboard is empty")
def none_empty(context):
    """Require every panel to show something."""
    world = context_world(context)
    world.judge(world.seen(DashboardsSeen), have_no_empty_panel())


@then("the slowest dashboard is complete within the {budget:Budget}")
def soon_complete(context, budget):
    """Measure the time until no panel is empty any more."""
    world = context_world(context)
    seen = world.seen(DashboardsSeen)
    world.measure(seen, seen.slowest, budget)


@then("the panels that show it change while customers cannot take a step")
def shows_trouble(context):
    """Require a panel to tell of the broken step."""
    world = context_world(context)
    world.judge(world.seen(DashboardsSeen), show_what_goes_wrong())
