"""The memory of all copies fills up, just below the largest size, and for a while nobody knows what they use."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.copies import scale_service
from readiness.actions.scaling import fill_memory, stop_measuring
from readiness.core.errors import CannotLook
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.sizing import Agreed, Phase, Sizing
from readiness.harness.undo import UndoStack
from readiness.probes.decisions import read_decisions
from readiness.probes.sizes import (
    SizeWatch,
    autoscaling_of,
    between,
    limits_of,
    mean_memory,
    mean_processor,
    usages,
)
from readiness.targets.platform import Replica
from readiness.targets.target import Target

BESIDE = 10.0  # seconds that measurements are missing for longer than it takes to shrink
SETTLED = 5.0
NEARLY = 0.95
IN_ORDER = ("healthy", "")


@dataclass(frozen=True, kw_only=True)
class Fullness(Sizing):
    """Phases: "unmeasured" while nothing was measured, "full" after it. Examined: looks at the copies.

    `filled`: the mean share of the memory limit that was in use from then on until the service grew by itself.
    """

    filled: float

    @property
    def largest(self) -> int:
        """The most copies that were asked for at once."""
        return max(each.asked for each in self.samples)


def fill_all_copies(target: Target, undo: UndoStack, agreed: Agreed) -> Fullness:
    """Ask for one copy less than the most, and fill their memory half-way from the trigger to the limit.

    Meanwhile nothing is measured, longer than the service needs to shrink; then we look until it has grown, or longer than
    that may take. Undo: memory freed, measuring goes on, as many copies as before.
    """
    scaling, platform, service = autoscaling_of(target), target.platform, target.profile.service.name
    limit = limits_of(platform.service(service)).memory_limit
    filling = _Filling(target, undo, round((1 + agreed.memory) / 2 * limit))
    filling.require_room(scaling.most)
    began = clock()
    scale_service(platform, undo, service, scaling.most - 1)
    unmeasured = stop_measuring(platform, undo, scaling.measured_by)
    stopped = clock()
    with SizeWatch(target) as watch:
        filling.fill(scaling.most - 1)
        pause(max(0.0, stopped + scaling.shrinks_after + BESIDE - clock()))
        known = clock()
        failures = [failure for step in unmeasured for failure in undo.settle(step)]
        if failures:
            raise CannotLook(f"measuring did not go on: {failures[0].step}: {failures[0].error}")
        wait_until(
            lambda: watch.last.asked, lambda asked: asked != scaling.most - 1, patience=agreed.patience
        )
        grew = clock()
        pause(SETTLED)
    before = between(watch.samples, known, grew)
    if mean_processor(before) > agreed.processor:
        raise CannotLook(
            f"the copies used {mean_processor(before):.0%} of their processor limit while their memory was full: "
            "nothing is shown of memory alone"
        )
    return Fullness(
        examined=len(watch.samples),
        least=scaling.least,
        most=scaling.most,
        samples=watch.samples,
        decisions=read_decisions(target, began),
        phases=(Phase("unmeasured", stopped, known), Phase("full", known, clock())),
        filled=mean_memory(before),
    )


class _Filling:
    """Fills each copy's memory up to `goal` bytes."""

    def __init__(self, target: Target, undo: UndoStack, goal: int) -> None:
        self._target = target
        self._undo = undo
        self._goal = goal
        self._filled: set[str] = set()

    def require_room(self, copies: int) -> None:
        """CannotLook where the machine has not what so many full copies take, and half as much beside it."""
        first = next(iter(self._ready()), None)
        told = self._target.platform.read_inside(first.id, "/proc/meminfo") if first else None
        free = {line.split(":")[0]: line.split()[1] for line in (told or "").splitlines()}.get(
            "MemAvailable", "0"
        )
        available, needed = int(free) * 1024, copies * self._goal * 3 // 2
        if available < needed:
            raise CannotLook(
                f"{copies} copies with full memory take {needed >> 20} MiB with what is kept free beside them, "
                f"and the machine has {available >> 20} MiB available"
            )

    def fill(self, count: int) -> None:
        """Wait for so many copies, and fill them; CannotLook where they do not come up, or take no ballast."""
        waited = wait_until(
            self._fill_the_ready,
            lambda full: full >= count,
            patience=self._target.profile.patience.change,
        )
        if not waited.happened:
            raise CannotLook(
                f"{waited.last} of {count} copies were up with {self._goal >> 20} MiB in use after {waited.seconds:.0f} s "
                "(it takes `sh`, `dd` and `sleep` in the image)"
            )

    def _fill_the_ready(self) -> int:
        """Fill every ready copy that is not filled yet; how many are full now."""
        platform, ready = self._target.platform, self._ready()
        used = usages(platform, ready)
        for copy in ready:
            if copy.id in used and copy.id not in self._filled:
                fill_memory(platform, self._undo, copy, max(1, self._goal - used[copy.id].memory))
                self._filled.add(copy.id)
        return sum(usage.memory >= NEARLY * self._goal for usage in used.values())

    def _ready(self) -> list[Replica]:
        copies = self._target.platform.replicas(self._target.profile.service.name)
        return [copy for copy in copies if copy.health in IN_ORDER]
