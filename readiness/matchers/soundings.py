"""What is required of the alarms on what customers feel, and of the numbers that they look at."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.agreement import Agreement
from readiness.drills.soundings import Heard, Soundings
from readiness.matchers.requirement import Requirement, Violation, requires

LATER = (
    60.0  # seconds after its window at which an alarm has to sound: a rate needs a minute to show a change
)


def sound_when_agreed() -> Requirement[Soundings]:
    """Each alarm sounds after its window beyond its threshold, not before, and soon after."""
    return requires("each alarm sounds when it was agreed to", _too_late_or_soon)


def are_silent_below() -> Requirement[Soundings]:
    """No alarm sounds below its threshold, or for what clients do wrong."""
    return requires("no alarm sounds below its threshold, or for clients' mistakes", _false)


def fails_as_meant() -> Requirement[Agreement]:
    """Every request of the drill was answered as it was meant to be."""
    return requires("requests are answered, and fail, as they are meant to", _odd)


def _too_late_or_soon(seen: Soundings) -> Iterator[Violation]:
    for each in seen.alarms:
        if not each.rule:
            yield Violation(each.alert, "a rule of this name", "none", "write the rule")
        elif each.beyond is None:
            yield Violation(
                each.alert, f"sounds {each.window:.0f} s beyond its threshold", "never sounds",
                "ask for series that exist, and let buckets reach beyond the threshold",
            )  # fmt: skip
        elif not each.window <= each.beyond <= each.window + LATER:
            yield Violation(
                each.alert, f"after {each.window:.0f} to {each.window + LATER:.0f} s", f"{each.beyond:.0f} s",
                "let it wait as long as was agreed",
            )  # fmt: skip


def _false(seen: Soundings) -> Iterator[Violation]:
    for each in seen.alarms:
        yield from _sounded(each, each.within, "below its threshold")
        yield from _sounded(each, each.refused, "for requests that clients are to blame for")


def _sounded(heard: Heard, at: float | None, when: str) -> Iterator[Violation]:
    if at is not None:
        yield Violation(
            f"{heard.alert} {when}", "silence", f"sounds after {at:.0f} s", "let it ask for what was agreed"
        )


def _odd(seen: Agreement) -> Iterator[Violation]:
    for each in seen.odd:
        yield Violation("what was sent", "answers as the profile says", each, "see why")
