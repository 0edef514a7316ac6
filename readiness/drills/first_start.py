"""The deployment starts for the first time, in copies of it: long before all it depends on, and three times at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.actions.deployment import make_copy
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.database import Contents, contents_of, declared_database, running_database
from readiness.probes.inside import status_inside
from readiness.probes.migrations import conflicts_of, gate_before_the_first_table
from readiness.targets.inside_door import InsideDoor
from readiness.targets.journey import Customer
from readiness.targets.platform import Ended, Platform, Replica
from readiness.targets.target import Target

ALONE, CROWD = "readiness-alone", "readiness-crowd"
ALONE_FOR = 60.0
AT_ONCE = 3
READY = 200


@dataclass(frozen=True)
class Stage:
    """A copy of the deployment: its name, its platform, and when it was made (clock)."""

    name: str
    platform: Platform
    made: float


@dataclass(frozen=True, kw_only=True)
class ColdStart(Observation):
    """One copy of the service was there `alone` seconds before all it depends on. Examined: its copies, ended ones too.

    `ended`: those that had ended until then. `ready_after`: seconds from the dependencies' start until a copy said that it is
    ready, or until we stopped looking; `fault`: what was wrong with its answers to a customer then, "" when nothing was.
    """

    alone: float
    ended: tuple[Ended, ...]
    ready: bool
    ready_after: float
    fault: str


@dataclass(frozen=True, kw_only=True)
class FirstStart(Observation):
    """Copies of the service started at once on an empty database. Examined: the copies, and what is in the database.

    `ready`: how many of `copies` said that they are ready, the last after `ready_after` seconds; `ended`: those that failed on
    the way; `conflicts`: what the database refused one because of another; `found`: what is in it then, `expected`: what one
    copy alone makes of it, None where that does not become ready.
    """

    copies: int
    ready: int
    ready_after: float
    ended: tuple[Ended, ...]
    conflicts: tuple[str, ...]
    found: Contents
    expected: Contents | None = None


def set_out_alone(target: Target, undo: UndoStack) -> Stage:
    """A copy of the deployment with one copy of the service, and nothing that it depends on. Undo: remove it."""
    service = target.profile.service.name
    return stage_of(target, undo, ALONE, {service: 1, **dict.fromkeys(dependencies_of(target), 0)})


def bring_dependencies(target: Target, stage: Stage, alone_for: float) -> ColdStart:
    """Wait until the service has been alone for long enough, start what it depends on, wait until it is ready."""
    platform, service = stage.platform, target.profile.service.name
    pause(max(0.0, alone_for - (clock() - stage.made)))
    alone, ended = clock() - stage.made, platform.ended(service)
    began = clock()
    for dependency in dependencies_of(target):
        platform.scale(dependency, 1)
    ready, seconds = wait_for_ready(target, platform, 1, began)
    if not ready and not ended and not platform.replicas(service):
        raise CannotLook(
            f"no copy of {service} was ever started in {stage.name}: has the engine room for it?"
        )
    return ColdStart(
        examined=len(ended) + 1, alone=alone, ended=ended, ready=ready == 1, ready_after=seconds, fault=""
    )


def contents_in(target: Target, stage: Stage) -> Contents:
    """What is in the database of a copy of the deployment now."""
    database = declared_database(target)
    copy = running_database(stage.platform, database, target.profile.patience.change)
    return contents_of(stage.platform, database, copy)


def start_at_once(target: Target, undo: UndoStack) -> tuple[Stage, FirstStart]:
    """Start several copies of the service at once in a copy of the deployment whose database is empty. Undo: remove it."""
    service, database = target.profile.service.name, declared_database(target)
    stage = stage_of(target, undo, CROWD, {**dict.fromkeys(dependencies_of(target), 1), service: 0})
    platform = stage.platform
    keeper = running_database(platform, database, target.profile.patience.change)
    with gate_before_the_first_table(platform, database, keeper, AT_ONCE):
        began = clock()
        platform.scale(service, AT_ONCE)
    ready, seconds = wait_for_ready(target, platform, AT_ONCE, began)
    found, ended = contents_of(platform, database, keeper), platform.ended(service)
    first = FirstStart(
        examined=AT_ONCE + len(found.relations),
        copies=AT_ONCE,
        ready=ready,
        ready_after=seconds,
        ended=ended,
        conflicts=conflicts_of(platform, database, keeper),
        found=found,
    )
    return stage, first


def furnish(target: Target, stage: Stage) -> None:
    """Give a copy of the deployment what it needs before its first customer, where the operator has a procedure for that."""
    if target.profile.procedures.furnish is None:
        return
    ran = target.run_procedure("furnish", stack=stage.name)
    if ran.exit_code != 0:
        words = " ".join(ran.output.split())[-300:]
        raise CannotLook(f"{stage.name} could not be furnished (exit status {ran.exit_code}): {words}")


def fault_of(target: Target, platform: Platform, copy: Replica) -> str:
    """What is wrong with a copy's answers to a customer who asks it from within; "" when nothing is."""
    port = target.profile.service.port
    if port is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy serves (service.port)."
        )
    customer = Customer(target, fresh_connections=True, door=InsideDoor(platform, copy.id, port))
    faults = [f"{each.request}: {each.fault}" for each in customer.walk() if each.fault]
    customer.clean_up()
    return "; ".join(faults)


def dependencies_of(target: Target) -> tuple[str, ...]:
    """All that the service depends on. CapabilityMissing where the profile names nothing."""
    found = tuple(each.service for each in target.profile.service.dependencies)
    if not found:
        raise CapabilityMissing(f"The profile of {target.name} names nothing that the service depends on.")
    return found


def stage_of(target: Target, undo: UndoStack, name: str, copies: Mapping[str, int]) -> Stage:
    """A copy of the deployment: service -> number of copies. Undo: remove it."""
    platform = make_copy(target.platform, undo, name, copies)
    return Stage(name, platform, clock())


def wait_for_ready(target: Target, platform: Platform, copies: int, began: float) -> tuple[int, float]:
    """How many copies of the service say that they are ready, as soon as all do, and after how many seconds since `began`."""
    health, service = target.profile.service.health, target.profile.service.name
    if health is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy tells its readiness."
        )
    waited = wait_until(
        lambda: sum(
            status_inside(platform, copy, health.port, health.readiness) == READY
            for copy in platform.replicas(service)
        ),
        lambda ready: ready >= copies,
        patience=target.profile.patience.change / 2,
        since=began,
    )
    return waited.last, waited.seconds
