"""What is looked at while no robot walks: its requests would be counted among ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.probes.counted import counting_of
from readiness.targets.target import Target

WINDOW = 35.0  # seconds that a look may take
ATTEMPTS = 3

Seen = TypeVar("Seen")


def undisturbed(target: Target, look: Callable[[], Seen]) -> Seen:
    """What a look gives during which no robot walked. Where one walked after all, we look once more."""
    for _ in range(ATTEMPTS):
        _wait_for_a_pause(target)
        before = _walked(target)
        seen = look()
        if _walked(target) == before:
            return seen
    raise CannotLook(f"a robot walked in each of {ATTEMPTS} attempts, so its requests were among those sent")


def _walked(target: Target) -> float:
    robot = counting_of(target).robot
    told = target.metrics.query(f"max({robot.walked})") if robot else ()
    return told[0].value if told else 0.0


def _wait_for_a_pause(target: Target) -> None:
    robot = counting_of(target).robot
    if robot is None:
        return

    def near() -> bool:
        age = target.metrics.now() - _walked(target)
        return robot.every - WINDOW < age < robot.every + 2 * counting_of(target).every

    wait_until(near, lambda soon: not soon, patience=2 * robot.every, every=0.5)
