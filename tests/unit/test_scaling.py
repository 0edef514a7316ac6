"""A service that grows and shrinks by itself, on plain facts: what is judged, what its log says, how it is drawn."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hamcrest.core.string_description import StringDescription
from PIL import Image

from readiness.config.autoscaling import DecisionLog
from readiness.drills.fullness import Fullness
from readiness.drills.growth import Growth
from readiness.drills.sizing import Agreed, Phase, Sizing
from readiness.load.results import Second
from readiness.matchers.requirement import Requirement
from readiness.matchers.scaling import (
    follows_the_customers_who_stay,
    grows_to_its_most_and_no_further,
    is_explained_by_decisions,
    keeps_its_size_while_nothing_is_measured,
    serves_with_every_added_copy,
)
from readiness.probes.decisions import Decision, decisions_in
from readiness.probes.sizes import Sample, changes_in
from readiness.report.timelines import picture_of_growth

AGREED = Agreed(processor=0.7, memory=0.8, seconds=180)
PHASES = (
    Phase("probing", 0, 5),
    Phase("rush", 5, 15),
    Phase("quiet", 15, 30),
    Phase("stay", 30, 70),
    Phase("gone", 70, 110),
)
FORM = DecisionLog(
    match={"event": "decision"}, time="time", before="from", after="to", processor="cpu", memory="mem"
)


def a_sample(at: float, asked: int, *, processor: float = 0.05, memory: float = 0.2) -> Sample:
    return Sample(at, asked, tuple(f"copy-{number}" for number in range(asked)), processor, memory)


def samples(*sizes: tuple[float, float, int], last: int = 110) -> tuple[Sample, ...]:
    """A look each second; each size holds from its beginning to its end."""
    size_at = {second: size for begin, end, size in sizes for second in range(int(begin), int(end))}
    busy = {*range(5, 15), *range(30, 70)}
    return tuple(
        a_sample(second, size_at.get(second, 2), processor=0.88 if second in busy else 0.05)
        for second in range(last)
    )


OUT = Decision(54.5, 2, 3, processor=0.87, memory=0.2)
IN = Decision(94.5, 3, 2, processor=0.05, memory=0.2)
GROWTH = Growth(
    examined=1000,
    least=2,
    most=10,
    samples=samples((55, 95, 3)),
    decisions=(Decision(40, 2, 2, 0.6, 0.2), Decision(50, 2, 2, None, None), OUT, IN),
    phases=PHASES,
    load=(Second(31.0, answered=5, p50=0.01, p95=0.02),),
    errors={},
    served={"copy-0": 100, "copy-1": 100, "copy-2": 40},
    added=("copy-2",),
    first_served=30.0,
    driven=0.88,
)
FULL = Fullness(
    examined=60,
    least=2,
    most=10,
    samples=tuple(a_sample(at, 9 if at < 50 else 10, memory=0.2 if at < 10 else 0.9) for at in range(60)),
    decisions=(Decision(49.0, 9, 10, processor=0.05, memory=0.89),),
    phases=(Phase("unmeasured", 0, 30), Phase("full", 30, 60)),
    filled=0.9,
)


def complaint(matcher: Requirement[Any], seen: Sizing) -> str:
    """What the matcher says; "" where the requirement is met."""
    if matcher.matches(seen):
        return ""
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


def test_growing_for_those_who_stay_and_shrinking_after_them_is_right() -> None:
    assert complaint(follows_the_customers_who_stay(), GROWTH) == ""
    assert complaint(serves_with_every_added_copy(), GROWTH) == ""
    assert complaint(is_explained_by_decisions(AGREED), GROWTH) == ""


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ([(12, 20, 3), (55, 95, 3)], "a rush that passes"),
        ([(20, 28, 3), (55, 95, 3)], "a rush that passes"),
        ([], "grows while customers stay"),
        ([(55, 60, 3), (65, 95, 3)], "no copy taken away while customers stay"),
        ([(55, 80, 3), (85, 95, 3)], "no copy added when customers have left"),
        ([(55, 110, 3)], "in the end"),
        ([(55, 95, 11)], "2 to 10"),
        ([(55, 95, 3), (95, 110, 1)], "in the end"),
    ],
)
def test_every_other_course_is_told(sizes: list[tuple[float, float, int]], why: str) -> None:
    assert why in complaint(follows_the_customers_who_stay(), replace(GROWTH, samples=samples(*sizes)))


def test_growing_in_two_steps_is_right() -> None:
    seen = replace(GROWTH, samples=samples((45, 60, 3), (60, 90, 4)))
    assert complaint(follows_the_customers_who_stay(), seen) == ""


def test_an_added_copy_that_nobody_is_sent_to_is_paid_for_in_vain() -> None:
    seen = replace(GROWTH, served={"copy-0": 100, "copy-1": 100})
    assert "copy-2" in complaint(serves_with_every_added_copy(), seen)


def test_a_customer_turned_away_while_copies_come_and_go_is_told() -> None:
    assert "3 × status 503" in complaint(
        serves_with_every_added_copy(), replace(GROWTH, errors={"status 503": 3})
    )


@pytest.mark.parametrize(
    ("decisions", "why"),
    [
        ((), "none among 0 decisions"),
        ((OUT,), "from 3 to 2"),
        ((replace(OUT, processor=None, memory=None), IN), "without values"),
        ((replace(OUT, processor=0.4), IN), "that its values call for"),
        ((replace(OUT, processor=0.4, memory=0.9), IN), "memory: required what we measured"),
        ((OUT, replace(IN, processor=0.75)), "that its values call for"),
        ((OUT, IN, Decision(50, 2, 2, processor=0.3, memory=0.02)), "memory: required what we measured"),
        ((replace(OUT, at=20.0), IN), "from 2 to 3"),
    ],
)
def test_a_change_without_a_true_decision_behind_it_is_told(
    decisions: tuple[Decision, ...], why: str
) -> None:
    assert why in complaint(is_explained_by_decisions(AGREED), replace(GROWTH, decisions=decisions))


def test_an_average_over_idle_neighbours_is_not_what_we_measured() -> None:
    diluted = tuple(Decision(at, 2, 2, processor=0.4, memory=0.2) for at in (62.0, 65.0, 68.0))
    seen = replace(
        GROWTH,
        samples=tuple(replace(each, processor=0.88) for each in GROWTH.samples),
        decisions=(*GROWTH.decisions[2:], *diluted),
    )
    assert "by their processor: required what we measured" in complaint(
        is_explained_by_decisions(AGREED), seen
    )


def test_full_memory_and_missing_measurements_are_handled_well() -> None:
    assert complaint(keeps_its_size_while_nothing_is_measured(), FULL) == ""
    assert complaint(grows_to_its_most_and_no_further(), FULL) == ""
    assert complaint(is_explained_by_decisions(AGREED), FULL) == ""
    assert FULL.largest == 10


def test_acting_on_missing_measurements_is_told() -> None:
    seen = replace(FULL, samples=tuple(a_sample(at, 9 if at < 25 else 2) for at in range(60)))
    assert "from 9 to 2" in complaint(keeps_its_size_while_nothing_is_measured(), seen)


@pytest.mark.parametrize(("size", "why"), [(9, "in the end"), (11, "from 9 to 11"), (3, "from 9 to 3")])
def test_another_size_than_the_most_is_told(size: int, why: str) -> None:
    seen = replace(FULL, samples=tuple(a_sample(at, 9 if at < 50 else size) for at in range(60)))
    assert why in complaint(grows_to_its_most_and_no_further(), seen)


def a_line(**changes: object) -> str:
    plain = {
        "event": "decision",
        "time": "1970-01-01T00:00:10+00:00",
        "from": 2,
        "to": 3,
        "cpu": 0.9,
        "mem": 0.1,
    }
    return json.dumps({**plain, **changes})


def test_decisions_are_read_from_a_log_of_all_kinds_of_lines() -> None:
    log = "\n".join(["words", "[1]", json.dumps({"event": "started"}), a_line(), a_line(cpu=None, mem=None)])
    assert list(decisions_in(log, FORM, offset=100.0)) == [
        Decision(110.0, 2, 3, 0.9, 0.1),
        Decision(110.0, 2, 3, None, None),
    ]


@pytest.mark.parametrize(
    "line", [a_line(time="soon"), a_line(to=None), a_line(event="other"), '{"event": "decision"}']
)
def test_a_line_that_does_not_tell_when_or_what_is_no_decision(line: str) -> None:
    assert list(decisions_in(line, FORM, offset=0.0)) == []


def test_changes_are_seen_between_looks() -> None:
    assert [(each.before, each.after) for each in changes_in(GROWTH.samples)] == [(2, 3), (3, 2)]


def test_the_visit_is_drawn() -> None:
    with Image.open(io.BytesIO(picture_of_growth(GROWTH))) as picture:
        assert picture.width == 900
        assert len(picture.getcolors(10_000) or ()) > 5
