"""What customers entrusted goes through a crash of the database, the replacement of every copy, and a new deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.actions.copies import kill_copy, renew_copies, start_sibling
from readiness.actions.deployment import redeploy
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.entrusting import Keeper, ReadBack
from readiness.harness.undo import UndoStack
from readiness.probes.database import Keeping, declared_database, look_at_keeping
from readiness.targets.inside_door import InsideDoor
from readiness.targets.platform import Replica
from readiness.targets.target import Target

LATER_COPY = "readiness-later-copy"
WRITTEN_BEFORE = 1.5
AT_ONCE = 0.005
CRASH, REPLACEMENT, DEPLOYMENT = (
    "a crash of the database",
    "the replacement of every copy",
    "a new deployment",
)
TRIALS = (CRASH, REPLACEMENT, DEPLOYMENT)


@dataclass(frozen=True)
class Written:
    """A path that a copy changed in its own container, where it is gone with it."""

    service: str
    instance: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Places(Observation):
    """Where what was entrusted lies. Examined: the database's places, the later copy, and the copies that were looked through.

    `later_copy`: in what way a copy that started afterwards did not give the file back; "" when it did. Nothing is entrusted to a
    database that would lose it.
    """

    database: Keeping
    later_copy: str
    written: tuple[Written, ...]


@dataclass(frozen=True)
class Trial:
    """What was there after one disturbance, `seconds` from its begin until a customer was served again.

    `read` is None where it was not tried: `refused` says why, or what went wrong.
    """

    name: str
    seconds: float
    read: ReadBack | None
    refused: str


@dataclass(frozen=True, kw_only=True)
class Survival(Observation):
    """The trials in their order. Examined: what was read back in all of them."""

    confirmed: int
    trials: tuple[Trial, ...]


def look_at_places(target: Target, undo: UndoStack) -> Places:
    """Look where the database keeps its files; where they are safe, entrust something, look what a later copy knows of it.

    Then look what the copies wrote into their own containers.
    """
    keeper, database = Keeper(target), look_at_keeping(target)
    if database.dangers:
        examined = len(database.stores) + len(database.settings)
        return Places(examined=examined, database=database, later_copy="nothing was entrusted", written=())
    try:
        keeper.entrust()
        later = _LaterCopy(target, undo)
        fault = later.fault(keeper)
        copies = _copies(target)
        written = tuple(_written_beside(target, copies))
    finally:
        keeper.clean_up()
    return Places(
        examined=len(database.stores) + len(copies) + 1, database=database, later_copy=fault, written=written
    )


def let_it_survive(target: Target, undo: UndoStack) -> Survival:
    """One trial after the other, as long as nothing was lost and nothing that is kept would be destroyed by the next one."""
    keeper = Keeper(target)
    try:
        keeper.entrust()
        trials = tuple(_trials(target, undo, keeper))
    finally:
        keeper.clean_up()
    read = sum(trial.read.records + 1 for trial in trials if trial.read)
    return Survival(examined=max(1, read), confirmed=keeper.confirmed, trials=trials)


def _trials(target: Target, undo: UndoStack, keeper: Keeper) -> Iterator[Trial]:
    refused = "; ".join(look_at_keeping(target).dangers)
    for name, act in ((CRASH, _crash), (REPLACEMENT, _replace), (DEPLOYMENT, _redeploy)):
        if refused:
            yield Trial(name, 0.0, None, f"not tried, because it would destroy what is kept: {refused}")
            continue
        began = clock()
        refused = act(target, undo, keeper)
        patience = target.profile.patience.change
        served = wait_until(keeper.is_served, bool, patience=patience, since=began)
        read = keeper.read_back(target.profile.patience.answer)
        yield Trial(name, served.seconds, read, refused)
        refused = "; ".join(each for each in (refused, *read.lost, read.file) if each)


def _crash(target: Target, undo: UndoStack, keeper: Keeper) -> str:
    """Kill the database while a customer writes, as soon as one more record is confirmed.

    Returns what a copy that started meanwhile does not give back.
    """
    platform, database = target.platform, declared_database(target)
    copies = platform.replicas(database.service)
    if not copies:
        raise CannotLook(f"no copy of {database.service} is running, so none can crash")
    later = _LaterCopy(target, undo)
    with keeper.writing():
        pause(WRITTEN_BEFORE)
        confirmed = keeper.confirmed
        patience = target.profile.patience.answer
        wait_until(lambda: keeper.confirmed, lambda now: now > confirmed, patience=patience, every=AT_ONCE)
        for copy in copies:
            kill_copy(platform, undo, copy)
    return _not_replaced(target, [database.service], copies) or later.fault(keeper)


def _replace(target: Target, undo: UndoStack, keeper: Keeper) -> str:  # noqa: ARG001 - a trial as the others
    """Replace every copy of the service and of what it cannot do without."""
    before = _copies(target)
    services = tuple(dict.fromkeys(copy.service for copy in before))
    for service in services:
        renew_copies(target.platform, service)
    return _not_replaced(target, services, before)


def _redeploy(target: Target, undo: UndoStack, keeper: Keeper) -> str:  # noqa: ARG001 - a trial as the others
    """Take everything down and bring it up. Returns the words of a procedure that failed."""
    return redeploy(target, undo, _copies(target))


def _not_replaced(target: Target, services: Iterable[str], before: Iterable[Replica]) -> str:
    """Which services have not others than these copies after all the target's patience; "" as soon as all have."""
    old, platform = {copy.id for copy in before}, target.platform

    def waiting() -> list[str]:
        copies = {service: platform.replicas(service) for service in services}
        return [
            service
            for service, now in copies.items()
            if len(now) != platform.service(service).desired or old & {copy.id for copy in now}
        ]

    waited = wait_until(waiting, lambda left: not left, patience=target.profile.patience.change)
    late = ", ".join(waited.last)
    return f"the copies of {late} were not replaced within {waited.seconds:.0f} s" if late else ""


