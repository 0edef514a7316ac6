"""New copies of the service start one after the other, each timed until it has served every kind of request to a customer."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from readiness.actions.copies import scale_service, start_sibling
from readiness.actions.scaling import hold_size
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.inside import status_inside
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

SIBLING = "readiness-sibling"
READY = 200


@dataclass(frozen=True)
class Start:
    """One new copy: seconds from asking the platform for it to its first right answer of the last kind of request.

    `missing` names the kinds of request that it had not answered rightly when we stopped looking, after `seconds`.
    """

    instance: str
    seconds: float
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Starts(Observation):
    """The starts of new copies, in their order. Examined: the copies."""

    starts: tuple[Start, ...]

    @property
    def slowest_seconds(self) -> float:
        """The longest start."""
        return max(start.seconds for start in self.starts)


def start_new_copies(target: Target, undo: UndoStack, count: int) -> Starts:
    """Add `count` copies one by one, while nothing else changes their number. Undo: as many as before.

    These share the volumes of the service, which may be what makes them fast. So where the service has volumes, one more
    copy starts apart, with empty ones; no customer can come to it, and it counts until it says that it is ready.
    """
    hold_size(target, undo)
    starts = []
    for _ in range(count):
        starts.append(_start_one(target, undo))
        if starts[-1].missing:
            break
    if target.platform.service(target.profile.service.name).volumes:
        starts.append(_start_with_empty_volumes(target, undo))
    return Starts(examined=len(starts), starts=tuple(starts))


def _start_one(target: Target, undo: UndoStack) -> Start:
    platform, service = target.platform, target.profile.service.name
    before = {copy.id for copy in platform.replicas(service)}
    watch = _Watch(target, before)
    began = clock()
    scale_service(platform, undo, service, platform.service(service).desired + 1)
    waited = wait_until(
        watch.look, lambda left: not left, patience=target.profile.patience.change, every=0.1, since=began
    )
    watch.customer.clean_up()
    return Start(watch.instance, waited.seconds, waited.last)


def _start_with_empty_volumes(target: Target, undo: UndoStack) -> Start:
    health = target.profile.service.health
    if health is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy tells its readiness (service.health)."
        )
    platform, began = target.platform, clock()
    step = start_sibling(platform, undo, target.profile.service.name, SIBLING)
    waited = wait_until(
        lambda: [
            copy.instance
            for copy in platform.replicas(SIBLING)
            if status_inside(platform, copy, health.port, health.readiness) == READY
        ],
        bool,
        patience=target.profile.patience.change,
        since=began,
    )
    undo.settle(step)
    missing = () if waited.happened else ("telling to be ready",)
    return Start(f"{''.join(waited.last)} with empty volumes".strip(), waited.seconds, missing)


class _Watch:
    """Sends a customer through the door until a copy that is new has answered every kind of request rightly."""

    def __init__(self, target: Target, before: set[str]) -> None:
        self._target = target
        self._before = before
        self.customer = Customer(target, fresh_connections=True)
        self.instance = ""
        self._answered: set[str] = set()

    def look(self) -> tuple[str, ...]:
        """The kinds of request that the new copy has not answered rightly yet."""
        kinds = tuple(request.name for request in self._target.profile.journey)
        if not self.instance:
            copies = self._target.platform.replicas(self._target.profile.service.name)
            self.instance = next((copy.instance for copy in copies if copy.id not in self._before), "")
        if self.instance:
            answers = [*self.customer.walk(), *self._part_of_a_walk(len(kinds))]
            self._answered |= {
                each.request for each in answers if each.right and each.instance == self.instance
            }
        return tuple(kind for kind in kinds if kind not in self._answered)

    def _part_of_a_walk(self, length: int) -> list[Served]:
        """Any number of requests: where copies take turns, whole walks would bring each kind to the same copy for ever."""
        with closing(self.customer.walk()) as walk:
            return list(islice(walk, random.randrange(length)))
