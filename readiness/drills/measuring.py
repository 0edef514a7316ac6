"""What a copy spends on being measured, by accounting: what one look costs, and what counting one request costs.

Running with and without measuring could not tell: the difference drowns in the noise of the machine.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import pause, wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.counted import copies_counted, counting_of
from readiness.targets.platform import Replica
from readiness.targets.target import Target

NAME = "readiness-looker"
LOOKS = 40
IDLE = 3.0
PATIENCE = 90.0
BUSY = 50.0  # requests per second of one copy: more than its processor limit lets it answer
LOOK = """
import http.client, os
for _ in range(int(os.environ.get("LOOKS", "{looks}"))):
    connection = http.client.HTTPConnection("127.0.0.1", {port}, timeout=20)
    connection.request("GET", "{path}")
    connection.getresponse().read()
    connection.close()
print("looked")
"""


@dataclass(frozen=True)
class Cost:
    """What one copy spends: processor seconds for one look, for counting one request; looks per second; its limit in cores."""

    copy: str
    look: float
    request: float
    looks_per_second: float
    limit: float

    @property
    def share(self) -> float:
        """What it spends of the processors that it may use, while it answers as many requests as it can."""
        return (self.look * self.looks_per_second + self.request * BUSY) / self.limit


@dataclass(frozen=True, kw_only=True)
class MeasuringCosts(Observation):
    """What the copies spend. Examined: looks."""

    costs: tuple[Cost, ...]

    @property
    def largest_share(self) -> float:
        """What the dearest copy spends of the processors that it may use."""
        return max(each.share for each in self.costs)


def weigh_measuring(target: Target, undo: UndoStack) -> MeasuringCosts:
    """Ask every copy many times, from beside it, and read what processor time it took beyond what it takes at rest."""
    counting, health = counting_of(target), target.profile.service.health
    if health is None or not health.metrics:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy tells its numbers (service.health.metrics)."
        )
    recording = _recording(target)
    code = LOOK.format(looks=LOOKS, port=health.port, path=health.metrics)
    costs = tuple(
        Cost(
            copy.instance,
            _look(target, undo, copy, code),
            recording,
            1 / counting.every,
            _limit(target, copy),
        )
        for copy in copies_counted(target)
    )
    return MeasuringCosts(examined=LOOKS * len(costs), costs=costs)


def _look(target: Target, undo: UndoStack, copy: Replica, code: str) -> float:
    platform = target.platform
    first = platform.usage(copy.id)
    pause(IDLE)
    begin = platform.usage(copy.id)
    at_rest = (begin.processor_seconds - first.processor_seconds) / (begin.at - first.at)
    step = undo.owe("remove_container", name=NAME)
    platform.remove_container(NAME)
    ours = platform.start_beside(copy.id, copy.image_id, NAME, ["python3", "-c", code])
    ended = wait_until(
        lambda: platform.throwaway_health(ours.id), lambda seen: seen == "ended", patience=PATIENCE
    )
    end = platform.usage(copy.id)
    words = platform.logs(ours.id, 20)
    undo.settle(step)
    if not ended.happened or "looked" not in words:
        raise CannotLook(f"copy {copy.instance} could not be asked for its numbers: {words[-300:]}")
    spent = end.processor_seconds - begin.processor_seconds - at_rest * (end.at - begin.at)
    return max(0.0, spent / LOOKS)


def _recording(target: Target) -> float:
    command = counting_of(target).recording
    if not command:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how it is tried what counting costs (counting.recording)."
        )
    copies = target.platform.replicas(target.profile.service.name)
    ran = [target.platform.run_inside(copy.id, list(command), timeout=60) for copy in copies[:1]]
    try:
        return statistics.median(float(each.output.split()[-1]) for each in ran)
    except (ValueError, IndexError, statistics.StatisticsError) as problem:
        raise CannotLook(f"what counting a request costs could not be tried: {problem}") from problem


def _limit(target: Target, copy: Replica) -> float:
    limit = target.platform.limits(copy.id).cpu
    if limit is None:
        raise CannotLook(f"copy {copy.instance} may use any processor, so nothing can be a share of its own")
    return limit
