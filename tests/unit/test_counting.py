"""What was sent against what was counted, copy by copy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.drills.bookkeeping import Books
from readiness.drills.counting import CountedRequests, Difference, Sent, Unseen, differences
from readiness.drills.measuring import Cost, MeasuringCosts
from readiness.drills.replacing import Replaced
from readiness.matchers.books import equal_the_books, leave_failures_out, stay_few
from readiness.matchers.counted import (
    counts_what_happened,
    neither_loses_nor_invents,
    sees_every_copy,
    times_what_happened,
)
from readiness.probes.counted import address

READ = Sent("a", "GET", "/things", "200")
WEEK = Sent("b", "GET", "/week", "200", causes=("GET /things",))
COUNTED = CountedRequests(
    examined=2, copies=("a",), sent=(), unseen=(), strangers=(), differences=(), in_times=(), odd=()
)
BOOKS = Books(examined=9, made=3, odd=(), counted=3, counted_failed=0, rows=3, reported=3, age=4.0, grown=())
REPLACED = Replaced(
    examined=9, new="c", lowest=0.0, highest=6.0, asked_per_second=5.0, answered_by_the_new=7, counted_by_the_new=7.0
)  # fmt: skip


def test_what_was_sent_and_what_it_caused_is_counted() -> None:
    counted = {("a", "GET", "/things", "200"): 2.0, ("b", "GET", "/week", "200"): 1.0}
    assert not list(differences((READ, WEEK), counted, ()))


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ({("a", "GET", "/things", "200"): 1.0}, ("", "a")),
        ({("a", "GET", "/things", "200"): 3.0}, ("", "a")),
        ({("b", "GET", "/things", "200"): 2.0}, ("a", "b")),
        ({("a", "GET", "/things", "500"): 2.0}, ("", "", "a", "a")),
    ],
)
def test_more_fewer_elsewhere_and_under_another_status_are_told(
    counted: dict[tuple[str, str, str, str], float], told: tuple[str, ...]
) -> None:
    found = list(differences((READ, READ), counted, ()))
    assert tuple(sorted(each.copy for each in found)) == tuple(sorted(told))


def test_of_what_is_used_in_the_background_more_may_be_counted_and_never_fewer() -> None:
    assert not list(differences((READ,), {("a", "GET", "/things", "200"): 5.0}, ("GET /things",)))
    assert list(differences((READ,), {}, ("GET /things",)))


def test_times_do_not_look_at_the_status() -> None:
    assert not list(differences((READ,), {("a", "GET", "/things", ""): 1.0}, (), times=True))


def test_every_violation_is_found() -> None:
    difference = Difference("a", "GET", "/things", "200", 1, 0.0)
    assert counts_what_happened().matches(COUNTED)
    assert not counts_what_happened().matches(replace(COUNTED, differences=(difference,)))
    assert not counts_what_happened().matches(replace(COUNTED, odd=("GET /: status 500 instead of 200",)))
    assert not times_what_happened().matches(replace(COUNTED, in_times=(difference,)))
    assert sees_every_copy().matches(COUNTED)
    assert not sees_every_copy().matches(replace(COUNTED, unseen=(Unseen("service", "a"),)))
    assert not sees_every_copy().matches(replace(COUNTED, strangers=("10.0.0.9",)))


def test_books_numbers_and_report_agree() -> None:
    assert equal_the_books().matches(BOOKS)
    for wrong in (replace(BOOKS, rows=5), replace(BOOKS, reported=2), replace(BOOKS, counted=4)):
        assert not equal_the_books().matches(wrong)
    assert not equal_the_books().matches(replace(BOOKS, odd=("POST /: status 500 instead of 201",)))
    assert leave_failures_out().matches(BOOKS)
    assert not leave_failures_out().matches(replace(BOOKS, counted_failed=1))
    assert stay_few().matches(BOOKS)
    assert not stay_few().matches(replace(BOOKS, grown=("created{owner=7}",)))


def test_jumps_falls_and_a_copy_that_is_not_found_are_told() -> None:
    assert neither_loses_nor_invents().matches(REPLACED)
    for wrong in (
        replace(REPLACED, lowest=-1.0),
        replace(REPLACED, highest=40.0),
        replace(REPLACED, counted_by_the_new=0.0),
    ):
        assert not neither_loses_nor_invents().matches(wrong)


def test_the_dearest_copy_is_told_as_a_share_of_its_own_limit() -> None:
    costs = (Cost("a", 0.005, 0.0, 0.2, 0.5), Cost("b", 0.010, 0.0, 0.2, 0.5))
    assert MeasuringCosts(examined=2, costs=costs).largest_share == pytest.approx(0.004)


def test_an_address_has_no_port() -> None:
    assert address("10.0.0.9:8001") == "10.0.0.9"
    assert address("copy") == "copy"
