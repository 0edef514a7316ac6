"""When alarms sound in simulated time, and whether what is told is what customers felt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.drills.agreement import Agreement, Compared
from readiness.drills.soundings import Heard, Soundings, first_soundings
from readiness.matchers.soundings import are_silent_below, fails_as_meant, sound_when_agreed

WORDS = """
  FAILED:
    expr: "count(ALERTS{alertname=\\"Slow\\",alertstate=\\"firing\\"}) + 0 * 3", time: 5m15s,
        exp:"nil"
        got:"{} 1E+00"
    expr: "count(ALERTS{alertname=\\"Slow\\",alertstate=\\"firing\\"}) + 0 * 3", time: 5m30s,
    expr: "count(ALERTS{alertname=\\"Few\\",alertstate=\\"firing\\"}) + 0 * 12", time: 1h0m0s,
"""
GOOD = Heard("Slow", True, 300.0, beyond=300.0)
AGREED = Agreement(
    examined=9, compared=(Compared("mean", 1.0, 1.05, "s"), Compared("errors", 8.0, 7.6, "%")), times=(1.0,), odd=()
)  # fmt: skip


def heard(each: Heard) -> Soundings:
    return Soundings(examined=3, alarms=(each,))


def test_the_first_time_of_each_trial_is_found() -> None:
    assert first_soundings(WORDS) == {3: 315.0, 12: 3600.0}
    assert first_soundings("SUCCESS") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, rule=False),
        replace(GOOD, beyond=None),
        replace(GOOD, beyond=120.0),
        replace(GOOD, beyond=600.0),
    ],
)
def test_an_alarm_that_is_missing_deaf_early_or_late_is_told(wrong: Heard) -> None:
    assert sound_when_agreed().matches(heard(GOOD))
    assert not sound_when_agreed().matches(heard(wrong))


def test_an_alarm_below_its_threshold_or_for_clients_mistakes_is_told() -> None:
    assert are_silent_below().matches(heard(GOOD))
    assert not are_silent_below().matches(heard(replace(GOOD, within=300.0)))
    assert not are_silent_below().matches(heard(replace(GOOD, refused=120.0)))


def test_the_worst_difference_counts() -> None:
    assert AGREED.furthest == pytest.approx(0.05)
    assert Compared("mean", 0.0, 1.0, "s").apart == float("inf")
    assert fails_as_meant().matches(AGREED)
    assert not fails_as_meant().matches(replace(AGREED, odd=("POST /: status 201 instead of 500",)))
