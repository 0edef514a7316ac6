"""Shares of clients, judged on plain facts: all that was agreed and no more, and a true time to come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.drills.flooding import Asked, Flood
from readiness.drills.guessing import Guesses
from readiness.drills.shares import PATIENCE, Recovery, UsedUp, UsedUpShares
from readiness.matchers.requirement import Requirement
from readiness.matchers.shares import (
    come_back_in_time,
    do_nothing_for_the_refused,
    find_nothing_by_guessing,
    get_their_hour_and_day,
    get_their_minute,
    leave_the_neighbour_alone,
)

SERVED = [Asked(0.1 * number, 201, 0.01, "one") for number in range(3)]
REFUSED = [Asked(0.4, 429, 0.01, "one", "59"), Asked(0.5, 429, 0.01, "two", "58")]
FLOOD = Flood(
    examined=6,
    agreed=3,
    served=201,
    asked=(*SERVED, *REFUSED),
    pretences=(Asked(0.6, 429, 0.01, "one", "58", "its other key"),),
    neighbour=(Asked(0.2, 200, 0.01, "two"),),
    neighbour_served=200,
    made=3,
    copies=("one", "two"),
)
HOUR = UsedUp(3600, 1000, 995, 2880, 5, 3, 729)
DAY = UsedUp(86400, 10000, 9995, 69120, 5, 3, 18600)
SHARES = UsedUpShares(examined=11000, hour=HOUR, day=DAY)
RECOVERY = Recovery(
    examined=110, before=UsedUp(60, 100, 95, 48, 5, 3, 12), served_after=11.6, refused_before=20
)
GUESSES = Guesses(
    examined=360,
    looked_at=300,
    refused_unseen=60,
    seconds=2,
    right_guess=429,
    pretending=429,
    regular=200,
    regular_served=200,
)
Seen = TypeVar("Seen")


def words_of(requirement: Requirement[Seen], seen: Seen) -> str:
    assert not requirement.matches(seen)
    words = StringDescription()
    requirement.describe_mismatch(seen, words)
    return str(words)


def test_what_was_agreed_and_no_more_is_in_order() -> None:
    for requirement in (get_their_minute(), do_nothing_for_the_refused(), leave_the_neighbour_alone()):
        assert requirement.matches(FLOOD)
    assert FLOOD.let_through == 3
    assert get_their_hour_and_day().matches(SHARES)
    assert come_back_in_time().matches(RECOVERY)
    assert find_nothing_by_guessing().matches(GUESSES)


def test_a_client_that_gets_less_than_was_agreed_is_named() -> None:
    assert "3 requests are served in a minute; observed 2" in words_of(
        get_their_minute(), replace(FLOOD, asked=(*SERVED[:2], *REFUSED))
    )


def test_a_pretence_that_gets_more_counts_and_is_named() -> None:
    seen = replace(FLOOD, pretences=(replace(FLOOD.pretences[0], status=201),))
    assert seen.let_through == 4
    assert "by its other key: required refused; observed status 201" in words_of(get_their_minute(), seen)


def test_a_copy_that_never_refuses_is_named() -> None:
    assert "copy two" in words_of(get_their_minute(), replace(FLOOD, asked=(*SERVED, REFUSED[0])))


@pytest.mark.parametrize("told", ["", "soon", "0", "-5", "3600"])
def test_a_refusal_without_a_usable_time_is_named(told: str) -> None:
    refusals = [replace(each, come_back=told) for each in REFUSED]
    words = words_of(get_their_minute(), replace(FLOOD, asked=(*SERVED, *refusals)))
    assert "seconds to wait" in words


def test_other_answers_than_served_or_refused_are_named() -> None:
    seen = replace(FLOOD, asked=(*FLOOD.asked, Asked(0.7, 503, 0.01, "one")))
    assert "1 times status 503" in words_of(get_their_minute(), seen)


def test_what_was_done_for_the_refused_is_counted() -> None:
    assert "5 things after 3 requests" in words_of(do_nothing_for_the_refused(), replace(FLOOD, made=5))


def test_a_neighbour_who_is_refused_is_named() -> None:
    seen = replace(FLOOD, neighbour=(*FLOOD.neighbour, Asked(0.3, 429, 0.01, "one")))
    assert "status 429 in 1 of 2" in words_of(leave_the_neighbour_alone(), seen)


@pytest.mark.parametrize("come_back", [-1, 60, 3600])
def test_a_wrong_time_to_come_back_is_named(come_back: float) -> None:
    words = words_of(get_their_hour_and_day(), replace(SHARES, hour=replace(HOUR, come_back=come_back)))
    assert "to come back after 720 s" in words


def test_a_share_that_ends_early_is_named() -> None:
    words = words_of(get_their_hour_and_day(), replace(SHARES, day=replace(DAY, served=2)))
    assert "a day's share: required 10000 requests; observed 9997" in words


@pytest.mark.parametrize("served_after", [2.0, PATIENCE])
def test_a_client_is_served_again_when_it_was_told_neither_sooner_nor_later(served_after: float) -> None:
    assert "after the 12 s" in words_of(come_back_in_time(), replace(RECOVERY, served_after=served_after))


def test_a_minute_that_does_not_end_cannot_recover() -> None:
    before = replace(RECOVERY.before, served=8, refused=0, come_back=-1)
    assert "refused when it is used up" in words_of(come_back_in_time(), replace(RECOVERY, before=before))


def test_guessing_that_leads_somewhere_is_named_and_so_is_a_caller_shut_out() -> None:
    words = words_of(
        find_nothing_by_guessing(), replace(GUESSES, right_guess=200, pretending=200, regular=429)
    )
    assert words.count("refused unseen") == 2
    assert "a client that is there all the time" in words
