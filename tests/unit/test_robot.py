"""The robot that tries releases: doors at which one thing is broken, and what is required of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from readiness.drills.robot import Robot, Trial, faults_for
from readiness.matchers import robot as judged
from readiness.matchers.requirement import Requirement
from readiness.probes import faulty_door
from readiness.probes.faulty_door import (
    ANOTHER_RELEASE,
    NO_CONTENT,
    TOO_LATE,
    WRONG_RELEASE,
    WRONG_STATUS,
    Fault,
    Kind,
    Passed,
    broken,
    is_refused_before,
    kind_of,
    passed,
)
from readiness.targets.door import Answer

MEMBER = "0d6f3a52-66a1-4b8e-9d55-0a3c1e0b7a11"
READ = Kind("GET", "/v1/workouts/*", 200)
GONE = Kind("GET", "/v1/workouts/*", 404)
MAKE = Kind("POST", "/v1/members", 201)
IMAGE = f"sha256:{'a' * 64}"


def an_answer(kind: Kind, **changes: Any) -> Answer:
    headers = {"X-Instance": "one", "X-Version": "a" * 12}
    return replace(
        Answer(kind.method, kind.path.replace("*", MEMBER), kind.status, 0.1, headers, b'{"id": "7"}'),
        **changes,
    )


def test_requests_that_differ_in_an_identifier_only_are_alike() -> None:
    assert kind_of("GET", f"/v1/workouts/{MEMBER}", 200) == READ


def test_everything_that_the_robot_asks_for_is_broken_in_turn() -> None:
    found = faults_for([MAKE, READ, GONE, READ])
    assert [each.what for each in found] == [WRONG_STATUS] * 3 + [NO_CONTENT, TOO_LATE, ANOTHER_RELEASE]


def test_a_door_changes_the_one_thing_that_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[float] = []
    monkeypatch.setattr(faulty_door, "pause", late.append)
    read, gone = an_answer(READ), an_answer(GONE)
    assert broken(read, Fault(WRONG_STATUS, READ), "X-Version", []).status == 500
    assert broken(gone, Fault(WRONG_STATUS, GONE), "X-Version", []).status == 200
    assert broken(gone, Fault(WRONG_STATUS, READ), "X-Version", []) is gone
    assert broken(read, Fault(NO_CONTENT, READ), "X-Version", []).body == b"{}"
    assert broken(read, Fault(TOO_LATE, READ), "X-Version", []) is read
    assert late == [faulty_door.LATE]
    assert broken(read, None, "X-Version", []) is read


def test_one_copy_names_another_release_and_the_others_do_not() -> None:
    before = [Passed(READ, "one", "a" * 12, "")]
    fault = Fault(ANOTHER_RELEASE)
    assert broken(an_answer(READ), fault, "x-version", before).headers["x-version"] == WRONG_RELEASE
    other = an_answer(READ, headers={"X-Instance": "two"})
    assert broken(other, fault, "x-version", before) is other


def test_what_would_make_something_of_which_nobody_knew_is_not_passed_on() -> None:
    assert is_refused_before("POST", "/v1/members", Fault(WRONG_STATUS, MAKE))
    assert not is_refused_before("POST", "/v1/members", Fault(WRONG_STATUS, READ))
    assert not is_refused_before("DELETE", "/v1/members", Fault(WRONG_STATUS, MAKE))


def test_what_was_made_is_remembered_by_its_path() -> None:
    assert passed(an_answer(MAKE), "X-Version") == Passed(MAKE, "one", "a" * 12, "/v1/members/7")
    assert passed(an_answer(READ), "X-Version").made == ""


def a_robot(**changes: Any) -> Robot:
    good = Robot(
        examined=10,
        trials=(Trial("", True, 2.0, "", ()), Trial("late", False, 4.0, "", ())),
        met=("one", "two"),
        copies=("one", "two"),
        releases=("a" * 12,),
        image=IMAGE,
    )
    return replace(good, **changes)


ALL = (judged.is_content_with_a_sound_release, judged.notices_what_is_broken, judged.leaves_nothing_behind)


@pytest.mark.parametrize("requirement", ALL)
def test_a_careful_robot_is_accepted(requirement: Callable[[], Requirement[Robot]]) -> None:
    assert requirement().matches(a_robot())


@pytest.mark.parametrize(
    ("requirement", "change"),
    [
        (ALL[0], {"trials": (Trial("", False, 2.0, "", ()),)}),
        (ALL[0], {"met": ("one",)}),
        (ALL[0], {"releases": ("a" * 12, "b" * 12)}),
        (ALL[0], {"releases": ("",)}),
        (ALL[1], {"trials": (Trial("", True, 2.0, "", ()), Trial("late", True, 4.0, "", ()))}),
        (ALL[1], {"trials": (Trial("", True, 2.0, "", ()),)}),
        (ALL[2], {"trials": (Trial("", True, 2.0, "", ("/v1/members/7",)),)}),
    ],
)
def test_a_careless_robot_is_reported(
    requirement: Callable[[], Requirement[Robot]], change: dict[str, Any]
) -> None:
    assert not requirement().matches(a_robot(**change))
