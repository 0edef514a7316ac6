"""What customers and callers leave behind to be looked for, how it is found, and what is said of a place that shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.core.spellings import spellings_of
from readiness.drills.leaking import Canary, Leaked, Leaks, Searched, leaked_into, malformed, personal_texts
from readiness.matchers.leaks import show_no_secret_and_nothing_personal, were_searched_in_earnest
from readiness.matchers.requirement import Requirement
from readiness.probes.sinks import Read, as_text

SECRET = "9f2c41d07be8a365"
CANARY = Canary("secret key", spellings_of(SECRET), (SECRET,))


def mismatch(matcher: Requirement[Any], seen: object) -> str:
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (f'GET /?api_key={SECRET} "', "whole"),
        ("OWYyYzQxZDA3YmU4YTM2NQ==", "whole"),
        ("refused key 9f2c41d0...", "in part"),
        ("refused key ****a365", ""),
        ("trace 119f2c41d0", ""),
    ],
)
def test_a_canary_is_found_whole_or_in_part(text: str, how: str) -> None:
    assert CANARY.is_in(text) == how
    expected = [Leaked("secret key", "the log of shop", how)] if how else []
    assert list(leaked_into(Read("the log of shop", text, True), [CANARY])) == expected


def test_an_answer_is_searched_with_its_headers() -> None:
    assert CANARY.is_in(as_text({"X-Echo": SECRET}, b"")) == "whole"


def test_the_customers_own_texts_are_those_with_his_mark() -> None:
    body = {"name": "Ann {run}", "size": 4, "tags": ["{run}", "plain"], "at": {"mail": "{run}@example.org"}}
    assert sorted(personal_texts(body, "m4rk")) == ["Ann m4rk", "m4rk", "m4rk@example.org"]


def test_malformed_bodies_say_all_that_the_right_one_does() -> None:
    body = {"name": "Ann m4rk", "size": 4}
    bodies = list(malformed(body))
    assert len(bodies) == 4
    assert all(b"Ann m4rk" in each for each in bodies)
    with pytest.raises(json.JSONDecodeError):
        json.loads(bodies[0])
    assert all(json.loads(each) != body for each in bodies[1:])


SEEN = Leaks(
    examined=2, failures={"422": 3, "503": 1}, searched=(Searched("the log of shop", 100, True),), leaked=(),
)  # fmt: skip


def test_a_search_that_finds_its_controls_and_nothing_else_is_right() -> None:
    assert were_searched_in_earnest().matches(SEEN)
    assert show_no_secret_and_nothing_personal().matches(SEEN)
    assert were_searched_in_earnest().matches(replace(SEEN, failures={"400": 1, "0": 1}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"searched": (Searched("metrics", 9, False),)},
            "metrics: required the control that was planted in it",
        ),
        ({"failures": {"422": 1}}, "a request that fails"),
        ({"failures": {"503": 1}}, "a request that is refused"),
    ],
)
def test_a_search_in_vain_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in mismatch(were_searched_in_earnest(), replace(SEEN, **changes))


def test_what_leaks_is_told_by_its_name_and_place() -> None:
    seen = replace(SEEN, leaked=(Leaked("secret key", "the log of edge", "in part"),))
    assert "the log of edge: required without secret key; observed it stands there in part" in mismatch(
        show_no_secret_and_nothing_personal(), seen
    )
