"""One copy freezes while customers read and write: when the last of them met it, and when its successor serves customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from readiness.actions.copies import freeze_copy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.arrivals import Arrivals
from readiness.harness.undo import UndoStack
from readiness.targets.journey import Served
from readiness.targets.platform import Replica
from readiness.targets.target import Target

WATCHED_BEFORE = 10.0
WATCHED_AFTER = 15.0
KEPT_WAITING = 2.0  # seconds; on a busy machine a healthy copy may need one


@dataclass(frozen=True, kw_only=True)
class Eviction(Observation):
    """What customers met who asked after one copy had frozen (`visits`). Examined: these visits.

    `freed_after`: seconds from the freeze until the last customer asked who was then kept waiting, refused or misled.
    `successor`: the new copy that answered a customer rightly, "" where none did while we looked, `looked` seconds.
    """

    frozen: str
    visits: tuple[Served, ...]
    freed_after: float
    successor: str
    looked: float


def freeze_one_of_many(target: Target, undo: UndoStack) -> Eviction:
    """Freeze a copy that serves customers, and let them come until a new copy serves them, too. Undo: let it go on."""
    platform, service = target.platform, target.profile.service.name
    copies = platform.replicas(service)
    if len(copies) < 2:
        raise CannotLook(f"service {service} runs {len(copies)} copy; two are needed to freeze one of them")
    with Arrivals(target) as arrivals:
        frozen = _a_serving_copy(arrivals, copies)
        step = freeze_copy(platform, undo, frozen)
        began = clock()
        old = {copy.instance for copy in copies}
        watched = wait_until(
            lambda: _successor(arrivals.served, old),
            bool,
            patience=target.profile.patience.change / 2,
            since=began,
        )
        wait_until(lambda: clock() - began, lambda passed: passed > WATCHED_AFTER, patience=WATCHED_AFTER)
        undo.settle(step)
    visits = tuple(visit for visit in arrivals.served if visit.asked >= began)
    if any(visit.instance == frozen.instance and visit.asked > began + KEPT_WAITING for visit in visits):
        raise CannotLook(f"copy {frozen.instance} went on answering after it was frozen")
    return Eviction(
        examined=len(visits),
        frozen=frozen.instance,
        visits=visits,
        freed_after=freed_after(visits, began),
        successor=watched.last,
        looked=watched.seconds,
    )


def freed_after(visits: Iterable[Served], began: float) -> float:
    """Seconds from `began` until the last customer asked who was kept waiting, refused or misled; 0 where nobody was."""
    return max(
        (visit.asked - began for visit in visits if not visit.right or visit.seconds > KEPT_WAITING),
        default=0.0,
    )


def _a_serving_copy(arrivals: Arrivals, copies: tuple[Replica, ...]) -> Replica:
    """A copy that has served a customer, when all answers until now were right."""
    waited = wait_until(
        lambda: {visit.instance for visit in arrivals.served},
        lambda seen: seen.issuperset(copy.instance for copy in copies),
        patience=WATCHED_BEFORE,
    )
    faults = [visit.fault for visit in arrivals.served if not visit.right]
    serving = [copy for copy in copies if copy.instance in waited.last]
    if faults or not serving:
        raise CannotLook(
            f"customers were not served before a copy was frozen: {'; '.join(faults) or 'no answer'}"
        )
    return serving[0]


def _successor(visits: Iterable[Served], old: set[str]) -> str:
    return next((each.instance for each in visits if each.right and each.instance not in old | {""}), "")
