"""Budgets judge on the right side of their limit, and sentences cannot drift away from them."""

from __future__ import annotations

import math

import pytest

from readiness.core.budgets import Budget, Budgets, Direction
from readiness.core.errors import SpecificationDrift
from readiness.core.units import Dimension, parse


def budget(name: str, limit: str, dimension: Dimension, direction: Direction = Direction.LESS_THAN) -> Budget:
    lines = ("PC1.1", "TC1.1.4")
    return Budget(
        name.replace(" ", "_"), lines, name, parse(limit, dimension), limit, direction, "plan: here"
    )


STARTUP = budget("container startup", "30 seconds", Dimension.DURATION)
SIZE = budget("image size", "500 MB", Dimension.SIZE)
LAYERS = budget("image layer", "20 layers", Dimension.COUNT)
BUDGETS = Budgets((STARTUP, SIZE, LAYERS))


@pytest.mark.parametrize(
    ("direction", "below", "equal", "above"),
    [
        (Direction.LESS_THAN, True, False, False),
        (Direction.AT_MOST, True, True, False),
        (Direction.AT_LEAST, False, True, True),
        (Direction.MORE_THAN, False, False, True),
    ],
)
def test_each_direction_has_its_side(direction: Direction, below: bool, equal: bool, above: bool) -> None:
    limited = budget("container startup", "30 seconds", Dimension.DURATION, direction)
    assert (limited.met_by(29.999), limited.met_by(30), limited.met_by(30.001)) == (below, equal, above)


@pytest.mark.parametrize("direction", Direction)
def test_no_number_meets_no_budget(direction: Direction) -> None:
    assert not budget("container startup", "30 seconds", Dimension.DURATION, direction).met_by(math.nan)


def test_a_budget_says_what_it_requires_and_what_was_seen() -> None:
    assert STARTUP.sentence() == "less than 30 seconds"
    assert STARTUP.observed(41.23) == "41.2 s"
    assert SIZE.observed(212_345_678) == "212 MB"


def test_a_value_just_beyond_the_limit_never_reads_like_the_limit() -> None:
    assert STARTUP.observed(30.0004) == "30.0004 s"
    assert STARTUP.observed(29.99) == "29.99 s"
    assert STARTUP.observed(30) == "30 s"


def test_a_sentence_finds_its_budget_by_name() -> None:
    assert BUDGETS.named("container startup", "30 seconds") is STARTUP
    assert BUDGETS.named("image layer", "20 layers") is LAYERS


def test_another_spelling_of_the_same_number_is_the_same_number() -> None:
    assert BUDGETS.named("container startup", "30000ms") is STARTUP


@pytest.mark.parametrize("number", ["29 seconds", "30 minutes", "30", "thirty seconds"])
def test_a_sentence_with_another_number_is_drift_and_both_numbers_are_named(number: str) -> None:
    with pytest.raises(SpecificationDrift) as drift:
        BUDGETS.named("container startup", number)
    assert repr(number) in str(drift.value)
    assert "'30 seconds'" in str(drift.value)


def test_a_count_of_other_things_is_drift() -> None:
    with pytest.raises(SpecificationDrift, match="'20 pages'"):
        BUDGETS.named("image layer", "20 pages")


def test_an_unknown_name_is_drift_and_near_names_are_told() -> None:
    with pytest.raises(SpecificationDrift, match=r"'container start'.*Near names: container startup\."):
        BUDGETS.named("container start", "30 seconds")


def test_a_name_like_no_other_is_answered_with_all_names() -> None:
    with pytest.raises(
        SpecificationDrift, match="Names there are: container startup, image size, image layer"
    ):
        BUDGETS.named("zzz", "1")


def test_code_finds_budgets_by_id_and_by_line() -> None:
    assert BUDGETS.by_id("image_size") is SIZE
    assert BUDGETS.of_line("TC1.1.4") == (STARTUP, SIZE, LAYERS)
    assert BUDGETS.of_line("TC9") == ()
    with pytest.raises(KeyError):
        BUDGETS.by_id("nosuch")
