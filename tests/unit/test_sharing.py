"""How visitors are shared among copies, when a frozen copy has lost its own, and the picture of it, on plain facts."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hamcrest.core.string_description import StringDescription
from PIL import Image

from readiness.drills.eviction import Eviction
from readiness.drills.sharing import shares_of
from readiness.matchers.sharing import (
    are_all_served_by_copies,
    is_followed_by_a_copy_that_serves,
    lets_readers_and_writers_through,
)
from readiness.report.pictures import picture_of_shares
from readiness.targets.door import Answer
from readiness.targets.journey import Served


def answers(*instances: str, status: int = 200) -> list[Answer]:
    return [Answer("GET", "/orders", status, 0.1, {"X-Instance": each}) for each in instances]


def a_visit(asked: float, *, seconds: float = 0.1, fault: str = "", writes: bool = False) -> Served:
    return Served("read an order", asked, seconds, 503 if fault else 200, "b", fault, writes)


EVICTION = Eviction(
    examined=3,
    frozen="a",
    began=100.0,
    visits=(a_visit(100.2, fault="no answer"), a_visit(105.0), a_visit(106.0, writes=True)),
    successor="c",
    looked=25.0,
)


def test_equal_shares_are_whole_ones() -> None:
    seen = shares_of(["a", "b"], answers("a", "b", "a", "b"), answers("b", "a"), 200)
    assert (seen.smallest, seen.examined) == (1.0, 6)
    assert are_all_served_by_copies().matches(seen)


def test_the_smallest_share_counts_over_each_kind_of_connection() -> None:
    kept, new = answers("a", "a", "a", "b"), answers("a", "b", "a", "b")
    assert shares_of(["a", "b"], kept, new, 200).smallest == 0.5
    assert shares_of(["a", "b"], new, kept, 200).smallest == 0.5


def test_a_copy_without_any_visitor_has_no_share_and_neither_have_copies_without_visitors() -> None:
    assert shares_of(["a", "b", "c"], answers("a", "b"), answers("a", "b"), 200).smallest == 0.0
    assert shares_of(["a"], answers("a"), [], 200).smallest == 0.0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answers("a", status=503), "status 503 from a"),
        (answers("stranger"), "status 200 from stranger"),
        (answers(""), "status 200 from no copy"),
        ([Answer("GET", "/orders", 0, 10.0, error="ReadTimeout")], "ReadTimeout"),
    ],
)
def test_whoever_is_not_served_by_a_copy_is_named(answer: list[Answer], words: str) -> None:
    seen = shares_of(["a", "b"], answer, answers("a", "b"), 200)
    told = StringDescription()
    are_all_served_by_copies().describe_mismatch(seen, told)
    assert f"observed {words}" in str(told)


def test_a_sick_copy_has_lost_its_visitors_when_the_last_asked_who_met_it() -> None:
    refused, slow, right = a_visit(101.0, fault="no answer"), a_visit(103.5, seconds=9.0), a_visit(110.0)
    seen = replace(EVICTION, visits=(refused, slow, right))
    assert seen.freed_after == 3.5
    assert seen.last_held_up == "read an order met an answer of b after 9.0 s; 2 were held up"


def test_where_nobody_is_held_up_a_sick_copy_has_lost_its_visitors_at_once() -> None:
    seen = replace(EVICTION, visits=(a_visit(110.0),))
    assert (seen.freed_after, seen.last_held_up) == (0.0, "")


def test_readers_and_writers_who_are_both_served_are_in_order() -> None:
    assert lets_readers_and_writers_through().matches(EVICTION)
    assert is_followed_by_a_copy_that_serves().matches(EVICTION)


def test_writers_who_are_served_by_nobody_are_missed_although_readers_are_served() -> None:
    seen = replace(EVICTION, visits=(a_visit(101.0), a_visit(102.0, fault="status 504", writes=True)))
    words = StringDescription()
    lets_readers_and_writers_through().describe_mismatch(seen, words)
    assert str(words).startswith("a writer: required served by another copy; observed nobody was")


def test_a_successor_that_nobody_meets_is_missed() -> None:
    assert not is_followed_by_a_copy_that_serves().matches(replace(EVICTION, successor=""))


def test_the_picture_has_a_row_for_each_copy() -> None:
    two = shares_of(["a", "b"], answers("a", "b"), answers("b"), 200)
    four = shares_of(["a", "b", "c", "d"], answers("a", "b"), answers("b"), 200)
    heights = [Image.open(io.BytesIO(picture_of_shares(seen))).height for seen in (two, four)]
    assert heights[1] > heights[0]
