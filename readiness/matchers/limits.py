"""What must be true of limits: in force in every copy, and kept by the platform when a copy takes more."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.core.units import Dimension, Quantity, describe
from readiness.drills.overeating import Overeating
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.copies import LimitsInForce
from readiness.targets.platform import Ended

SET_A_LIMIT = "set it under the service's resource limits (a reservation is no limit) and deploy again"


def every_copy_is_limited() -> Requirement[LimitsInForce]:
    """A memory limit and a processor limit are in force in every copy."""
    return requires("every copy has a memory limit and a processor limit in force", _unlimited)


def _unlimited(seen: LimitsInForce) -> Iterator[Violation]:
    for copy in seen.copies:
        where = f"copy {copy.instance}"
        if copy.limits.memory is None:
            yield Violation(where, "a memory limit in force", "none", SET_A_LIMIT)
        if copy.limits.cpu is None:
            yield Violation(where, "a processor limit in force", "none", SET_A_LIMIT)


def ends_for_want_of_memory() -> Requirement[Overeating]:
    """The kernel ended the clone when it took more than its limit, and the platform started it again."""
    return requires("a copy that takes more memory than its limit is ended and started again", _overeaten)


def _overeaten(seen: Overeating) -> Iterator[Violation]:
    limit, asked = (_size(value) for value in (seen.limits.memory, seen.asked))
    if not any(end.out_of_memory for end in seen.ended):
        yield Violation(
            f"clone that took {asked}, memory limit in force {limit}",
            "ended by the kernel for want of memory",
            "; ".join(map(_end, seen.ended)) or "still running",
            SET_A_LIMIT,
        )
    if not seen.started_again:
        yield Violation(
            "clone that ended",
            "started again by the platform",
            "not started again",
            "let the service's restart policy start a copy that ended, whatever its reason",
        )


def _end(end: Ended) -> str:
    return f"ended with exit status {end.exit_code} ({end.message})"


def _size(value: int | None) -> str:
    return "none" if value is None else describe(Quantity(value, Dimension.SIZE))
