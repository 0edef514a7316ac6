"""Warnings that something runs full, and alarms that look at nothing."""

from behave import then, when

from readiness.drills.capacity import AlarmsLookAt, Warned, look_at_alarms, try_warnings
from readiness.harness.world import context_world
from readiness.matchers.capacity import come_in_time, look_at_what_exists


@when("every warning about capacity is tried just above and just below its limit")
def warnings_tried(context):
    """Try the rules in force on simulated time."""
    world = context_world(context)
    world.note(try_warnings(world.target, world.undo, world.budgets))


@then("those about the {about} come beyond the {threshold:Budget}, after the {window:Budget}, and not before")
def warnings_in_time(context, about, threshold, window):
    """Require the warnings about one thing to be timely; the numbers are those that they were tried with."""
    world = context_world(context)
    sentence = f"warnings about the {about} come beyond {threshold.limit_text}, after {window.limit_text}"
    world.judge(world.seen(Warned), come_in_time(about, sentence))


@then("somebody is told hours before a disk is full, and not of one that keeps its level")
def told_ahead(context):
    """Require the warning that looks ahead to be timely."""
    world = context_world(context)
    world.judge(world.seen(Warned), come_in_time("filling", "the warning comes before the disk is full"))


@then("those about the database come beyond their limits, and not before")
def database_warnings_in_time(context):
    """Require the warnings about the database to be timely."""
    world = context_world(context)
    world.judge(world.seen(Warned), come_in_time("database", "warnings about the database come in time"))


@when("every alarm is held against what is measured")
def alarms_held(context):
    """Ask for every series that an alarm looks at."""
    world = context_world(context)
    world.note(look_at_alarms(world.target, world.undo))


@then("each looks at something that is measured, or that its own fault brings about")
def alarms_alive(context):
    """Require no alarm to be dead."""
    world = context_world(context)
    world.judge(world.seen(AlarmsLookAt), look_at_what_exists())
