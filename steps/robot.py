"""The robot that walks the customers' way, and how a request is followed."""

from behave import then, when

from readiness.drills.customer_robot import RobotSeen, break_the_way
from readiness.drills.tracing import Followed, follow_requests
from readiness.harness.world import context_world
from readiness.matchers.customer_robot import (
    calls_somebody,
    can_be_followed,
    names_the_broken_step,
    walks_all_the_time,
)


@when("one step of the customers' way breaks after the other")
def way_broken(context):
    """Break steps one by one, and read what the robot says."""
    world = context_world(context)
    world.note(break_the_way(world.target, world.undo))


@then("a robot walks the customers' whole way all the time")
def walks(context):
    """Require a walk within its interval, on which everything worked."""
    world = context_world(context)
    world.judge(world.seen(RobotSeen), walks_all_the_time())


@then("it names each step that breaks, while the door answers")
def names_steps(context):
    """Require the robot to call exactly the broken step broken."""
    world = context_world(context)
    world.judge(world.seen(RobotSeen), names_the_broken_step())


@then("an alarm sounds while a step is broken, and ends with it")
def alarm_sounds(context):
    """Require the alarm while a step is broken, and silence afterwards."""
    world = context_world(context)
    world.judge(world.seen(RobotSeen), calls_somebody())


@when("customers send requests under a name of their own choice")
def requests_sent(context):
    """Send requests that claim an id, and look for the ids they were given."""
    world = context_world(context)
    world.note(follow_requests(world.target))


@then("the id that the door gave each stands in every log on its way")
def followed(context):
    """Require one id in the logs of the door, the service and the database."""
    world = context_world(context)
    world.judge(world.seen(Followed), can_be_followed())
