"""What is required of what the application counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from readiness.drills.counting import CountedRequests, Difference
from readiness.drills.replacing import Replaced
from readiness.matchers.requirement import Requirement, Violation, requires

MOST = 2.0
"""A rate is told from the growth between two looks and stretched to its whole window, which may nearly double it for a moment."""


def sees_every_copy() -> Requirement[CountedRequests]:
    """Each copy is looked at by itself, and nothing else in its name."""
    return requires("every copy is looked at by itself", _unseen)


def counts_what_happened() -> Requirement[CountedRequests]:
    """Every request is counted once, where it was answered, under its method, its route and its status."""
    return requires("what is counted is what was sent, route by route and copy by copy", _miscounted)


def times_what_happened() -> Requirement[CountedRequests]:
    """There is one response time for each request."""
    return requires("each request has one response time", lambda seen: _told(seen.in_times, "response times"))


def neither_loses_nor_invents() -> Requirement[Replaced]:
    """While a copy is replaced, what is shown is never less than nothing, nor more than what was asked."""
    return requires("nothing is counted that was not asked, and nothing is lost that was answered", _jumps)


def _unseen(seen: CountedRequests) -> Iterator[Violation]:
    for each in seen.unseen:
        yield Violation(
            f"copy {each.copy} of {each.service}", "looked at by itself", "not looked at, or no answer",
            "let the metrics service find every copy, one address each",
        )  # fmt: skip
    for stranger in seen.strangers:
        yield Violation(
            stranger, "only copies that run are looked at", "no running copy has this address",
            "do not ask a shared address: it leads to another copy each time",
        )  # fmt: skip


def _miscounted(seen: CountedRequests) -> Iterator[Violation]:
    for each in seen.odd:
        yield Violation("the mix that was sent", "answers as the profile says", each, "see why")
    yield from _told(seen.differences, "requests")


def _told(differences: Iterable[Difference], what: str) -> Iterator[Violation]:
    for each in differences:
        where = f"{each.method} {each.route} {each.status}".rstrip()
        yield Violation(
            f"{where} at copy {each.copy}" if each.copy else f"{where} over all copies",
            f"{each.sent} {what}", f"{each.counted:g}",
            "count every request once, in the copy that answers it, around everything that may fail",
        )  # fmt: skip


def _jumps(seen: Replaced) -> Iterator[Violation]:
    if seen.lowest < 0:
        yield Violation(
            "the rate while a copy was replaced", "never below 0", f"{seen.lowest:.1f}/s", "tell copies apart"
        )
    if seen.highest > MOST * seen.asked_per_second:
        yield Violation(
            "the rate while a copy was replaced", f"at most {MOST:g} × {seen.asked_per_second:.1f}/s", f"{seen.highest:.1f}/s",
            "let each copy's counters begin at 0 under a name of their own",
        )  # fmt: skip
    if seen.counted_by_the_new != seen.answered_by_the_new:
        yield Violation(
            f"the new copy {seen.new}", f"{seen.answered_by_the_new} requests, as it answered",
            f"{seen.counted_by_the_new:g}", "find new copies, and look at them from their first request on",
        )  # fmt: skip
