"""What is required of warnings about capacity, and of the series that alarms look at."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.capacity import AlarmsLookAt, Warned
from readiness.drills.rule_trials import Tried
from readiness.matchers.requirement import Requirement, Violation, requires

NUMBERS = "compare what is measured in the unit of the limit, and with the labels that it has; see `expr` and `for` of the rule"


def come_in_time(about: str, sentence: str) -> Requirement[Warned]:
    """The warnings about one kind of thing are on when they should be, and at no other time."""
    return requires(sentence, lambda seen: _untimely(seen, about))


def look_at_what_exists() -> Requirement[AlarmsLookAt]:
    """Every series that an alarm looks at exists, or comes with the fault and then raises the alarm."""
    return requires("every alarm looks at series that exist, or that its own fault brings about", _dead)


def _untimely(seen: Warned, about: str) -> Iterator[Violation]:
    for kind, alarm in seen.unruled:
        if kind == about:
            yield Violation(alarm, "a rule of that name", "none", "add it, or correct the profile (warnings)")
    for kind, alarm, selector in seen.absent:
        if kind == about:
            yield Violation(
                f"{alarm}: {selector}",
                "series that exist",
                "none",
                "measure it, or correct the profile (warnings)",
            )
    if not any(kind == about for kind, _ in seen.tried) and not seen.unruled:
        yield Violation(
            f"warnings about {about}", "at least one", "none", "name them in the profile (warnings)"
        )
    for kind, each in seen.tried:
        if kind == about:
            yield from wrong_moments(each)


def wrong_moments(tried: Tried) -> Iterator[Violation]:
    """What a rule did otherwise than expected on simulated time."""
    for moment in tried.moments:
        if moment.at in tried.wrong_at:
            expected, got = ("on", "off") if moment.on else ("off", "on")
            yield Violation(
                f"{tried.alarm}, {tried.words}", f"{expected} after {moment.at:.0f} s", got, NUMBERS
            )


def _dead(seen: AlarmsLookAt) -> Iterator[Violation]:
    for each in seen.looks:
        if not each.found and not each.under_fault:
            yield Violation(
                f"{each.alarm} looks at {each.selector}", "series that exist", "none",
                "measure it; or say in the profile which fault brings it about (warnings.under_fault)",
            )  # fmt: skip
    for tried in seen.tried:
        yield from wrong_moments(tried)
