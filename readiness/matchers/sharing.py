"""What is required of how visitors are shared among copies, and of a sick copy's visitors."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.eviction import Eviction
from readiness.drills.sharing import Shares
from readiness.matchers.requirement import Requirement, Violation, requires


def are_all_served_by_copies() -> Requirement[Shares]:
    """Every request was answered rightly, by a running copy of the service."""
    return requires("every visitor is served by a copy of the service", _astray)


def _astray(seen: Shares) -> Iterator[Violation]:
    if not seen.shares:
        yield Violation("service", "a running copy", "none", "bring the deployment up")
    for words in seen.astray:
        remedy = "let the door send this path to the copies of the service, and to healthy ones only"
        yield Violation("a visitor", "served by a copy of the service", words, remedy)


def lets_readers_and_writers_through() -> Requirement[Eviction]:
    """Those who came after the sick copy was given up, readers and writers, were all served rightly; and both did come."""
    return requires("readers and writers are served while a copy is frozen", _held_up)


def _held_up(seen: Eviction) -> Iterator[Violation]:
    for what, writes in (("a reader", False), ("a writer", True)):
        served = [visit for visit in seen.visits if visit.writes == writes and visit.right]
        if not served:
            remedy = "look longer, or mend what keeps them all away"
            yield Violation(what, "served by another copy", "nobody was", remedy)


def is_followed_by_a_copy_that_serves() -> Requirement[Eviction]:
    """A new copy took the frozen one's place and served a customer who came through the door."""
    return requires("the copy that replaces a frozen one serves customers", _no_successor)


def _no_successor(seen: Eviction) -> Iterator[Violation]:
    if not seen.successor:
        yield Violation(
            f"the copy after {seen.frozen}",
            "serves customers who come through the door",
            f"no new copy answered anybody within {seen.looked:.0f} s",
            "let the door find out by itself, within seconds, which copies there are now",
        )
