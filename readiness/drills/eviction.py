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

    `began`: when the copy froze (clock).
    `successor`: the new copy that answered a customer rightly, "" where none did while we looked, `looked` seconds.
    """

    frozen: str
    began: float
    visits: tuple[Served, ...]
    successor: str
    looked: float

    @property
    def held_up(self) -> tuple[Served, ...]:
        """The visits that were kept waiting, refused or misled."""
        return tuple(each for each in self.visits if not each.right or each.seconds > KEPT_WAITING)

    @property
    def freed_after(self) -> float:
        """Seconds from the freeze until the last of the held-up customers asked; 0 where nobody was held up."""
        return max((each.asked - self.began for each in self.held_up), default=0.0)

    @property
    def last_held_up(self) -> str:
        """In words, what the last of the held-up customers met, "" where nobody was."""
        if not self.held_up:
            return ""
        last = max(self.held_up, key=lambda each: each.asked)
        met = last.fault or f"an answer of {last.instance or 'nobody'}"
        return f"{last.request} met {met} after {last.seconds:.1f} s; {len(self.held_up)} were held up"


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
        began=began,
        visits=visits,
        successor=watched.last,
        looked=watched.seconds,
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
