"""The steady state, and what idle copies cost, on plain facts."""

from __future__ import annotations

import pytest

from readiness.core.content import contains
from readiness.probes.idle import idle_copy, steady_growth
from readiness.probes.steady import out_of_order
from readiness.targets.journey import value_at
from readiness.targets.platform import Usage
from tests.unit.deployment_facts import MEBIBYTE, a_copy, a_service


def usages(*mebibytes: float, cpu: float = 0.02) -> list[Usage]:
    return [
        Usage(float(second), cpu * second, round(size * MEBIBYTE)) for second, size in enumerate(mebibytes)
    ]


def test_all_copies_healthy_is_in_order() -> None:
    assert not list(out_of_order(a_service(), (a_copy("a"), a_copy("b", health=""))))


def test_everything_that_is_off_is_said() -> None:
    off = list(out_of_order(a_service(desired=3, update_state="updating"), (a_copy("a", health="starting"),)))
    assert off == [
        "shop runs 1 of 3 copies",
        "shop is being changed (updating)",
        "copy a of shop is starting",
    ]


def test_a_service_scaled_to_nothing_is_off() -> None:
    assert list(out_of_order(a_service(desired=0), ())) == ["shop is scaled to no copy at all"]


def test_short_peaks_are_no_growth() -> None:
    peaks = [40.0 + (9 if second % 7 == 3 else 0) for second in range(40)]
    assert steady_growth(usages(*peaks)) == 0


def test_a_leak_between_peaks_is_growth() -> None:
    leak = [40.0 + second * 0.1 + (9 if second % 7 == 3 else 0) for second in range(40)]
    assert steady_growth(usages(*leak)) == pytest.approx(0.1 * MEBIBYTE, rel=0.05)


def test_growth_in_steps_is_growth() -> None:
    steps = [40.0 + 5 * (second // 10) for second in range(40)]
    assert steady_growth(usages(*steps)) > 0.3 * MEBIBYTE


def test_the_share_is_one_of_the_limit_and_the_fullest_moment_counts() -> None:
    copy = idle_copy("a", usages(64, 128, 64), 512 * MEBIBYTE)
    assert (copy.share, copy.memory) == (0.25, 128 * MEBIBYTE)
    assert copy.cpu == pytest.approx(0.02)


def test_an_answer_may_say_more_than_is_expected_but_not_less() -> None:
    answer = {"id": 7, "items": [{"name": "shoe", "size": 9}], "open": True}
    assert contains(answer, {"items": [{"name": "shoe"}], "open": True})
    assert not contains(answer, {"items": [{"name": "hat"}]})
    assert not contains(answer, {"missing": None})
    assert not contains(None, {"id": 7})


def test_values_are_saved_from_objects_and_lists() -> None:
    assert value_at({"data": [{"id": 7}]}, "data.0.id") == 7
    assert value_at({"data": []}, "data.0.id") is None
    assert value_at("text", "id") is None
