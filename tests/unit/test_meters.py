"""What meters report beside what the kernel told, and what is required of them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from readiness.config.budgets import load_budgets
from readiness.core.errors import CannotLook
from readiness.drills.calibration import Calibration, Compared, Labelled, Told, grown, level, summed, told_in
from readiness.drills.database_trouble import DatabaseTrouble, Raised
from readiness.drills.rule_trials import Moment, Tried
from readiness.drills.wrong_password import LockedOut, value_of
from readiness.matchers.database_trouble import is_told_of, raises_its_alarms
from readiness.matchers.meters import name_every_copy, tell_memory_from_cache, tell_the_truth
from readiness.targets.metrics import Series

TOLERANCE = load_budgets(Path(__file__).parents[2]).by_id("meter_tolerance")


def told(second: float, processor: float) -> Told:
    return Told(
        1000.0 + second, second, 1, "/dev/sda1", processor, 200.0, 5.0 + processor, 900.0, 5000.0 - second
    )


TRUTH = [told(second / 10, 0.3 * second / 10) for second in range(200)]
GOOD = Calibration(
    examined=3,
    compared=(Compared("processor time", 3.1, 2.9, 3.3, "s"),),
    copies=(Labelled("redis", "abc", "shop_redis"), Labelled("calibration", "def", "calibration")),
    stack="shop",
    machines=1,
    nodes=1,
    alarm="MemoryHigh",
    alarm_exists=True,
    cried_over_cache=False,
    saw_memory=True,
    told=(),
)


def test_growth_is_compared_between_the_same_two_samples() -> None:
    samples = [(1005.0, 101.5), (1010.0, 103.0), (1015.0, 104.5)]
    seen = grown("processor", samples, TRUTH, lambda each: each.processor, 1.0, "s")
    assert seen.reported == pytest.approx(3.0)
    assert seen.least < 3.0 < seen.most
    assert seen.most - seen.least < 0.9
    assert grown("processor", samples[:1], TRUTH, lambda each: each.processor, 1.0, "s").reported is None


def test_a_level_is_compared_with_the_truth_around_it() -> None:
    seen = level("disk", [(1005.0, 4995.0), (1012.0, 4988.0)], TRUTH, lambda each: each.free, 1.0, "B")
    assert (seen.reported, seen.least, seen.most) == (4988.0, pytest.approx(4987.0), pytest.approx(4988.2))
    assert level("disk", [(999.0, 5000.0)], TRUTH, lambda each: each.free, 1.0, "B").reported is None


def test_series_of_one_scrape_are_added_up_and_others_left_out() -> None:
    one, other = Series({}, ((10.0, 1.0), (20.0, 2.0))), Series({}, ((10.0, 5.0), (40.0, 7.0)))
    assert summed([one, other], 10.0, 30.0) == [(10.0, 6.0), (20.0, 2.0)]


def test_what_the_load_prints_is_read_and_its_failure_is_no_measurement() -> None:
    assert told_in(f"warming up\n{json.dumps(asdict(TRUTH[0]))}\n") == (TRUTH[0],)
    with pytest.raises(CannotLook, match="MemoryError"):
        told_in("Traceback\nMemoryError\n")


def test_true_meters_with_the_right_names_pass() -> None:
    assert tell_the_truth(TOLERANCE).matches(GOOD)
    assert name_every_copy().matches(GOOD)
    assert tell_memory_from_cache().matches(GOOD)


@pytest.mark.parametrize(
    "compared",
    [
        Compared("processor time", 3.7, 2.9, 3.3, "s"),
        Compared("processor time", 2.5, 2.9, 3.3, "s"),
        Compared("processor time", None, 2.9, 3.3, "s"),
    ],
)
def test_a_meter_beyond_the_tolerance_fails(compared: Compared) -> None:
    assert not tell_the_truth(TOLERANCE).matches(replace(GOOD, compared=(compared,)))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, copies=(Labelled("redis", "abc", "shop_edge"),)),
        replace(GOOD, copies=(Labelled("redis", "abc", ""),)),
        replace(GOOD, copies=(Labelled("redis", "abc", None),)),
        replace(GOOD, nodes=2),
    ],
)
def test_a_copy_or_a_machine_that_is_not_measured_fails(wrong: Calibration) -> None:
    assert not name_every_copy().matches(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, cried_over_cache=True),
        replace(GOOD, saw_memory=False),
        replace(GOOD, alarm_exists=False, saw_memory=False),
    ],
)
def test_an_alarm_that_takes_cache_for_memory_or_sees_neither_fails(wrong: Calibration) -> None:
    assert not tell_memory_from_cache().matches(wrong)


@pytest.mark.parametrize(
    ("raised", "passes"),
    [
        (Raised("ConnectionsHigh", True, 6.0, "postgres"), True),
        (Raised("ConnectionsHigh", True, None, ""), False),
        (Raised("ConnectionsHigh", False, None, ""), False),
        (Raised("ConnectionsHigh", True, 6.0, "postgres-exporter"), False),
    ],
)
def test_alarms_about_the_database_have_to_name_it(raised: Raised, passes: bool) -> None:
    seen = DatabaseTrouble(examined=1, service="postgres", compared=(), raised=(raised,), told=())
    assert raises_its_alarms().matches(seen) is passes


TRIED = Tried("locked out", "DatabaseDown", (Moment(45.0, True),), ())
LOCKED_OUT = LockedOut(
    examined=3, alarm="DatabaseDown", series="db_up", locked_out=0.0, running=1.0, tried=TRIED
)


@pytest.mark.parametrize(
    ("seen", "passes"),
    [
        (LOCKED_OUT, True),
        (replace(LOCKED_OUT, tried=replace(TRIED, wrong_at=(45.0,))), False),
        (replace(LOCKED_OUT, tried=None), False),
        (replace(LOCKED_OUT, locked_out=None), False),
        (replace(LOCKED_OUT, running=None), False),
    ],
)
def test_an_exporter_that_is_locked_out_has_to_become_an_alarm(seen: LockedOut, passes: bool) -> None:
    assert is_told_of().matches(seen) is passes


def test_a_value_is_found_in_what_an_exporter_gives_out() -> None:
    text = '# TYPE pg_up gauge\npg_up 0\npg_up_other 1\npg_static{x="y"} 1\n'
    assert value_of("pg_up", text) == 0.0
    assert value_of("pg_static", text) == 1.0
    assert value_of("pg_down", text) is None
