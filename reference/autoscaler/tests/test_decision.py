"""The rules: the formula, the windows, the cooldown, the bounds. Times are seconds of a clock in the test."""

from dataclasses import replace

import pytest

from autoscaler.decision import Decider, Decision, History, Policy, Reason, required
from autoscaler.utilisation import Utilisation

POLICY = Policy(
    2, 10, cpu_target=0.7, memory_target=0.8, tolerance=0.1, breach=20, cooldown=30, stabilisation=180
)


def decide(decider: Decider, now: float, present: int, cpu: float = 0.1, memory: float = 0.1) -> Decision:
    decider.observe(now, present)
    correction = decider.correct_bounds(now, present)
    return correction or decider.decide(now, present, Utilisation(present, cpu, memory))


def decisions(
    decider: Decider, times: range, present: int, cpu: float, memory: float = 0.1
) -> list[Decision]:
    return [decide(decider, now, present, cpu, memory) for now in times]


@pytest.mark.parametrize(
    ("replicas", "utilisation", "expected"),
    [
        (2, 1.00, 3),
        (2, 0.70, 2),
        (2, 0.769, 2),  # within the tolerance
        (2, 0.631, 2),
        (2, 0.78, 3),
        (4, 0.35, 2),
        (4, 0.36, 3),
        (3, 0.0, 0),
        (10, 0.84, 12),  # 12.000000000000002 in floating point
        (7, 0.8, 8),
    ],
)
def test_the_formula_of_kubernetes(replicas, utilisation, expected):
    assert required(replicas, utilisation, target=0.7, tolerance=0.1) == expected


def test_a_breach_that_persists_scales_out():
    seen = decisions(Decider(POLICY), range(0, 25, 5), present=2, cpu=0.95)
    assert [d.reason for d in seen] == [Reason.BRIEF] * 4 + [Reason.CPU]
    assert seen[-1] == Decision(2, 3, Reason.CPU)
    assert seen[-1].action == "scale-out"


def test_a_spike_of_one_sample_does_not():
    decider = Decider(POLICY)
    decisions(decider, range(0, 60, 5), present=2, cpu=0.5)
    spike = decisions(decider, range(60, 75, 5), present=2, cpu=1.0)
    after = decisions(decider, range(75, 120, 5), present=2, cpu=0.5)
    assert {d.reason for d in spike} == {Reason.BRIEF}
    assert all(d.action == "keep" for d in spike + after)


def test_what_persisted_is_the_least_that_was_required():
    decider = Decider(POLICY)
    decisions(decider, range(0, 20, 5), present=4, cpu=0.85)  # requires 5
    assert decide(decider, 20, 4, cpu=1.0) == Decision(4, 5, Reason.CPU)  # requires 6 now


def test_memory_asks_for_more_than_cpu_does():
    seen = decisions(Decider(POLICY), range(0, 25, 5), present=3, cpu=0.95, memory=1.2)
    assert seen[-1] == Decision(3, 5, Reason.MEMORY)


def test_cpu_above_its_target_outweighs_idle_memory():
    assert decisions(Decider(POLICY), range(0, 25, 5), 3, cpu=0.95, memory=0.01)[-1].wanted == 5


def test_the_size_never_exceeds_the_maximum():
    assert decisions(Decider(POLICY), range(0, 25, 5), 9, cpu=1.0)[-1] == Decision(9, 10, Reason.CPU)
    assert decisions(Decider(POLICY), range(0, 25, 5), 10, cpu=1.0)[-1] == Decision(10, 10, Reason.AT_MAXIMUM)


def test_the_size_never_falls_below_the_minimum():
    assert decisions(Decider(POLICY), range(0, 185, 5), 5, cpu=0.0)[-1] == Decision(5, 2, Reason.BELOW)
    assert decisions(Decider(POLICY), range(0, 185, 5), 2, cpu=0.0)[-1] == Decision(2, 2, Reason.AT_MINIMUM)


def test_scaling_in_waits_for_the_stabilisation_window():
    seen = decisions(Decider(POLICY), range(0, 185, 5), present=5, cpu=0.2)
    assert {d.reason for d in seen[:-1]} == {Reason.STABILISING}
    assert seen[-1] == Decision(5, 2, Reason.BELOW)


def test_scaling_in_goes_no_lower_than_the_window_required():
    decider = Decider(POLICY)
    decide(decider, 0, 5, cpu=0.1)
    decide(decider, 60, 5, cpu=0.5)  # requires 4
    assert decide(decider, 180, 5, cpu=0.1) == Decision(5, 4, Reason.BELOW)


def test_one_busy_moment_in_the_window_keeps_the_size():
    decider = Decider(POLICY)
    decisions(decider, range(0, 90, 5), 5, cpu=0.1)
    decide(decider, 90, 5, cpu=0.7)
    assert {d.action for d in decisions(decider, range(95, 270, 5), 5, cpu=0.1)} == {"keep"}
    assert decide(decider, 275, 5, cpu=0.1).action == "scale-in"


def test_after_a_change_nothing_changes_for_the_cooldown():
    decider = Decider(replace(POLICY, breach=5))
    decisions(decider, range(0, 10, 5), 2, cpu=1.0)
    seen = decisions(decider, range(10, 45, 5), 3, cpu=1.0)
    assert [d.reason for d in seen] == [Reason.BRIEF] + [Reason.COOLDOWN] * 5 + [Reason.CPU]


def test_a_size_set_by_hand_is_left_alone_for_the_whole_window():
    decider = Decider(POLICY)
    decisions(decider, range(0, 200, 5), 2, cpu=0.05)
    assert {d.action for d in decisions(decider, range(200, 380, 5), 7, cpu=0.05)} == {"keep"}
    assert decide(decider, 380, 7, cpu=0.05) == Decision(7, 2, Reason.BELOW)


def test_a_size_outside_the_bounds_is_corrected_whatever_is_used():
    assert decide(Decider(POLICY), 0, 1) == Decision(1, 2, Reason.BELOW_MINIMUM)
    assert decide(Decider(POLICY), 0, 12) == Decision(12, 10, Reason.ABOVE_MAXIMUM)


def test_it_is_corrected_only_after_the_cooldown():
    decider = Decider(POLICY)
    decide(decider, 0, 2)
    assert decide(decider, 5, 1).reason is Reason.COOLDOWN
    assert decide(decider, 34, 1).reason is Reason.COOLDOWN
    assert decide(decider, 35, 1) == Decision(1, 2, Reason.BELOW_MINIMUM)


def test_a_service_that_was_stopped_stays_stopped():
    assert decide(Decider(POLICY), 0, 0) == Decision(0, 0, Reason.SWITCHED_OFF)


def test_after_a_gap_in_the_evidence_all_windows_begin_anew():
    decider = Decider(POLICY)
    decisions(decider, range(0, 20, 5), 2, cpu=1.0)
    decider.hold(2, Reason.NO_METRICS)
    assert {d.reason for d in decisions(decider, range(20, 40, 5), 2, cpu=1.0)} == {Reason.BRIEF}
    assert decide(decider, 40, 2, cpu=1.0).action == "scale-out"


def test_history_says_nothing_about_a_time_it_does_not_cover():
    history = History(longest=10)
    history.add(100, 4)
    assert history.during(105, 10) == []
    assert history.during(110, 10) == [4]


def test_history_remembers_what_was_in_force_when_the_window_began():
    history = History(longest=10)
    for time, replicas in ((100, 4), (105, 5), (112, 6), (116, 7)):
        history.add(time, replicas)
    assert history.during(116, 10) == [5, 6, 7]
    assert history.during(116, 0) == [7]
