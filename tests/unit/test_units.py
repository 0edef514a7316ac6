"""Quantities are read from the plan's spellings, strictly, and told in words for people."""

from __future__ import annotations

import math

import pytest

from readiness.core.units import UNITS, Dimension, Quantity, describe, parse


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("512Mi", Dimension.SIZE, 512 * 1024**2),
        ("500 MB", Dimension.SIZE, 500_000_000),
        ("500m", Dimension.CPU, 0.5),
        ("0.10 CPU", Dimension.CPU, 0.1),
        ("2", Dimension.CPU, 2),
        ("5000ms", Dimension.DURATION, 5),
        ("10 ms", Dimension.DURATION, 0.01),
        ("30 seconds", Dimension.DURATION, 30),
        ("2 minutes", Dimension.DURATION, 120),
        ("5m", Dimension.DURATION, 300),
        ("1h", Dimension.DURATION, 3600),
        ("30d", Dimension.DURATION, 30 * 86400),
        ("10rps", Dimension.RATE, 10),
        ("600 per minute", Dimension.RATE, 10),
        ("5%", Dimension.RATIO, 0.05),
        ("20 layers", Dimension.COUNT, 20),
        ("20", Dimension.COUNT, 20),
        ("2 MiB per minute", Dimension.GROWTH, 2 * 1024**2 / 60),
    ],
)
def test_the_plans_spellings_are_understood(text: str, dimension: Dimension, value: float) -> None:
    quantity = parse(text, dimension)
    assert quantity.dimension is dimension
    assert quantity.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("30", Dimension.DURATION),
        ("-5s", Dimension.DURATION),
        ("1e3s", Dimension.DURATION),
        ("5 parsecs", Dimension.DURATION),
        ("5 S", Dimension.DURATION),
        ("500m", Dimension.SIZE),
        ("500", Dimension.SIZE),
        ("512mi", Dimension.SIZE),
        ("70", Dimension.RATIO),
        ("0.5", Dimension.RATIO),
        ("30 seconds", Dimension.CPU),
        ("10", Dimension.RATE),
        ("2.5 layers", Dimension.COUNT),
        ("20 seconds", Dimension.COUNT),
        ("20 MB", Dimension.COUNT),
        ("20m", Dimension.COUNT),
        ("2 MiB", Dimension.GROWTH),
        ("nan s", Dimension.DURATION),
        ("", Dimension.SIZE),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str, dimension: Dimension) -> None:
    with pytest.raises(ValueError, match=rf"is no {dimension}; allowed: .*such as"):
        parse(text, dimension)


def test_m_means_minutes_for_durations_and_thousandths_for_processors() -> None:
    assert parse("500m", Dimension.DURATION).value == 30_000
    assert parse("500m", Dimension.CPU).value == 0.5


@pytest.mark.parametrize(
    ("dimension", "unit"), [(dimension, unit) for dimension, units in UNITS.items() for unit in units]
)
def test_every_unit_is_proportional_and_may_stand_with_or_without_a_blank(
    dimension: Dimension, unit: str
) -> None:
    one = parse(f"1 {unit}".strip(), dimension).value
    assert one > 0
    for number in ("0", "3", "2.5", "1000"):
        close = parse(f"{number}{unit}", dimension)
        apart = parse(f"{number} {unit}".strip(), dimension)
        assert close == apart
        assert close.value == pytest.approx(float(number) * one)


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (41.23, Dimension.DURATION, "41.2 s"),
        (0.0043, Dimension.DURATION, "4.3 ms"),
        (131, Dimension.DURATION, "2.18 min"),
        (3600, Dimension.DURATION, "1 h"),
        (7 * 86400, Dimension.DURATION, "7 days"),
        (0, Dimension.DURATION, "0 ms"),
        (512 * 1024**2, Dimension.SIZE, "512 MiB"),
        (17, Dimension.SIZE, "17 bytes"),
        (0.5, Dimension.CPU, "0.5 CPU"),
        (0.0123456, Dimension.CPU, "0.0123 CPU"),
        (0.043, Dimension.RATIO, "4.3 %"),
        (10, Dimension.RATE, "10 per second"),
        (2 * 1024**2 / 60, Dimension.GROWTH, "2 MiB per minute"),
        (-1024 / 60, Dimension.GROWTH, "-1 KiB per minute"),
        (148, Dimension.COUNT, "148"),
        (1_234_567, Dimension.COUNT, "1234567"),
        (math.nan, Dimension.DURATION, "no number"),
    ],
)
def test_quantities_are_told_for_people(value: float, dimension: Dimension, text: str) -> None:
    assert describe(Quantity(value, dimension)) == text


def test_sizes_can_be_told_in_thousands() -> None:
    assert describe(Quantity(212_000_000, Dimension.SIZE), decimal_sizes=True) == "212 MB"
