"""What is required of what customers take away, and of where it is brought in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.drills.moving_in import MovedIn
from readiness.drills.taking_away import TakenAway, body_of
from readiness.matchers.taking_away import (
    holds_everything,
    holds_nothing_of_others,
    is_the_same_in_tables,
    is_whole_again,
    runs_nothing,
    serves_there,
)
from readiness.probes.archives import Compared

GOOD = Compared("notes", kept=2, lines=2, rows=2)
TAKEN = TakenAway(
    examined=2, everything=(GOOD,), of_owner=(GOOD,), of_another=(GOOD,), files=(), strangers_answer=404, fault="",
    given=(), content=1, growth=1, looks=9,
)  # fmt: skip
MOVED = MovedIn(examined=2, compared=(GOOD,), files=(), words="", fault="")


def test_a_good_archive_is_good_everywhere() -> None:
    for requirement in (
        holds_everything(),
        is_the_same_in_tables(),
        runs_nothing(),
        holds_nothing_of_others(),
    ):
        assert requirement.matches(TAKEN)
    assert is_whole_again().matches(MOVED)
    assert serves_there().matches(MOVED)


@pytest.mark.parametrize(
    "bad",
    [
        replace(TAKEN, fault="status 500"),
        replace(TAKEN, files=("a: missing",)),
        replace(TAKEN, everything=(replace(GOOD, lines=1),)),
        replace(TAKEN, of_owner=(replace(GOOD, missing=("a",)),)),
        replace(TAKEN, of_another=(replace(GOOD, altered=("a",)),)),
    ],
)
def test_what_is_lacking_is_told(bad: TakenAway) -> None:
    assert not holds_everything().matches(bad)


def test_tables_formulas_and_others_are_told() -> None:
    assert not is_the_same_in_tables().matches(replace(TAKEN, everything=(replace(GOOD, rows=1),)))
    assert not is_the_same_in_tables().matches(replace(TAKEN, everything=(replace(GOOD, cells=("a",)),)))
    assert not runs_nothing().matches(replace(TAKEN, of_owner=(replace(GOOD, formulas=("a",)),)))
    assert not holds_nothing_of_others().matches(replace(TAKEN, everything=(replace(GOOD, foreign=("a",)),)))
    assert not holds_nothing_of_others().matches(replace(TAKEN, strangers_answer=200))
    assert not holds_nothing_of_others().matches(replace(TAKEN, of_another=(replace(GOOD, kept=0, lines=0),)))


@pytest.mark.parametrize(
    "bad",
    [
        replace(MOVED, words="refused"),
        replace(MOVED, files=("a",)),
        replace(MOVED, compared=(replace(GOOD, kept=3),)),
        replace(MOVED, compared=(replace(GOOD, altered=("a",)),)),
    ],
)
def test_what_did_not_arrive_is_told(bad: MovedIn) -> None:
    assert not is_whole_again().matches(bad)
    assert not serves_there().matches(replace(MOVED, fault="status 500"))


def test_a_field_without_value_is_left_out_and_a_number_stays_one() -> None:
    template = {"note": "{text}", "number": "{number}", "name": "of {text}"}
    assert dict(body_of(template, {"text": None, "number": 5})) == {"number": 5, "name": "of None"}
