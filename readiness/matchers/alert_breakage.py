"""What is required of those who tell people when a part of themselves is broken."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.alerting import CHANNELS
from readiness.drills.alert_breakage import BrokenChannel, DeadAlerting
from readiness.drills.alert_lifecycle import ServiceDown
from readiness.matchers.requirement import Requirement, Violation, requires


def loses_nothing_while_down() -> Requirement[ServiceDown]:
    """Incidents are kept, and an alert that came meanwhile becomes one."""
    return requires("no incident and no alert is lost while the on-call service is down", _lost)


def is_made_up_for_by_the_others() -> Requirement[BrokenChannel]:
    """A broken channel holds up no other."""
    return requires("a critical alert arrives by every channel that works", _held_up)


def is_itself_told() -> Requirement[BrokenChannel]:
    """That a channel is broken is told by the others."""
    return requires("the channels that work tell that the other one fails", _untold_breakage)


def is_noticed_by_somebody_else() -> Requirement[DeadAlerting]:
    """The death of what evaluates the rules is told by somebody who does not depend on it, and only then."""
    return requires("a person is called when nothing evaluates the rules any more", _unnoticed)


def _lost(seen: ServiceDown) -> Iterator[Violation]:
    if seen.lost:
        yield Violation(
            "the on-call service was started anew",
            "all incidents",
            f"{len(seen.lost)} are gone",
            "keep them on a volume",
        )
    if seen.arrived_after is None:
        yield Violation(
            "an alert while it was down", "an incident", "none", "tell it again until it is taken"
        )
    elif seen.twice:
        yield Violation(
            "an alert while it was down",
            "one incident",
            "several",
            "tell problems apart by what does not change",
        )
    elif not seen.called:
        yield Violation(
            "an alert while it was down",
            "a call when it is back",
            "no call",
            "call for what was opened late, too",
        )


def _held_up(seen: BrokenChannel) -> Iterator[Violation]:
    for channel, after in seen.arrived.items():
        if channel == seen.broken:
            if after is not None:
                yield Violation(
                    f"{channel}, which was to be broken",
                    "nothing",
                    "a message",
                    "see how the channel is broken in the copy",
                )
        elif after is None:
            yield Violation(
                f"{channel}, while {seen.broken} is broken",
                "a message",
                "none",
                "let no channel wait for another",
            )


def _untold_breakage(seen: BrokenChannel) -> Iterator[Violation]:
    for channel in CHANNELS:
        if channel != seen.broken and channel not in seen.told_by:
            yield Violation(
                f"{channel}, while {seen.broken} is broken",
                f"a message that {seen.broken} fails",
                "none",
                "alert on deliveries that fail",
            )


def _unnoticed(seen: DeadAlerting) -> Iterator[Violation]:
    if seen.before:
        yield Violation(
            "before anything was wrong", "no call", f"a call about {seen.gone}", "see why it counted as dead"
        )
    if seen.told_after is None:
        yield Violation(
            f"{seen.gone} was gone", "a call", "none", "let somebody else wait for a sign of life"
        )
