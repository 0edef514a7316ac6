"""Logs: that they come together, are found, tell of trouble, and are kept for as long as promised."""

from behave import then, when

from readiness.drills.log_alarms import LogAlarms, UnusualRule, cause_trouble, try_the_unusual
from readiness.drills.log_collection import (
    CollectionKilled,
    LogsTogether,
    kill_the_collection,
    look_at_all_logs,
)
from readiness.drills.log_finding import FoundByEverything, RequestTraced, ask_in_every_way, trace_a_request
from readiness.drills.log_retention import LogsKept, let_lines_age
from readiness.drills.log_writers import logs_of
from readiness.harness.world import context_world
from readiness.matchers.logs import (
    finds_what_fits,
    holds_every_part,
    keeps_as_promised,
    keeps_lines_whole,
    keeps_to_its_task,
    leads_through,
    leaves_talk_alone,
    loses_nothing,
    tells_of_trouble,
    tells_usual_from_unusual,
)
from readiness.probes.log_roles import LogRolesTried, let_log_roles_try


@when("lines of every kind are written, and the newest lines of every part are looked for")
def all_logs_looked_at(context):
    """Have lines written, and compare what the engine has of every copy with what the search finds."""
    world = context_world(context)
    world.note(look_at_all_logs(world.target, world.undo))


@then("the newest lines of every part are found in one place, under its name")
def every_part_held(context):
    """Require the newest lines of every copy among those found."""
    world = context_world(context)
    world.judge(world.seen(LogsTogether), holds_every_part())


@then("every kind of line is kept whole, with its fields")
def lines_kept_whole(context):
    """Require each line as it was written, and the fields of those that are JSON."""
    world = context_world(context)
    world.judge(world.seen(LogsTogether), keeps_lines_whole())


@then("a line is found within the {budget:Budget}")
def found_in_time(context, budget):
    """Measure the time from the writing of the slowest line until it was found."""
    world = context_world(context)
    seen = world.seen(LogsTogether)
    world.measure(seen, seen.slowest, budget)


@when("those who collect and keep the logs are killed while thousands of lines are written")
def collection_killed(context):
    """Kill the collector and the store, and look for every line when both are back."""
    world = context_world(context)
    world.note(kill_the_collection(world.target, world.undo))


@then("every line is found exactly once when they are back")
def nothing_lost(context):
    """Require each numbered line once."""
    world = context_world(context)
    world.judge(world.seen(CollectionKilled), loses_nothing())


@when("lines are looked for by their text, service, level, request, time and fields")
def asked_in_every_way(context):
    """Have lines written that differ in one thing each, and ask for them by each."""
    world = context_world(context)
    world.note(ask_in_every_way(world.target, world.undo))


@then("each search finds the lines that fit, and no others")
def found_what_fits(context):
    """Require the fitting lines of every question, and a refusal of a misspelt one."""
    world = context_world(context)
    world.judge(world.seen(FoundByEverything), finds_what_fits())


@when("the lines of a customer's request are looked for")
def request_traced(context):
    """Send a request through the door, and ask for its lines."""
    world = context_world(context)
    world.note(trace_a_request(world.target))


@then("every part that it passed has told its share, and nothing of other requests is among it")
def led_through(context):
    """Require lines of every service that the request passed."""
    world = context_world(context)
    world.judge(world.seen(RequestTraced), leads_through())


@when("those who write logs down and those who search them try to do more")
def log_roles_tried(context):
    """Log in to the store as each role, and try what it needs and what it must not do."""
    world = context_world(context)
    world.note(let_log_roles_try(world.target, logs_of(world.target)))


@then("the first can only add lines, and the second can only read them")
def kept_to_their_task(context):
    """Require what each needs to be allowed, and everything else to be refused."""
    world = context_world(context)
    world.judge(world.seen(LogRolesTried), keeps_to_its_task())


@when("a part writes that it cannot go on and many errors, and another part writes much that is no trouble")
def trouble_caused(context):
    """Have both written, and look who is told of what."""
    world = context_world(context)
    world.note(cause_trouble(world.target, world.undo))


@then("people are told of the trouble and of its end, by every channel")
def told_of_trouble(context):
    """Require messages that name the part, and the rule for unusual numbers of errors to hold."""
    world = context_world(context)
    world.judge(world.seen(LogAlarms), tells_of_trouble())


@then("they are told of the trouble within the {budget:Budget}")
def told_of_trouble_in_time(context, budget):
    """Measure the time from the line to the message by the slowest channel."""
    world = context_world(context)
    seen = world.seen(LogAlarms)
    world.measure(seen, seen.slowest, budget)


@then("nobody is told of the part that only talks much")
def talk_left_alone(context):
    """Require silence about debugging lines and a single error with its stack trace."""
    world = context_world(context)
    world.judge(world.seen(LogAlarms), leaves_talk_alone())


@when("the alarm for unusual numbers of errors is tried with usual and with unusual days")
def unusual_tried(context):
    """Evaluate the rule in force on simulated time."""
    world = context_world(context)
    world.note(try_the_unusual(world.target, world.undo))


@then("it sounds for errors as never before, and not for others")
def unusual_told_apart(context):
    """Require the alarm for the unusual days, and silence for the usual ones."""
    world = context_world(context)
    world.judge(world.seen(UnusualRule), tells_usual_from_unusual())


@when("lines of many ages are there, and what is over has had time to go by itself")
def lines_aged(context):
    """Put lines of former days into the store, and look where they are a while later."""
    world = context_world(context)
    world.note(let_lines_age(world.target, world.undo))


@then("each line can be searched, is in the archive and can be read there, or is nowhere, as its age says")
def kept_as_promised(context):
    """Require each line where the promised times say."""
    world = context_world(context)
    world.judge(world.seen(LogsKept), keeps_as_promised())
