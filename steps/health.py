"""Health: copies that freeze, copies that answer only errors, copies whose database is away."""

from behave import then, when

from readiness.drills.freezing import Freezing, freeze_one_copy
from readiness.drills.impostor import Impostor, let_an_impostor_answer
from readiness.drills.outage import Outage, take_the_database_away
from readiness.harness.world import context_world
from readiness.matchers.copies import copies_step_aside_alive, customers_are_refused_or_served
from readiness.matchers.health import calls_the_impostor_unhealthy, is_noticed_in_time


@when("one copy of the service freezes")
def freeze(context):
    """Freeze one copy and watch what the platform does."""
    world = context_world(context)
    world.note(freeze_one_copy(world.target, world.undo))


@then("the platform notices within the time that its own health check allows")
def noticed(context):
    """Require the frozen copy to be noticed in time."""
    world = context_world(context)
    world.judge(world.seen(Freezing), is_noticed_in_time())


@then("a new copy serves customers within the {budget:Budget}")
def replacement_time(context, budget):
    """Measure from the freeze to the new copy's first right answer."""
    world = context_world(context)
    seen = world.seen(Freezing)
    world.measure(seen, seen.replaced_after, budget)


@when("an impostor of the service turns from good answers to errors for every request")
def impostor(context):
    """Put an impostor under the service's health check, first answering well, then with errors."""
    world = context_world(context)
    world.note(let_an_impostor_answer(world.target, world.undo))


@then("the service's own health check, content before, calls the impostor unhealthy")
def impostor_unhealthy(context):
    """Require the health check not to believe errors."""
    world = context_world(context)
    world.judge(world.seen(Impostor), calls_the_impostor_unhealthy())


@when("the database is away for longer than a health check needs")
def outage(context):
    """Take the database away and bring it back while customers use the service."""
    world = context_world(context)
    world.note(take_the_database_away(world.target, world.undo))


@then("every customer is served rightly or clearly refused")
def clear_refusal(context):
    """Require no wrong content, no error and no silence during the outage."""
    world = context_world(context)
    world.judge(world.seen(Outage), customers_are_refused_or_served())


@then("the slowest of these answers is within the {budget:Budget}")
def quick_refusal(context, budget):
    """Measure the slowest answer during the outage."""
    world = context_world(context)
    seen = world.seen(Outage)
    world.measure(seen, seen.slowest_answer, budget)


@then("every copy says that it is not ready, and none is killed")
def step_aside(context):
    """Require every copy to step aside without being killed."""
    world = context_world(context)
    world.judge(world.seen(Outage), copies_step_aside_alive())


@then("customers are served again within the {budget:Budget}")
def recovery(context, budget):
    """Measure from the database's return to the first whole journey."""
    world = context_world(context)
    seen = world.seen(Outage)
    world.measure(seen, seen.recovery, budget)
