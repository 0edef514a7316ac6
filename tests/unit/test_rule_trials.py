"""Rules on simulated time, and what is required of them; outages, and the alarms that name them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from readiness.config.availability import GoneAlarm
from readiness.config.capacity import CapacityWarning, Rising
from readiness.core.errors import CannotLook
from readiness.drills.capacity import AlarmsLookAt, LooksAt, Warned, trials_of, trials_of_filling
from readiness.drills.outages import Outage, Outages, trial_of
from readiness.drills.rule_trials import (
    Moment,
    Trial,
    Tried,
    ramp,
    steps,
    told_of,
    trial_file,
    written,
    wrong_moments,
)
from readiness.matchers.capacity import come_in_time, look_at_what_exists
from readiness.matchers.outages import are_all_named, are_all_over, keep_their_time, name_each_time
from readiness.probes.selectors import selectors_in
from readiness.targets.metrics import AlertRule

RULE = AlertRule("MemoryHigh", "used / limit > 0.85", 180.0, {"severity": "warning"})
SAID = """
Unit Testing:  /tmp/trial_1.yml
  SUCCESS

Unit Testing:  /tmp/trial_2.yml
  FAILED:
    expr: "clamp_max(count(ALERTS{alertname=\\"MemoryHigh\\",alertstate=\\"firing\\"}), 1)", time: 1m15s,
        exp:"{} 1E+00"
        got:"nil"

Unit Testing:  /tmp/trial_3.yml
  FAILED:
