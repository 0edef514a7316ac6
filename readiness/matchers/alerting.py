"""What is required of those who tell people that something is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from readiness.config.alerting import CHANNELS
from readiness.drills.telling import FaultsTold, FaultTold, Record, messages_of
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.alert_words import Said, Wordings
from readiness.targets.inbox import Message
from readiness.targets.oncall import Incident

CLOSE = 2.0  # seconds by which two clocks may differ


def is_told_in_every_channel() -> Requirement[FaultsTold]:
    """Each fault raised an alert, and a message of it came by each channel; the phone was that of whoever is on duty."""
    return requires("each of the faults is told by mail, in the chat and on the phone", _untold)


def has_its_end_told_in_every_channel() -> Requirement[FaultsTold]:
    """That a fault is over is told wherever it was told."""
    return requires("the end of each fault is told wherever the fault was told", _end_untold)


def makes_one_message_each() -> Requirement[FaultsTold]:
    """Each reader gets one message of each fault by each channel and one of its end, and the faults are told apart."""
    return requires("each fault makes one message in each channel, and one when it is over", _too_many)


def says_what_is_needed() -> Requirement[Wordings]:
    """Every message says service, severity, value and where the instruction is, and shows no secret."""
    return requires(
        "every message says service, severity, value and instruction, and shows no secret", _wordless
    )


def makes_one_incident_each() -> Requirement[FaultsTold]:
    """Each fault has exactly one incident, with severity and links, and it is closed with the time that the fault took."""
    return requires("each fault has one incident that tells what it was and how long it lasted", _recordless)


def computes_its_figures() -> Requirement[Record]:
    """The mean times follow from the incidents."""
    return requires("the mean times to answer and to recover follow from the incidents", _wrong_figures)


def _untold(seen: FaultsTold) -> Iterator[Violation]:
    for each in seen.faults:
        if not each.alerts:
            yield Violation(
                each.words,
                "an alert that names it",
                "none",
                "write a rule that fires when this part is gone or hangs",
            )
            continue
        yield from _missing(each, "told")
        calls = each.told["phone"]
        if calls and not any(each.first_called in one.recipients for one in calls):
            called = ", ".join(to for one in calls for to in one.recipients) or "nobody"
            yield Violation(
                f"{each.words}, by phone",
                "a call to whoever is on duty",
                f"a call to {called}",
                "call the first person of the schedule",
            )


def _end_untold(seen: FaultsTold) -> Iterator[Violation]:
    for each in seen.faults:
        yield from _missing(each, "over")


def _missing(fault: FaultTold, side: str) -> Iterator[Violation]:
    messages = fault.told if side == "told" else fault.over
    what = "a message" if side == "told" else "a message that it is over"
    names = ", ".join(sorted({alert.name for alert in fault.alerts})) or "no alert"
    for channel in CHANNELS:
        if not messages[channel]:
            yield Violation(
                f"{fault.words} ({names}), by {channel}",
                what,
                "none",
                "lead the alert, and its end, to that channel, and try the channel",
            )


def _too_many(seen: FaultsTold) -> Iterator[Violation]:
    for each in seen.faults:
        yield from _missing(each, "told")
        for channel in CHANNELS:
            for what, messages in (("of the fault", each.told[channel]), ("of its end", each.over[channel])):
                for reader in sorted({to for one in messages for to in one.recipients} or {""}):
                    got = [one for one in messages if reader in one.recipients or not reader]
                    if len(got) > 1:
                        yield Violation(
                            f"{each.words}, by {channel}, to {reader or 'somebody'}", f"one message {what}",
                            f"{len(got)}: {_subjects(got)}", "group what has one cause, and repeat only after hours",
                        )  # fmt: skip
    every = messages_of(seen.faults)
    for both in dict.fromkeys(one for one in every if every.count(one) > 1):
        yield Violation(
            "two faults that have nothing to do with each other", "a message each",
            f"one for both: {both.subject or both.text[:80]}",
            "group by what the fault is in, too",
        )  # fmt: skip


def _subjects(messages: Iterable[Message]) -> str:
    return "; ".join(each.subject or each.text[:80] for each in messages)


def _wordless(seen: Wordings) -> Iterator[Violation]:
    for each in seen.said:
        for what in _lacking(each):
            yield Violation(
                f"{each.channel}: {each.begins}",
                what,
                "not in the message",
                "put it into the template, or into the rule's annotations",
            )
        if each.secrets:
            yield Violation(
                f"{each.channel}: {each.begins}",
                "no secret",
                ", ".join(each.secrets),
                "take it out, and replace the secret",
            )


def _lacking(said: Said) -> Iterator[str]:
    for what, there in (
        ("the service", said.service),
        ("the severity", said.severity),
        ("the value", said.value),
    ):
        if not there:
            yield what
    if said.instruction != "":
        yield f"a link to an instruction that is there ({said.instruction})"


def _recordless(seen: FaultsTold) -> Iterator[Violation]:
    for each in seen.faults:
        if len(each.incidents) != 1:
            yield Violation(
                each.words,
                "one incident",
                f"{len(each.incidents)}",
                "open one for each problem, and only one",
            )
            continue
        (incident,) = each.incidents
        lacking = [
            name for name in ("severity", "summary", "runbook", "source") if not getattr(incident, name)
        ]
        if lacking:
            yield Violation(
                f"incident {incident.id}",
                "severity and links",
                f"no {', '.join(lacking)}",
                "take them over from the alert",
            )
        if incident.resolved is None:
            yield Violation(
                f"incident {incident.id} ({each.words})",
                "closed when the fault is over",
                "still open",
                "close it on the end",
            )
        elif not _fits(incident, each):
            yield Violation(
                f"incident {incident.id} ({each.words})", f"from {each.began:.0f} to {each.ended:.0f}, or soon after",
                f"from {incident.began:.0f} to {incident.resolved:.0f}", "keep when it began and ended",
            )  # fmt: skip


def _fits(incident: Incident, fault: FaultTold) -> bool:
    """Whether an incident lasted as the fault did; one that it joined, for it came back soon, began earlier."""
    joined = incident.opened < fault.began
    begins = joined or fault.began - CLOSE <= incident.began <= fault.ended
    return begins and 0 <= (incident.resolved or 0.0) - fault.ended + CLOSE <= _until_told(fault) + 2 * CLOSE


def _until_told(fault: FaultTold) -> float:
    """Seconds from the end of a fault until the last message that it is over."""
    return max((one.received - fault.ended for found in fault.over.values() for one in found), default=0.0)


def _wrong_figures(seen: Record) -> Iterator[Violation]:
    answered = [each.acknowledged - each.began for each in seen.incidents if each.acknowledged is not None]
    over = [each.resolved - each.began for each in seen.incidents if each.resolved is not None]
    for what, told, found in (
        ("mean time to answer", seen.figures.acknowledge, answered), ("mean time to recover", seen.figures.recover, over),
    ):  # fmt: skip
        if not found:
            if told is not None:
                yield Violation(what, "none yet", f"{told:.1f} s", "compute it from the incidents")
        elif told is None or not math.isclose(told, sum(found) / len(found), abs_tol=0.5):
            yield Violation(
                what,
                f"{sum(found) / len(found):.1f} s over {len(found)} incidents",
                f"{told} s",
                "compute it from the incidents",
            )
