"""What is required of releases, judged on made-up observations; a body that comes slowly; and numbered requests of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from readiness.config.releases import Bad, Edit
from readiness.drills import slow_customers
from readiness.drills.bad_beside import Undone
from readiness.drills.bad_releases import BadReleases
from readiness.drills.copy_watch import CopyLook
from readiness.drills.release_traffic import TrafficSeen, marks_in
from readiness.drills.releasing import BACK, OUT, Release, Step
from readiness.drills.sizing import Phase
from readiness.drills.slow_customers import SlowAnswer, Trickle
from readiness.load.results import Second, Serving
from readiness.matchers import releases as judged
from readiness.matchers.requirement import Requirement

OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
BEFORE, AFTER = "0" * 12, "1" * 12
SLOW = SlowAnswer("attach a file", 11.0, 17.0, "a", "", "s1")


def traffic(**changes: Any) -> TrafficSeen:
    good = TrafficSeen(
        sent=200,
        seconds=(Second(at=12.0, answered=20),),
        fresh=(),
        copies=(
            Serving("a", BEFORE, 8.0, 18.0, 90),
            Serving("b", AFTER, 15.0, 33.0, 80),
            Serving("c", BEFORE, 31.0, 36.0, 30),
        ),
        errors={},
        slow=(SLOW,),
        looks=(CopyLook(8.0, 2, (OLD, OLD)), CopyLook(15.0, 2, (NEW, OLD, OLD))),
        acknowledged=100,
        lost=(),
        twice=(),
        sent_again=0.0,
    )
    return replace(good, **changes)


def a_release(seen: TrafficSeen | None = None, **changes: Any) -> Release:
    good = Release(
        examined=201,
        former=OLD,
        next=NEW,
        out=Step(10.0, "", (NEW,)),
        back=Step(5.0, "", (OLD,)),
        phases=(Phase(OUT, 10.0, 20.0), Phase(BACK, 30.0, 35.0)),
        traffic=seen or traffic(),
    )
    return replace(good, **changes)


GOOD = [
    judged.is_served_without_a_fault,
    judged.keeps_every_write_once,
    judged.sends_nothing_twice,
    judged.moves_from_old_to_new_once,
    judged.always_has_its_copies,
    judged.runs_what_was_built,
]


@pytest.mark.parametrize("requirement", GOOD)
def test_a_release_that_nobody_notices_is_good(requirement: Callable[[], Requirement[Release]]) -> None:
    assert requirement().matches(a_release())


@pytest.mark.parametrize(
    ("requirement", "seen"),
    [
        (judged.is_served_without_a_fault, traffic(errors={"connection cut": 1})),
        (judged.is_served_without_a_fault, traffic(slow=(replace(SLOW, fault="status 502"),))),
        (judged.is_served_without_a_fault, traffic(slow=())),
        (judged.keeps_every_write_once, traffic(lost=("k7",))),
        (judged.keeps_every_write_once, traffic(twice=("k7",))),
        (judged.keeps_every_write_once, traffic(acknowledged=0)),
        (judged.sends_nothing_twice, traffic(sent_again=1.0)),
        (
            judged.always_has_its_copies,
            traffic(looks=(CopyLook(8.0, 2, (OLD, OLD)), CopyLook(9.0, 2, (OLD,)))),
        ),
    ],
)
def test_what_customers_notice_is_reported(
    requirement: Callable[[], Requirement[Release]], seen: TrafficSeen
) -> None:
    assert not requirement().matches(a_release(seen))


def test_fewer_copies_are_no_fault_where_fewer_are_asked_for() -> None:
    seen = traffic(looks=(CopyLook(8.0, 3, (OLD,) * 3), CopyLook(9.0, 2, (OLD,) * 2)))
    assert judged.always_has_its_copies().matches(a_release(seen))


@pytest.mark.parametrize(
    "stranger",
    [
        Serving("d", BEFORE, 13.0, 14.0, 1),  # a new copy of the old release during the release
        Serving("a", BEFORE, 8.0, 22.0, 1),  # the old one answers after the release
        Serving("d", AFTER, 9.0, 12.0, 1),  # the new one answers before it
        Serving("d", "unknown-name", 13.0, 14.0, 1),
        Serving("d", "", 13.0, 14.0, 1),
    ],
)
def test_visitors_who_meet_the_wrong_release_are_reported(stranger: Serving) -> None:
    seen = traffic()
    assert not judged.moves_from_old_to_new_once().matches(
        a_release(replace(seen, copies=(*seen.copies, stranger)))
    )


def test_a_release_that_nobody_met_was_none() -> None:
    seen = traffic(copies=(Serving("a", BEFORE, 8.0, 18.0, 90),))
    assert not judged.moves_from_old_to_new_once().matches(a_release(seen))


@pytest.mark.parametrize(
    "step",
    [
        {"out": Step(10.0, "", (OLD, NEW))},
        {"out": Step(10.0, "exit status 1", (NEW,))},
        {"back": Step(5.0, "", (NEW,))},
    ],
)
def test_what_runs_is_what_was_built(step: dict[str, Step]) -> None:
    assert not judged.runs_what_was_built().matches(a_release(**step))


def bad(**changes: Any) -> BadReleases:
    good = Undone(Bad.SLOW, True, True, 20.0, True, True, "", "", 6.0)
    return BadReleases(
        examined=201,
        undone=(replace(good, **changes),),
        phases=(Phase("slow", 10.0, 20.0),),
        traffic=traffic(),
    )


def test_a_bad_release_that_is_undone_and_told_of_is_well_treated() -> None:
    for requirement in (judged.are_undone, judged.are_told_to_people, judged.loses_nothing_meanwhile):
        assert requirement().matches(bad())


@pytest.mark.parametrize(
    ("requirement", "change"),
    [
        (judged.are_undone, {"undone": False}),
        (judged.are_undone, {"tried": False}),
        (judged.are_undone, {"kept": False}),
        (judged.are_told_to_people, {"told_after": None}),
        (judged.are_told_to_people, {"said": "all went well"}),
    ],
)
def test_a_bad_release_that_stays_or_hides_is_reported(
    requirement: Callable[[], Requirement[BadReleases]], change: dict[str, Any]
) -> None:
    assert not requirement().matches(bad(**change))


def test_only_failures_while_the_bad_release_was_out_count_against_it() -> None:
    seconds = (
        Second(at=5.0, answered=10, errors={"status 500": 9}),
        Second(at=12.0, answered=10, errors={"status 500": 1}),
    )
    assert replace(bad(), traffic=traffic(seconds=seconds)).failed_share == pytest.approx(0.1)


def test_marks_are_found_whatever_stands_around_them() -> None:
    assert list(marks_in(("rowing abc-k12", "rowing abc", "rowing abc-s3|x", "rowing xyz-k1"), "abc")) == [
        "k12",
        "s3",
    ]


def test_a_slow_body_comes_whole_and_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(slow_customers, "pause", pauses.append)
    body = Trickle(bytes(range(100)))
    assert b"".join(iter(body)) == bytes(range(100))
    assert len(body) == 100
    assert sum(pauses) == pytest.approx(slow_customers.TAKES, rel=0.1)


def test_an_edit_changes_the_file_or_says_why_not(tmp_path: Path) -> None:
    file = tmp_path / "source.py"
    file.write_text("one")
    Edit(append=" two").apply(file)
    Edit(replace=("one", "three")).apply(file)
    assert file.read_text() == "three two"
    with pytest.raises(ValueError, match="does not hold"):
        Edit(replace=("four", "five")).apply(file)
    with pytest.raises(ValueError, match="no edit"):
        Edit()
