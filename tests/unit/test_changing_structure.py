"""What is required of a change of the data's structure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.drills.changing_structure import Change, Changed, ChangedAgain, ChangedBack, Work
from readiness.matchers.changing_structure import (
    is_not_noticed,
    is_taken_back,
    is_taken_up,
    is_the_same_again,
    keeps_everything,
    writes_nothing_anew,
)
from readiness.probes.structure import WAITED, Structure
from readiness.targets.swarm_copy import with_image

OLD = Change("", Structure(("column a",), ("1",)), {"notes": "2 rows, checksum 7"})
NEW = Change("", Structure(("column a", "column b"), ("2",)), {"notes": "2 rows, checksum 7"})
WORK = Work({"before": 7, "present": 7}, (), 0.2, "notes", 9)
CHANGED = Changed(examined=3, before=OLD, after=NEW, work=WORK, rewritten=())
BACK = ChangedBack(examined=3, before=OLD, after=OLD, work=WORK)
AGAIN = ChangedAgain(examined=3, first=NEW, again=NEW, cut=1, resumed=NEW)
LOSSY = replace(NEW, content={"notes": "2 rows, checksum 8"})


def test_a_good_change_is_good_everywhere() -> None:
    for requirement in (is_not_noticed(), writes_nothing_anew(), keeps_everything()):
        assert requirement.matches(CHANGED)
    assert is_taken_back().matches(BACK)
    assert is_the_same_again().matches(AGAIN)
    assert is_taken_up().matches(AGAIN)


@pytest.mark.parametrize(
    "work",
    [
        replace(WORK, faults=("before: write: status 500",)),
        replace(WORK, requests={"before": 7}),
        replace(WORK, requests={"present": 7}),
        replace(WORK, looks=0),
    ],
)
def test_customers_who_notice_or_do_not_come_are_told(work: Work) -> None:
    assert not is_not_noticed().matches(replace(CHANGED, work=work))


def test_failures_losses_and_rewritten_tables_are_told() -> None:
    assert not is_not_noticed().matches(replace(CHANGED, after=replace(NEW, words="exit status 1")))
    assert not writes_nothing_anew().matches(replace(CHANGED, rewritten=("notes",)))
    assert not keeps_everything().matches(replace(CHANGED, after=LOSSY))


@pytest.mark.parametrize(
    "after",
    [
        NEW,
        replace(OLD, words="exit status 1"),
        replace(OLD, content={}),
        replace(OLD, structure=Structure(("column a",), ("2",))),
    ],
)
def test_what_is_not_taken_back_is_told(after: Change) -> None:
    assert not is_taken_back().matches(replace(BACK, after=after))


def test_runs_that_end_otherwise_are_told() -> None:
    assert not is_the_same_again().matches(replace(AGAIN, again=LOSSY))
    assert not is_taken_up().matches(replace(AGAIN, cut=0))
    assert not is_taken_up().matches(replace(AGAIN, resumed=replace(NEW, words="exit status 1")))
    half = replace(NEW, structure=Structure(("column a",), ("2",)))
    assert not is_taken_up().matches(replace(AGAIN, resumed=half))


def test_the_longest_wait_is_read_from_what_the_database_says() -> None:
    said = "NOTICE:  readiness: waited 0.301877 at workouts in 812"
    found = WAITED.search(said)
    assert found is not None
    assert found.groups() == ("0.301877", "workouts", "812")


def test_a_variant_differs_from_its_service_in_the_image_alone() -> None:
    spec = {"Name": "shop", "TaskTemplate": {"ContainerSpec": {"Image": "shop:2", "User": "1"}, "Networks": []}}
    former = with_image(spec, "shop:1")
    assert former["TaskTemplate"]["ContainerSpec"] == {"Image": "shop:1", "User": "1"}
    assert with_image(former, "shop:2") == spec
