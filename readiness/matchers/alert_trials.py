"""What is required of routes, calls and incidents, as they were tried in a copy of the alerting."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.alerting import CHANNELS
from readiness.drills.alert_lifecycle import Escalation, LifeOfAnIncident
from readiness.drills.alert_routing import Routing, StormTold
from readiness.matchers.requirement import Requirement, Violation, requires

CALLED = 3
WORDS = ("first", "second", "third")


def reaches_whom_the_table_says() -> Requirement[Routing]:
    """Each row is told to its team by the channels that it names, and by none that it forbids."""
    return requires(
        "every alert of the table reaches the team that owns it, by the channels that it needs", _misrouted
    )


def names_the_cause_first() -> Requirement[StormTold]:
    """The first message of a storm names its cause, in each channel."""
    return requires("the first message is about the cause", _cause_late)


def tells_the_other_fault_too() -> Requirement[StormTold]:
    """What has nothing to do with a storm is told although there is one."""
    return requires("a fault that has nothing to do with it is told, too", _swallowed)


def tells_what_comes_and_goes() -> Requirement[StormTold]:
    """What comes and goes is told when it comes first."""
    return requires("what comes and goes is told", _swallowed_flapping)


def calls_the_next_until_somebody_answers() -> Requirement[Escalation]:
    """Three different people are called in the order of the schedule, and only the first where he answered."""
    return requires(
        "the next person is called while nobody answers, and nobody else once somebody did", _not_escalated
    )


def keeps_one_incident_for_one_problem() -> Requirement[LifeOfAnIncident]:
    """Repetitions update it, the end closes it, a quick return joins it, a late one does not."""
    return requires(
        "repetitions update one incident, the end closes it, and only a problem that soon comes back joins it",
        _mixed_up,
    )


def asks_for_a_review() -> Requirement[LifeOfAnIncident]:
    """The review of a critical incident is overdue after a week, not at once, and not when it was made."""
    return requires("a critical incident that nobody reviewed is overdue after a week", _unreviewed)


def _misrouted(seen: Routing) -> Iterator[Violation]:
    for each in seen.rows:
        row, where = (
            each.row,
            f"{each.row.name} ({each.row.labels['alertname']}, {each.row.labels['severity']})",
        )
        for channel in row.by:
            team = seen.phone if channel == "phone" else seen.teams[row.team][channel]
            if team not in each.told[channel]:
                yield Violation(
                    f"{where}, by {channel}", f"told to {team}", f"told to {', '.join(each.told[channel]) or 'nobody'}",
                    "mend the routes of the alerts",
                )  # fmt: skip
        if each.shared:
            yield Violation(
                where, "a message of its own", "one for another alert, too", "group by what is at fault, too"
            )
        for channel in row.never:
            if each.told[channel]:
                yield Violation(
                    f"{where}, by {channel}",
                    "told to nobody",
                    f"told to {', '.join(each.told[channel])}",
                    "mend the routes of the alerts",
                )
        for channel in CHANNELS:
            teams = {
                name: where_to.get(channel, "") for name, where_to in seen.teams.items() if name != row.team
            }
            wrong = [name for name, address in teams.items() if address in each.told[channel]]
            if wrong and not row.never:
                yield Violation(
                    f"{where}, by {channel}",
                    f"told to {row.team} only",
                    f"told to {', '.join(wrong)}",
                    "lead it to its owner only",
                )


def _cause_late(seen: StormTold) -> Iterator[Violation]:
    for channel, messages in seen.told.items():
        about = [each for each in messages if seen.unrelated not in each.words]
        if not about or seen.cause not in about[0].words:
            first = (about[0].subject or about[0].text[:80]) if about else "no message"
            yield Violation(
                f"storm, by {channel}",
                "a first message about the cause",
                first,
                "let the cause silence its symptoms",
            )


def _swallowed(seen: StormTold) -> Iterator[Violation]:
    told = [each for messages in seen.told.values() for each in messages]
    if not any(seen.unrelated in each.words for each in told):
        yield Violation(
            "another fault beside the storm",
            "a message about it",
            "none",
            "let a fault silence only what follows from it",
        )
    elif all(seen.unrelated not in each.words or seen.cause in each.words for each in told):
        yield Violation(
            "another fault beside the storm",
            "a message of its own",
            "one with the storm's cause",
            "group by what is at fault",
        )


def _swallowed_flapping(seen: StormTold) -> Iterator[Violation]:
    for channel, messages in seen.flapping.items():
        if not messages:
            yield Violation(f"what comes and goes, by {channel}", "a message about it", "none", "tell it when it comes first")


def _not_escalated(seen: Escalation) -> Iterator[Violation]:
    people = seen.on_duty[:CALLED]
    if len({each.phone for each in people}) < CALLED:
        yield Violation(
            "on duty",
            f"{CALLED} people with telephones of their own",
            f"{len({each.phone for each in people})}",
            "put more people on duty",
        )
        return
    rang = list(dict.fromkeys(phone for phone, _ in seen.unanswered))
    for place, person in enumerate(people):
        if person.phone not in rang:
            yield Violation(
                f"a problem that nobody acknowledged: the {WORDS[place]} person",
                f"a call to {person.name}",
                "no call",
                "call the next person",
            )
    if rang and rang != [each.phone for each in people][: len(rang)]:
        yield Violation(
            "the order of the calls",
            "that of the schedule",
            ", ".join(rang),
            "call in the order of the schedule",
        )
    others = sorted({phone for phone, _ in seen.answered} - {people[0].phone})
    if not seen.answered:
        yield Violation(
            "a problem that was acknowledged",
            "a call to the first person",
            "no call",
            "call the first person at once",
        )
    if others:
        yield Violation(
            "a problem that was acknowledged",
            "a call to the first person only",
            f"calls to {', '.join(others)}",
            "stop calling",
        )


def _mixed_up(seen: LifeOfAnIncident) -> Iterator[Violation]:
    if len(seen.repeated) != 1:
        yield Violation(
            "a problem that was told three times",
            "one incident",
            f"{len(seen.repeated)}",
            "update the incident of the problem",
        )
    if seen.closed is None:
        yield Violation(
            "a problem that is over", "a closed incident", "an open one, or none", "close it on the all-clear"
        )
    elif abs((seen.closed.resolved or 0) - seen.closed.began - seen.lasted) > 2:
        lasted = (seen.closed.resolved or 0) - seen.closed.began
        yield Violation(
            "a problem that is over",
            f"{seen.lasted:.0f} s",
            f"{lasted:.0f} s",
            "keep when it began and ended",
        )
    if [each.id for each in seen.back] != [each.id for each in seen.repeated]:
        yield Violation(
            "a problem that came back at once",
            "the old incident",
            f"{len(seen.back)} incidents",
            "open the old incident again",
        )
    elif any(each.resolved is not None for each in seen.back):
        yield Violation(
            "a problem that came back at once", "open again", "closed", "open the old incident again"
        )
    if len(seen.later) != len(seen.back) + 1:
        yield Violation(
            "a problem that came back after long",
            "an incident of its own",
            f"{len(seen.later)} in all",
            "open a new one",
        )


def _unreviewed(seen: LifeOfAnIncident) -> Iterator[Violation]:
    for where, required, observed in (
        ("just closed", False, seen.overdue_at_once),
        ("a week later", True, seen.overdue_later),
        ("a week later, when it was reviewed", False, seen.overdue_reviewed),
    ):
        if required != observed:
            words = ("not overdue", "overdue")
            yield Violation(
                f"the review of a critical incident, {where}",
                words[required],
                words[observed],
                "ask for a review in time",
            )
