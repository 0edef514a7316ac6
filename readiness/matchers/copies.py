"""What must be true of a service's copies and customers while something beside them is disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from readiness.drills.outage import Outage
from readiness.drills.overeating import Overeating
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.targets.platform import Replica

REFUSAL = 503
READY = range(200, 400)
KEEP_ALIVE = "let the platform's health check look at the copy alone, never at what it depends on; that belongs to its readiness"


def every_customer_is_served() -> Requirement[Overeating]:
    """Every answer to a customer during the drill was the right one."""
    return requires("every customer is served", _not_served)


def _not_served(seen: Overeating) -> Iterator[Violation]:
    if not seen.visits:
        yield Violation("customers", "served meanwhile", "nobody came in all the time", "look longer")
    for visit in seen.visits:
        if not visit.right:
            yield Violation(
                visit.request,
                "the right answer",
                visit.fault,
                "keep copies apart: limits for each, and room for all on the machine",
            )


def neighbours_are_left_alone() -> Requirement[Overeating]:
    """The service's own copies are the same as before, with no restart."""
    return requires(
        "the service's own copies are the same as before", lambda seen: _changed(seen.before, seen.after)
    )


def _killed(seen: Outage) -> Iterator[Violation]:
    yield from dict.fromkeys([*_changed(seen.before, seen.during), *_changed(seen.before, seen.after)])
    for copy in seen.during:
        if copy.health == "unhealthy":
            yield Violation(f"copy {copy.instance}", "not called unhealthy", "unhealthy", KEEP_ALIVE)


def _changed(before: tuple[Replica, ...], after: tuple[Replica, ...]) -> Iterator[Violation]:
    now = {copy.id: copy for copy in after}
    for copy in before:
        where = f"copy {copy.instance}"
        if copy.id not in now:
            yield Violation(where, "still running", "gone", KEEP_ALIVE)
        elif now[copy.id].restarts > copy.restarts:
            yield Violation(
                where, "not restarted", f"restarted {now[copy.id].restarts - copy.restarts} times", KEEP_ALIVE
            )


def customers_are_refused_or_served() -> Requirement[Outage]:
    """Whoever asks during the outage gets the right answer or a clear "not now", never a wrong content, an error or silence."""
    return requires("every customer gets the right answer or a clear refusal", _misled)


def _misled(seen: Outage) -> Iterator[Violation]:
    for visit in seen.visits:
        if not visit.right and visit.status != REFUSAL:
            yield Violation(
                visit.request,
                f"the right answer, or a refusal (status {REFUSAL})",
                f"{visit.fault} after {visit.seconds:.1f} s",
                f"answer {REFUSAL} while {seen.dependency} is away, and take copies that are not ready out of service",
            )


def copies_step_aside_alive() -> Requirement[Outage]:
    """Every copy says that it is not ready, and is there before, during and after the outage, never called unhealthy."""
    return requires(
        "while the database is away every copy says that it is not ready, and none is killed",
        lambda seen: chain(_falsely_ready(seen), _killed(seen)),
    )


def _falsely_ready(seen: Outage) -> Iterator[Violation]:
    if not seen.readiness:
        yield Violation("copies", "at least one to ask", "none was running", KEEP_ALIVE)
    for copy in seen.readiness:
        if copy.status in READY:
            yield Violation(
                f"copy {copy.instance}",
                "not ready",
                f"ready (status {copy.status})",
                f"make readiness depend on {seen.dependency}, by its status and not only its text",
            )
