"""What is required of business numbers."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.bookkeeping import Books
from readiness.matchers.requirement import Requirement, Violation, requires


def equal_the_books() -> Requirement[Books]:
    """The numbers, the books and the API's report agree, and a repeated request makes and counts one thing."""
    return requires("what is counted is what is in the books, and what the API reports", _differing)


def leave_failures_out() -> Requirement[Books]:
    """Nothing that failed was counted."""
    return requires("nothing that failed is counted", _failures)


def stay_few() -> Requirement[Books]:
    """New customers and new things make no new series."""
    return requires("new customers make no new series", _grown)


def _differing(seen: Books) -> Iterator[Violation]:
    for each in seen.odd:
        yield Violation("what was sent", "answers as the profile says", each, "see why")
    for what, value, remedy in (
        ("rows in the books", seen.rows, "let a repeated request find what the first one made"),
        ("things in the API's report", seen.reported, "report what is in the books"),
        ("things that were counted", seen.counted, "count once, after the commit, in every copy"),
    ):
        if value != seen.made:
            yield Violation(what, f"{seen.made}, as were made", f"{value:g}", remedy)


def _failures(seen: Books) -> Iterator[Violation]:
    if seen.counted_failed:
        yield Violation(
            "requests that failed, some at their commit", "nothing counted", f"{seen.counted_failed:g}",
            "count after the commit",
        )  # fmt: skip


def _grown(seen: Books) -> Iterator[Violation]:
    for each in seen.grown[:5]:
        yield Violation(
            "series", "none that came with a customer", each, "take no label from what customers are or send"
        )
