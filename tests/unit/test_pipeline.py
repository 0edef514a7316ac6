"""What is required of the way from sources to customers, judged on made-up runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from readiness.drills.copy_watch import CopyLook
from readiness.drills.pipeline import PipelineRuns, Walk, steps_in
from readiness.matchers import pipeline as judged
from readiness.matchers.requirement import Requirement

OLD, NEW, BAD = (f"sha256:{digit * 64}" for digit in "012")
STEPS = ("built", "tested", "scanned", "deployed")
GOOD = Walk("", 0.0, 60.0, True, "", dict.fromkeys(STEPS, NEW), (NEW,))
RED = Walk("tests", 2.0, 70.0, False, "tests failed", {"built": BAD}, (NEW,))


def runs(**changes: Any) -> PipelineRuns:
    good = PipelineRuns(
        examined=7,
        former=OLD,
        walks=(GOOD, RED, replace(RED, gate="scan", began=71.0, ended=80.0)),
        alone=Walk("approval", 80.0, 80.1, False, "somebody else", {}, (NEW,)),
        looks=(CopyLook(1.0, 2, (OLD, OLD)), CopyLook(50.0, 2, (NEW, OLD))),
        taken_back=(OLD,),
    )
    return replace(good, **changes)


def deploys() -> Requirement[PipelineRuns]:
    return judged.deploys_what_it_tested(STEPS)


ALL = (deploys, judged.stops_at_each_gate, judged.takes_turns, judged.needs_a_second_person)


@pytest.mark.parametrize("requirement", ALL)
def test_a_careful_pipeline_is_accepted(requirement: Callable[[], Requirement[PipelineRuns]]) -> None:
    assert requirement().matches(runs())


@pytest.mark.parametrize(
    ("requirement", "changes"),
    [
        (deploys, {"walks": (replace(GOOD, succeeded=False), RED)}),
        (deploys, {"walks": (replace(GOOD, steps={**GOOD.steps, "deployed": BAD}), RED)}),
        (deploys, {"walks": (replace(GOOD, steps={"built": NEW}), RED)}),
        (deploys, {"walks": (replace(GOOD, images=(NEW, OLD)), RED)}),
        (deploys, {"walks": (replace(GOOD, images=(BAD,)), RED)}),
        (deploys, {"walks": (replace(GOOD, images=(OLD,), steps=dict.fromkeys(STEPS, OLD)), RED)}),
        (deploys, {"taken_back": (NEW,)}),
        (judged.stops_at_each_gate, {"walks": (GOOD, replace(RED, succeeded=True))}),
        (judged.stops_at_each_gate, {"looks": (CopyLook(1.0, 2, (OLD, BAD)),)}),
        (judged.stops_at_each_gate, {"walks": (GOOD, replace(RED, images=(BAD,)))}),
        (judged.takes_turns, {"walks": (GOOD, replace(RED, ended=30.0))}),
        (judged.takes_turns, {"walks": (GOOD, replace(RED, began=61.0))}),
        (judged.takes_turns, {"walks": (replace(GOOD, succeeded=False), RED)}),
        (judged.needs_a_second_person, {"alone": replace(GOOD, gate="approval")}),
        (judged.needs_a_second_person, {"alone": replace(RED, gate="approval")}),
    ],
)
def test_a_careless_pipeline_is_reported(
    requirement: Callable[[], Requirement[PipelineRuns]], changes: dict[str, Any]
) -> None:
    assert not requirement().matches(runs(**changes))


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"steps": 3}'])
def test_a_record_that_says_nothing_has_nosteps_in(tmp_path: Path, text: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(text)
    assert steps_in(file) == {}
    assert steps_in(tmp_path / "nowhere") == {}
