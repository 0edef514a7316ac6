"""Calls between services: who proves to be one, and who does not."""

from behave import then, when

from readiness.drills.signed_calls import SignedCalls, call_as_services_do
from readiness.harness.world import context_world
from readiness.matchers.signed_calls import (
    are_refused_from_outside,
    are_refused_when_wrong,
    are_served_when_right,
)


@when(
    "a service's requests come signed as they should be, with each thing wrong that can be, once more, and from outside"
)
def call_in_every_way(context):
    """Call every copy as a service does, rightly and wrongly."""
    world = context_world(context)
    world.note(call_as_services_do(world.target, world.undo))


@then("a service that proves who it is is served by every copy")
def right_served(context):
    """Require the rightly signed requests to be served."""
    world = context_world(context)
    world.judge(world.seen(SignedCalls), are_served_when_right())


@then("whatever is altered, old, sent again or signed by somebody else is refused by every copy")
def wrong_refused(context):
    """Require every other request to be refused."""
    world = context_world(context)
    world.judge(world.seen(SignedCalls), are_refused_when_wrong())


@then("nobody outside passes for a service")
def outside_refused(context):
    """Require the public door to let nobody pass for a service."""
    world = context_world(context)
    world.judge(world.seen(SignedCalls), are_refused_from_outside())
