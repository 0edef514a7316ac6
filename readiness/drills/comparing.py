"""What a meter reported beside the truth: while its exporter looked, which a sample's time and the length of its scrape tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from readiness.targets.metrics import Series

AT_LEAST = 1.0  # seconds that a scrape may take where its length is not told
MARGIN = 0.2  # seconds in which clocks may differ
SCRAPES = "scrape_duration_seconds"


class Timed(Protocol):
    """Something that was told at a Unix time."""

    @property
    def at(self) -> float:
        """When."""


Truth = TypeVar("Truth", bound=Timed)


@dataclass(frozen=True)
class Taken:
    """A value, and between which Unix times the exporter looked."""

    at: float
    until: float
    value: float


@dataclass(frozen=True)
class Compared:
    """What a meter reported, and between which values the truth was while it looked. None: it reported nothing.

    `unit`: of all three.
    """

    meter: str
    reported: float | None
    least: float
    most: float
    unit: str


def scrape_lengths(scrapes: Sequence[Series]) -> dict[tuple[str, str, float], float]:
    """Job, instance and time of each scrape -> how many seconds it took."""
    return {
        (each.labels.get("job", ""), each.labels.get("instance", ""), at): length
        for each in scrapes
        for at, length in each.points
    }


def summed(
    series: Sequence[Series], lengths: Mapping[tuple[str, str, float], float], begin: float, end: float
) -> list[Taken]:
    """Sums of the samples of the same time, of scrapes that lay between two times."""
    sums: dict[float, float] = {}
    untils: dict[float, float] = {}
    for each in series:
        for at, value in each.points:
            scrape = (each.labels.get("job", ""), each.labels.get("instance", ""), at)
            until = at + max(lengths.get(scrape, 0.0), AT_LEAST)
            if begin <= at and until <= end:
                sums[at] = sums.get(at, 0.0) + value
                untils[at] = max(until, untils.get(at, 0.0))
    return [Taken(at, untils[at], value) for at, value in sorted(sums.items())]


def grown(
    meter: str, samples: Sequence[Taken], told: Sequence[Truth],
    of: Callable[[Truth], float], scale: float, unit: str,
) -> Compared:  # fmt: skip
    """By how much a counter grew between the first and the last sample, and by how much the truth did."""
    if len(samples) < 2:  # growth needs two
        return Compared(meter, None, 0.0, 0.0, unit)
    first, last = samples[0], samples[-1]
    begin, end = _around(told, first, of), _around(told, last, of)
    return Compared(
        meter,
        (last.value - first.value) / scale,
        (min(end) - max(begin)) / scale,
        (max(end) - min(begin)) / scale,
        unit,
    )


def level(
    meter: str, samples: Sequence[Taken], told: Sequence[Truth],
    of: Callable[[Truth], float], scale: float, unit: str,
) -> Compared:  # fmt: skip
    """The last sample taken while these were told, and the truth around it."""
    inside = [
        each for each in samples if told and told[0].at + MARGIN <= each.at and each.until <= told[-1].at
    ]
    if not inside:
        return Compared(meter, None, 0.0, 0.0, unit)
    truth = _around(told, inside[-1], of)
    return Compared(meter, inside[-1].value / scale, min(truth) / scale, max(truth) / scale, unit)


def _around(told: Sequence[Truth], taken: Taken, of: Callable[[Truth], float]) -> list[float]:
    """The truth while the exporter may have looked; where nobody looked just then, the neighbours in time."""
    begin, end = taken.at - MARGIN, taken.until + MARGIN
    before = [each for each in told if each.at <= begin][-1:]
    after = [each for each in told if each.at >= end][:1]
    inside = [each for each in told if begin <= each.at <= end]
    return [of(each) for each in (*before, *inside, *after)]
