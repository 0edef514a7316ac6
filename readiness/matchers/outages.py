"""What is required of those who watch the parts of a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.outages import Outages
from readiness.matchers.capacity import wrong_moments
from readiness.matchers.requirement import Requirement, Violation, requires

LOOK_AT_IT = "let somebody look at it from outside, and add a rule that names it"


def are_all_named() -> Requirement[Outages]:
    """An alarm named each service that hung or was gone, and none was named before."""
    return requires("an alarm names each part that hangs or is gone, and none beforehand", _unnamed)


def name_each_time(service: str) -> Requirement[Outages]:
    """An alarm named this one service for each of its faults, and it had faults."""
    return requires(f"an alarm names {service} each time", lambda seen: _unnamed_service(seen, service))


def are_all_over() -> Requirement[Outages]:
    """No alarm named a service any more, once it was back."""
    return requires("every alarm is over once the part is back", _lasting)


def keep_their_time() -> Requirement[Outages]:
    """On simulated time each rule is on after as long as it says, not before, and off again."""
    return requires("the rules are on after their time, and off again", _untimely)


def _unnamed(seen: Outages) -> Iterator[Violation]:
    for name in seen.loud_before:
        yield Violation(
            name, "no alarm before anything was done", "an alarm named it", "see what is wrong with it"
        )
    for each in seen.outages:
        if each.seen_after is None:
            yield Violation(
                f"{each.service} {each.fault}", "an alarm that names it", "none",
                LOOK_AT_IT,
            )  # fmt: skip


def _unnamed_service(seen: Outages, service: str) -> Iterator[Violation]:
    own = [each for each in seen.outages if each.service == service]
    if not own:
        yield Violation(service, "faults of it", "none", "let it be a service of the platform that is tried")
    for each in own:
        if each.seen_after is None:
            yield Violation(f"{service} {each.fault}", "an alarm that names it", "none", LOOK_AT_IT)


def _lasting(seen: Outages) -> Iterator[Violation]:
    for each in seen.outages:
        if each.alarms and each.over_after is None:
            yield Violation(
                f"{each.service}, which {each.fault} and is back", "no alarm", ", ".join(each.alarms),
                "let the alarm look at what is now",
            )  # fmt: skip


def _untimely(seen: Outages) -> Iterator[Violation]:
    for name in seen.unruled:
        yield Violation(name, "a rule of that name", "none", "add it, or correct the profile (availability)")
    for each in seen.tried:
        yield from wrong_moments(each)
