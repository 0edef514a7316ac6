"""Who is called when something is wrong, and what is kept of it."""

from behave import then, when

from readiness.drills.alert_lifecycle import Escalation, LifeOfAnIncident, ServiceDown
from readiness.drills.telling import FaultsTold, Record, record_of
from readiness.harness.world import context_world
from readiness.matchers.alert_breakage import loses_nothing_while_down
from readiness.matchers.alert_rules import leaves_no_minute_uncovered
from readiness.matchers.alert_trials import (
    asks_for_a_review,
    calls_the_next_until_somebody_answers,
    keeps_one_incident_for_one_problem,
)
from readiness.matchers.alerting import computes_its_figures, makes_one_incident_each
from readiness.probes.alert_rules import DutyRoster, duty_roster


@when("nobody answers a critical alert and somebody answers another one, in a copy whose minutes are short")
def calls_seen(context):
    """Take what the copy showed of its calls."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(Escalation))


@then("the next person is called while nobody answers, and nobody else once somebody did")
def escalated(context):
    """Require the calls in the order of the schedule, and their end."""
    world = context_world(context)
    world.judge(world.seen(Escalation), calls_the_next_until_somebody_answers())


@then("the second person is called within the {budget:Budget}")
def second_called(context, budget):
    """Measure the time until the second call, in the deployment's own minutes."""
    world = context_world(context)
    seen = world.seen(Escalation)
    world.measure(seen, seen.second_after, budget)


@then("the third person is called within the {budget:Budget}")
def third_called(context, budget):
    """Measure the time until the third call, in the deployment's own minutes."""
    world = context_world(context)
    seen = world.seen(Escalation)
    world.measure(seen, seen.third_after, budget)


@when(
    "a problem is told three times, ends, comes back at once, ends, and comes back late, in a copy of the alerting"
)
def incident_lived(context):
    """Take what the copy showed of an incident's life."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(LifeOfAnIncident))


@then("all of it is one incident, but for the late return, which is another")
def one_incident_for_one_problem(context):
    """Require that incidents follow problems, not messages."""
    world = context_world(context)
    world.judge(world.seen(LifeOfAnIncident), keeps_one_incident_for_one_problem())


@then("it is overdue when nobody has reviewed it for a week, and not before, and not once it was reviewed")
def review_asked_for(context):
    """Require that lessons are asked for."""
    world = context_world(context)
    world.judge(world.seen(LifeOfAnIncident), asks_for_a_review())


@when("an alert is raised while the on-call service is down, in a copy of the alerting")
def raised_while_down(context):
    """Take what the copy showed of an outage of the on-call service."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(ServiceDown))


@then("nothing is lost: the incidents are there as before, and the alert becomes one, and somebody is called")
def nothing_lost(context):
    """Require that both incidents and alerts outlive an outage."""
    world = context_world(context)
    world.judge(world.seen(ServiceDown), loses_nothing_while_down())


@then("each of them has one incident with its severity and links, closed with the time that it lasted")
def one_incident_each(context):
    """Require exactly one incident for each fault."""
    world = context_world(context)
    world.judge(world.seen(FaultsTold), makes_one_incident_each())


@when("it is asked who is on duty at every minute of the coming year, changes of the clocks included")
def roster_read(context):
    """Read the schedule of the on-call service."""
    world = context_world(context)
    world.note(duty_roster(world.target))


@then("at every minute three people are on duty who can be reached apart")
def nobody_missing(context):
    """Require that no minute is without three people."""
    world = context_world(context)
    world.judge(world.seen(DutyRoster), leaves_no_minute_uncovered())


@when("the incidents are read")
def incidents_read(context):
    """Read all incidents and the figures computed from them."""
    world = context_world(context)
    world.note(record_of(world.target))


@then("the mean times to answer and to recover follow from them")
def figures_follow(context):
    """Require that the figures are those of the incidents."""
    world = context_world(context)
    world.judge(world.seen(Record), computes_its_figures())
