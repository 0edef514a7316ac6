"""What strangers reach from outside."""

from behave import then, when

from readiness.drills.reach import ReachedPorts, ask_for_what_operators_use, try_every_port
from readiness.harness.world import context_world
from readiness.matchers.reach import are_those_of_the_front_door


@when("a stranger tries every port from outside")
def every_port_tried(context):
    """Try every TCP port over each kind of address."""
    world = context_world(context)
    world.note(try_every_port(world.target, world.undo))


@then("he reaches the front door, and nothing else of ours")
def only_the_front_door(context):
    """Require the ports of the front door, and no others of the deployment."""
    world = context_world(context)
    world.judge(world.seen(ReachedPorts), are_those_of_the_front_door())


@when("a stranger asks the front door for what operators use")
def operators_things_asked(context):
    """Ask for operators' paths, by our name and by those of the parts behind the door."""
    world = context_world(context)
    world.note(ask_for_what_operators_use(world.target))
