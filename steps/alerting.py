"""Who is told that something is wrong, by what, and when."""

from behave import then, when

from readiness.drills.alert_breakage import BrokenChannel, DeadAlerting
from readiness.drills.alert_routing import Routing, StormTold
from readiness.drills.telling import FaultsTold, parts_that_failed, wordings_of
from readiness.harness.world import context_world
from readiness.matchers.alert_breakage import (
    is_itself_told,
    is_made_up_for_by_the_others,
    is_noticed_by_somebody_else,
)
from readiness.matchers.alert_rules import says_whose_it_is_and_what_to_do, silences_nothing_for_ever
from readiness.matchers.alert_trials import (
    names_the_cause_first,
    reaches_whom_the_table_says,
    tells_the_other_fault_too,
    tells_what_comes_and_goes,
)
from readiness.matchers.alerting import (
    has_its_end_told_in_every_channel,
    is_told_in_every_channel,
    makes_one_message_each,
    says_what_is_needed,
)
from readiness.probes.alert_rules import RulesInForce, rules_in_force
from readiness.probes.alert_words import Wordings


@when("two parts fail at the same time, for reasons that have nothing to do with each other")
def parts_failed(context):
    """Let parts hang or go away, see who is told, mend them, see who is told of that; once in a run."""
    world = context_world(context)
    world.rehearsals.alerts.begin()
    world.note(parts_that_failed(world.target, world.undo))


@when("alerts of every kind of the routing table are raised in a copy of the alerting")
def table_raised(context):
    """Take what the copy showed of every row."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(Routing))


@then("each reaches the team that owns it, and the phone of whoever is on duty only when it is critical")
def table_kept(context):
    """Require for each row the channels that it needs, and none that it forbids."""
    world = context_world(context)
    world.judge(world.seen(Routing), reaches_whom_the_table_says())


@when(
    "the database fails with dozens of symptoms, and another part fails, and a third comes and goes, in a copy of the alerting"
)
def storm_raised(context):
    """Take what the copy showed of a storm."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(StormTold))


@then("the first message in each channel is about the database")
def cause_first(context):
    """Require the cause before any symptom."""
    world = context_world(context)
    world.judge(world.seen(StormTold), names_the_cause_first())


@then("the storm makes no more than the {budget:Budget}")
def storm_is_quiet(context, budget):
    """Measure the messages about one fault with all its symptoms."""
    world = context_world(context)
    seen = world.seen(StormTold)
    world.measure(seen, seen.most, budget)


@then("what comes and goes is told")
def flapping_told(context):
    """Require that it is told at all."""
    world = context_world(context)
    world.judge(world.seen(StormTold), tells_what_comes_and_goes())


@then("it makes no more than the {budget:Budget}")
def flapping_is_quiet(context, budget):
    """Measure the messages about what came and went."""
    world = context_world(context)
    seen = world.seen(StormTold)
    world.measure(seen, seen.most_flapping, budget)


@then("the fault of the other part is told, too")
def other_fault_told(context):
    """Require that a storm swallows nothing that does not belong to it."""
    world = context_world(context)
    world.judge(world.seen(StormTold), tells_the_other_fault_too())


@when("the mail server takes no mail, in a copy of the alerting")
def channel_broken(context):
    """Take what the copy with a broken channel showed."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(BrokenChannel))


@then("a critical alert still arrives by every other channel")
def others_arrive(context):
    """Require that no channel waits for the broken one."""
    world = context_world(context)
    world.judge(world.seen(BrokenChannel), is_made_up_for_by_the_others())


@then("these tell that mail fails")
def breakage_told(context):
    """Require that the breakage is told by what works."""
    world = context_world(context)
    world.judge(world.seen(BrokenChannel), is_itself_told())


@when("whatever evaluates the alert rules dies, in a copy of the alerting")
def evaluation_died(context):
    """Take what the copy showed when nothing evaluated the rules."""
    world = context_world(context)
    world.note(world.rehearsals.alerts.seen(DeadAlerting))


@then("a person is called for that, and was not before")
def death_told(context):
    """Require a call by somebody who does not depend on what died."""
    world = context_world(context)
    world.judge(world.seen(DeadAlerting), is_noticed_by_somebody_else())


@then("the call comes within the {budget:Budget}")
def death_told_in_time(context, budget):
    """Measure the time from the death to the call."""
    world = context_world(context)
    seen = world.seen(DeadAlerting)
    world.measure(seen, seen.seconds, budget)


@when("the messages about two faults are read")
def messages_read(context):
    """Read what the messages of the drill say."""
    world = context_world(context)
    world.note(wordings_of(world.target, parts_that_failed(world.target, world.undo)))


@then("each of the faults is told by mail, in the chat and on the phone of whoever is on duty")
def told_everywhere(context):
    """Require a message of each fault in each channel."""
    world = context_world(context)
    world.judge(world.seen(FaultsTold), is_told_in_every_channel())


@then("so is the end of each of them")
def end_told_everywhere(context):
    """Require a message of each end in each channel."""
    world = context_world(context)
    world.judge(world.seen(FaultsTold), has_its_end_told_in_every_channel())


@then("every one of these messages comes within the {budget:Budget}")
def messages_in_time(context, budget):
    """Measure the time from a fault, or its end, to the message in the last channel."""
    world = context_world(context)
    seen = world.seen(FaultsTold)
    world.measure(seen, seen.slowest, budget)


@then(
    "every message says which service it is, how serious, by what value, and where it is written what to do"
)
def messages_say(context):
    """Require the words that somebody needs who is woken up, and no secret."""
    world = context_world(context)
    world.judge(world.seen(Wordings), says_what_is_needed())


@then("each of them makes one message in each channel and one when it is over, and never one for both")
def one_message_each(context):
    """Require that neither fault is told twice, or together with the other."""
    world = context_world(context)
    world.judge(world.seen(FaultsTold), makes_one_message_each())


@when("the alert rules in force and the silences are read")
def rules_read(context):
    """Read what is evaluated, and what is not told."""
    world = context_world(context)
    world.note(rules_in_force(world.target))


@then("every rule says how serious it is, who mends it, and where it is written what to do")
def rules_say(context):
    """Require severity, owner and an instruction that is there."""
    world = context_world(context)
    world.judge(world.seen(RulesInForce), says_whose_it_is_and_what_to_do())


@then("every silence has an author, a reason and an end, and none is about everything")
def silences_end(context):
    """Require that nothing is silenced for ever, or without anybody knowing."""
    world = context_world(context)
    world.judge(world.seen(RulesInForce), silences_nothing_for_ever())