parse error: unexpected identifier
"""


def test_what_promtool_says_is_told_apart_by_trial() -> None:
    told = told_of(SAID)
    assert wrong_moments(told[1]) == ()
    assert wrong_moments(told[2]) == (75.0,)
    with pytest.raises(CannotLook, match="parse error"):
        wrong_moments(told[3])
    with pytest.raises(CannotLook, match="nothing"):
        wrong_moments("")


def test_a_trial_asks_at_each_moment_whether_the_alarm_is_on() -> None:
    trial = Trial("", RULE, {'used{a="b"}': "1+0x9"}, (Moment(30, False), Moment(225, True)))
    (test,) = yaml.safe_load(trial_file(trial, 7))["tests"]
    assert test["input_series"] == [{"series": 'used{a="b"}', "values": "1+0x9"}]
    assert [(each["eval_time"], bool(each["exp_samples"])) for each in test["promql_expr_test"]] == [
        ("30s", False),
        ("225s", True),
    ]


def test_values_are_written_as_promtool_reads_them() -> None:
    assert steps([(0.8, 30), (0.5, 45)]) == "0.8+0x1 0.5+0x2"
    assert steps([(2.0, 30), (1.0, 30)], counts=True) == "0+30x1 60+15x1"
    assert ramp(100, 40, 60) == "100-15x4"
    assert written({"__name__": "up", "b": 'say "x"', "a": "1"}) == 'up{a="1",b="say \\"x\\""}'


def test_a_warning_is_tried_on_both_sides_of_its_limit() -> None:
    warning = CapacityWarning(
        alarm="MemoryHigh",
        about="memory",
        series=(Rising(series="used", full=100, follows="share"), Rising(series="limit", full=100)),
    )
    above, below = trials_of(warning, RULE, 0.85, 180.0, lambda each: [f"{each.series}{{}}"])
    assert above.series["used{}"].startswith("86+0x")
    assert above.series["limit{}"].startswith("100+0x")
    assert [each.on for each in above.moments] == [False, True, False]
    assert above.moments[0].at < 180 < above.moments[1].at < above.moments[2].at
    assert below.series["used{}"].startswith("84+0x")
    assert not any(each.on for each in below.moments)


def test_a_filling_disk_is_told_of_before_the_limit_and_a_still_one_is_not() -> None:
    free = Rising(series="free", full=1000, follows="rest")
    filling, still, slow = trials_of_filling([free], RULE, lambda _: ["free{}"])
    assert filling.series["free{}"].startswith("500-")
    assert filling.moments[-1].on
    assert not any(each.on for each in (*still.moments, *slow.moments))


def test_a_target_that_vanishes_is_tried_as_a_series_that_ends() -> None:
    trial = trial_of(GoneAlarm(alarm="MemoryHigh", series="up", ill=None, well=1), RULE, ["up{}"])
    assert trial.series["up{}"] == "1+0x3 stale _x15 1+0x7"
    assert [each.on for each in trial.moments] == [False, True, False]


def test_selectors_are_found_wherever_they_stand() -> None:
    expression = 'sum(rate(a{x="1"}[5m])) / b > 1 or absent(c offset 5m) and predict_linear(d[1h], 4) < -(e)'
    assert selectors_in(expression) == ('a{x="1"}', "b", "c", "d", "e")
    assert selectors_in("vector(1)") == ()
    with pytest.raises(CannotLook, match="cannot be read"):
        selectors_in("sum(")


TRIED = Tried("just above 85%", "MemoryHigh", (Moment(30, False), Moment(225, True)), ())


@pytest.mark.parametrize(
    ("seen", "passes"),
    [
        (Warned(examined=1, tried=(("memory", TRIED),), absent=(), unruled=()), True),
        (
            Warned(examined=1, tried=(("memory", replace(TRIED, wrong_at=(225,))),), absent=(), unruled=()),
            False,
        ),
        (Warned(examined=1, tried=(("memory", TRIED),), absent=(("memory", "A", "b"),), unruled=()), False),
        (Warned(examined=1, tried=(("memory", TRIED),), absent=(), unruled=(("memory", "A"),)), False),
        (Warned(examined=1, tried=(("disk", TRIED),), absent=(), unruled=()), False),
        (Warned(examined=1, tried=(("memory", TRIED),), absent=(("disk", "A", "b"),), unruled=()), True),
    ],
)
def test_warnings_have_to_come_in_time(seen: Warned, passes: bool) -> None:
    assert come_in_time("memory", "in time").matches(seen) is passes


@pytest.mark.parametrize(
    ("look", "wrong_at", "passes"),
    [
        (LooksAt("A", "up", 3), (), True),
        (LooksAt("A", "up", 0), (), False),
        (LooksAt("A", "event", 0, "comes with the event"), (), True),
        (LooksAt("A", "event", 0, "comes with the event"), (225,), False),
    ],
)
def test_an_alarm_that_looks_at_nothing_is_dead(
    look: LooksAt, wrong_at: tuple[float, ...], passes: bool
) -> None:
    seen = AlarmsLookAt(examined=1, looks=(look,), tried=(replace(TRIED, wrong_at=wrong_at),))
    assert look_at_what_exists().matches(seen) is passes


OUTAGE = Outage("redis", "hangs", ("CacheDown",), 9.0, 24.0, 7.0)


def outages(*seen: Outage, loud: tuple[str, ...] = (), unruled: tuple[str, ...] = ()) -> Outages:
    return Outages(examined=1, outages=seen, loud_before=loud, tried=(TRIED,), unruled=unruled)


def test_outages_that_are_named_in_time_and_end_pass() -> None:
    seen = outages(OUTAGE, replace(OUTAGE, service="edge", told_after=40.0))
    assert are_all_named().matches(seen)
    assert are_all_over().matches(seen)
    assert keep_their_time().matches(seen)
    assert name_each_time("redis").matches(seen)
    assert seen.slowest == 40.0


def test_outages_that_nobody_sees_or_that_do_not_end_fail() -> None:
    unseen = replace(OUTAGE, alarms=(), seen_after=None, told_after=None)
    assert not are_all_named().matches(outages(OUTAGE, unseen))
    assert not name_each_time("redis").matches(outages(OUTAGE, unseen))
    assert not name_each_time("postgres").matches(outages(OUTAGE))
    assert not are_all_named().matches(outages(OUTAGE, loud=("edge",)))
    assert not are_all_over().matches(outages(replace(OUTAGE, over_after=None)))
    assert not keep_their_time().matches(outages(OUTAGE, unruled=("CacheDown",)))
    with pytest.raises(ValueError, match="not seen"):
        _ = outages(unseen).slowest
