"""Quantities with a dimension, read from the plan's own spellings (`512Mi`, `500m`, `5000ms`, `5%`) and told to people."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What a quantity measures, and thereby its base unit."""

    DURATION = "duration"  # seconds
    SIZE = "size"  # bytes
    CPU = "cpu"  # processor cores
    RATE = "rate"  # per second
    GROWTH = "growth"  # bytes per second
    RATIO = "ratio"  # share of one: 0.05 is 5 %
    COUNT = "count"  # things


@dataclass(frozen=True)
class Quantity:
    """A value in the base unit of its dimension."""

    value: float
    dimension: Dimension


SECONDS: Mapping[str, float] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
}
BYTES: Mapping[str, float] = {
    **dict.fromkeys(("B", "byte", "bytes"), 1),
    **{unit: 1000**power for power, unit in enumerate(("kB", "MB", "GB", "TB"), start=1)},
    **{unit: 1024**power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti"), start=1)},
    **{unit: 1024**power for power, unit in enumerate(("KiB", "MiB", "GiB", "TiB"), start=1)},
}
PER: Mapping[str, float] = {f"per {unit}": SECONDS[unit] for unit in ("second", "minute", "hour", "day")}
UNITS: Mapping[Dimension, Mapping[str, float]] = {
    Dimension.DURATION: SECONDS,
    Dimension.SIZE: BYTES,
    Dimension.CPU: {"m": 0.001, "": 1, "CPU": 1, "CPUs": 1},
    Dimension.RATE: {"rps": 1, **{per: 1 / seconds for per, seconds in PER.items()}},
    Dimension.GROWTH: {
        f"{size} {per}": amount / seconds for size, amount in BYTES.items() for per, seconds in PER.items()
    },
    Dimension.RATIO: {"%": 0.01},
}
ALLOWED: Mapping[Dimension, str] = {
    Dimension.DURATION: "a number with ms, s, m, h, d or the words, such as 5000ms, 30 seconds, 5m, 30d",
    Dimension.SIZE: "a number with B, kB, MB, GB, TB (thousands) or Ki, Mi, Gi, Ti (of 1024), such as 512Mi, 500 MB",
    Dimension.CPU: "cores or thousandths of a core, such as 0.5, 0.5 CPU, 500m",
    Dimension.RATE: "a number with rps or per second, per minute, per hour, per day, such as 10rps",
    Dimension.GROWTH: "a size per time, such as 2 MiB per minute",
    Dimension.RATIO: "a percentage, such as 5%",
    Dimension.COUNT: "a whole number, alone or with what is counted, such as 20 or 20 layers",
}
NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>[A-Za-z%][A-Za-z% ]*)?")
COUNTED_THINGS = re.compile(r"(?:[a-z]{3,}(?: [a-z]+)*)?")


def parse(text: str, dimension: Dimension) -> Quantity:
    """Read `text` as a quantity of `dimension`. ValueError says what is allowed."""
    found = NUMBER_AND_UNIT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no {dimension}; allowed: {ALLOWED[dimension]}")
    number, unit = float(found["number"]), found["unit"] or ""
    if dimension is Dimension.COUNT:
        if not number.is_integer() or not COUNTED_THINGS.fullmatch(unit) or unit in SECONDS or unit in BYTES:
            raise ValueError(f"{text!r} is no {dimension}; allowed: {ALLOWED[dimension]}")
        return Quantity(number, dimension)
    if unit not in UNITS[dimension]:
        raise ValueError(f"{text!r} is no {dimension}; allowed: {ALLOWED[dimension]}")
    return Quantity(number * UNITS[dimension][unit], dimension)


DURATION_STEPS = ((172800, 86400, "days"), (3600, 3600, "h"), (120, 60, "min"), (1, 1, "s"), (0, 0.001, "ms"))
BINARY_STEPS = (*((BYTES[unit], BYTES[unit], unit) for unit in ("GiB", "MiB", "KiB")), (0, 1, "bytes"))
DECIMAL_STEPS = (*((BYTES[unit], BYTES[unit], unit) for unit in ("GB", "MB", "kB")), (0, 1, "bytes"))


def describe(quantity: Quantity, *, digits: int = 3, decimal_sizes: bool = False) -> str:
    """The quantity for people: "41.2 s", "512 MiB", "0.5 CPU", "4.3 %". Counts are never rounded.

    `digits` is how many significant ones are shown; `decimal_sizes` tells sizes in MB (a million bytes), not MiB.
    """
    value = quantity.value
    if not math.isfinite(value):
        return "no number"
    sizes = DECIMAL_STEPS if decimal_sizes else BINARY_STEPS
    match quantity.dimension:
        case Dimension.DURATION:
            text = _stepped(value, DURATION_STEPS, digits)
        case Dimension.SIZE:
            text = _stepped(value, sizes, digits)
        case Dimension.GROWTH:
            text = f"{_stepped(value * 60, sizes, digits)} per minute"
        case Dimension.CPU:
            text = f"{_rounded(value, digits)} CPU"
        case Dimension.RATE:
            text = f"{_rounded(value, digits)} per second"
        case Dimension.RATIO:
            text = f"{_rounded(value * 100, digits)} %"
        case Dimension.COUNT:
            text = f"{value:.15g}"
    return text


def _stepped(value: float, steps: tuple[tuple[float, float, str], ...], digits: int) -> str:
    _, size, unit = next(step for step in steps if abs(value) >= step[0])
    return f"{_rounded(value / size, digits)} {unit}"


def _rounded(value: float, digits: int) -> str:
    """`value` with `digits` significant digits, without exponent or idle zeros; whole digits are never cut off."""
    if value == 0:
        return "0"
    whole_digits = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    if whole_digits >= digits:
        return f"{value:.0f}"
    places = digits - whole_digits if whole_digits else digits - 1 - _exponent(value)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".")


def _exponent(value: float) -> int:
    """The power of ten of the first significant digit."""
    return int(f"{value:e}".split("e")[1])