class _LaterCopy:
    """A copy of the service that starts after something was entrusted, with the service's volumes and without visitors."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        port = target.profile.service.port
        if port is None:
            raise CapabilityMissing(
                f"The profile of {target.name} does not say where a copy serves customers (service.port)."
            )
        self._target, self._port, self._undo = target, port, undo
        self._step = start_sibling(
            target.platform, undo, target.profile.service.name, LATER_COPY, same_volumes=True
        )

    def fault(self, keeper: Keeper) -> str:
        """In what way it does not give the file back; "" when it does. It is removed afterwards."""
        platform, patience = self._target.platform, self._target.profile.patience.change
        waited = wait_until(lambda: platform.replicas(LATER_COPY), bool, patience=patience)
        if not waited.happened:
            raise CannotLook(f"a later copy of the service did not start within {waited.seconds:.0f} s")
        door = InsideDoor(platform, waited.last[0].id, self._port)
        fault = keeper.file_fault(door, patience / 2)
        self._undo.settle(self._step)
        return f"a copy that started later: {fault}" if fault else ""


def _copies(target: Target) -> tuple[Replica, ...]:
    """The copies of the service and of what it cannot do without."""
    needed = [each.service for each in target.profile.service.dependencies if each.required]
    services = dict.fromkeys((target.profile.service.name, *needed, declared_database(target).service))
    return tuple(copy for service in services for copy in target.platform.replicas(service))


def _written_beside(target: Target, copies: Iterable[Replica]) -> Iterator[Written]:
    """What copies wrote in their own containers, without what the profile declares worthless."""
    scratch = target.profile.service.scratch
    for copy in copies:
        for path in target.platform.written(copy.id):
            if not any(PurePosixPath(path).is_relative_to(each) for each in scratch.get(copy.service, ())):
                yield Written(copy.service, copy.instance, path)
