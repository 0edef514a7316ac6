"""The robot that tries each release on the customer's way."""

from behave import then, when

from readiness.drills.robot import Robot, try_the_robot
from readiness.harness.world import context_world
from readiness.matchers.robot import (
    is_content_with_a_sound_release,
    leaves_nothing_behind,
    notices_what_is_broken,
)


@when("the robot tries the release at doors at which one thing each is broken")
def tried(context):
    """Run the trial of a release at a sound door and at faulty ones."""
    world = context_world(context)
    world.note(try_the_robot(world.target))


@then("it is content where nothing is broken, and every copy runs the release that it saw")
def content(context):
    """Require success at a sound door, with every copy met."""
    world = context_world(context)
    world.judge(world.seen(Robot), is_content_with_a_sound_release())


@then("it notices each thing that is broken")
def notices(context):
    """Require a failure at each faulty door."""
    world = context_world(context)
    world.judge(world.seen(Robot), notices_what_is_broken())


@then("it leaves nothing behind")
def nothing_left(context):
    """Require that all is gone that it made."""
    world = context_world(context)
    world.judge(world.seen(Robot), leaves_nothing_behind())


@then("a trial is within the {budget:Budget}")
def trial_in_time(context, budget):
    """Measure the trial at a sound door."""
    world = context_world(context)
    seen = world.seen(Robot)
    world.measure(seen, seen.seconds, budget)
