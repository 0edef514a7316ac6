"""Routes through the public door: where paths lead, and whom a copy takes its visitor for."""

from behave import then, when

from readiness.harness.world import context_world
from readiness.matchers.routes import know_whom_they_serve, lead_nowhere_else, lead_to_their_services
from readiness.probes.routes import Impersonation, Routes, follow_routes, pretend_to_be_somebody_else


@when("a visitor asks for everything that is published, for what is not, and for a host that nobody knows")
def ask_for_everything(context):
    """Follow every published route, and some that must lead nowhere."""
    world = context_world(context)
    world.note(follow_routes(world.target))


@then("every published route is answered by its own service")
def published_routes(context):
    """Require every published path to reach a copy of its service."""
    world = context_world(context)
    world.judge(world.seen(Routes), lead_to_their_services())


@then("whatever is not published is refused at the door")
def nothing_else_led(context):
    """Require everything else to be refused before it reaches a copy."""
    world = context_world(context)
    world.judge(world.seen(Routes), lead_nowhere_else())


@when("a visitor claims another address, host and protocol than his own")
def pretend(context):
    """Ask honestly and with forged claims, and read what the copies believe."""
    world = context_world(context)
    world.note(pretend_to_be_somebody_else(world.target))


@then("the copy that serves him knows his own, as it does those of an honest visitor")
def whom_they_serve(context):
    """Require the copies to believe the connection and not the claims."""
    world = context_world(context)
    world.judge(world.seen(Impersonation), know_whom_they_serve())
