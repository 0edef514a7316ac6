"""The one way to wait. Patience says how long we look; the budget that we judge by is somebody else's business."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Waited(Generic[Seen]):
    """How a wait ended: whether the condition came true, after how many seconds, what was seen last, in how many looks."""

    happened: bool
    seconds: float
    last: Seen
    looks: int


def wait_until(
    look: Callable[[], Seen],
    condition: Callable[[Seen], object],
    *,
    patience: float,
    every: float = 0.2,
    since: float | None = None,
) -> Waited[Seen]:
    """Look every `every` seconds until `condition` holds or `patience` seconds (monotonic) are over; never raises of itself.

    `since` is a `clock()` reading from which `seconds` is counted; the default is now. At least one look is always made.
    """
    started = clock()
    origin = started if since is None else since
    looks = 0
    while True:
        looked_at = clock()
        last = look()
        looks += 1
        if condition(last):
            return Waited(True, clock() - origin, last, looks)
        if clock() - started >= patience:
            return Waited(False, clock() - origin, last, looks)
        pause(max(0.0, every - (clock() - looked_at)))


def clock() -> float:
    """Seconds on the monotonic clock."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Let `seconds` of real time pass: only for what reality demands (an observation window, the pace of a poll)."""
    time.sleep(seconds)
