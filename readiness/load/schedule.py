"""When each request is due: an open model, in which requests come at their rate whether or not earlier ones are answered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from readiness.load.spec import Stage


def due_times(stages: Sequence[Stage]) -> Iterator[float]:
    """Seconds from the beginning at which the requests are due, evenly spaced by the rate of that moment."""
    begin, before, number = 0.0, 0.0, 0
    for stage in stages:
        after = before + stage.requests
        while number < after - 1e-9:
            yield begin + _when(stage, number - before)
            number += 1
        begin, before = begin + stage.seconds, after


def _when(stage: Stage, count: float) -> float:
    """When, within a stage, `count` requests have been due: count = start × t + slope × t² ÷ 2, solved for t."""
    slope = (stage.end - stage.start) / stage.seconds
    root = math.sqrt(max(0.0, stage.start**2 + 2 * slope * count))
    return 2 * count / (stage.start + root) if stage.start + root else 0.0
