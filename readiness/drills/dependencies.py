"""Everything that the service depends on crashes once, one after the other, under copies that serve customers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.first_start import Stage, dependencies_of, fault_of, furnish
from readiness.targets.platform import Replica
from readiness.targets.target import Target


@dataclass(frozen=True)
class Recovery:
    """How one copy of the service got over the crash of a dependency.

    `seconds` from the crash until it answered a whole journey rightly, or until we stopped looking: then `fault` says what was
    wrong last. `replaced`: it was not the same container any more.
    """

    dependency: str
    instance: str
    seconds: float
    fault: str
    replaced: bool


@dataclass(frozen=True, kw_only=True)
class Recoveries(Observation):
    """Every copy's recovery from the crash of every dependency. Examined: the recoveries."""

    recoveries: tuple[Recovery, ...]

    @property
    def slowest(self) -> float:
        """Seconds of the slowest recovery."""
        return max(each.seconds for each in self.recoveries)


def crash_dependencies(target: Target, stage: Stage) -> Recoveries:
    """Kill each dependency in a copy of the deployment, whose platform starts it again, and ask every copy of the service."""
    furnish(target, stage)
    copies = stage.platform.replicas(target.profile.service.name)
    faults = [fault for copy in copies if (fault := fault_of(target, stage.platform, copy))]
    if faults or not copies:
        raise CannotLook(f"copies did not serve before anything crashed: {'; '.join(faults) or 'none runs'}")
    found: list[Recovery] = []
    for dependency in dependencies_of(target):
        found += _crash(target, stage, dependency, copies)
        if any(each.fault for each in found):
            break  # who has not got over one crash shows nothing in the next
    return Recoveries(examined=len(found), recoveries=tuple(found))


def _crash(
    target: Target, stage: Stage, dependency: str, copies: tuple[Replica, ...]
) -> tuple[Recovery, ...]:
    platform, patience = stage.platform, target.profile.patience.change
    before = platform.replicas(dependency)
    if not before:
        raise CannotLook(f"no copy of {dependency} runs in {stage.name}, so none can crash")
    began = clock()
    for each in before:
        platform.signal(each.id, "SIGKILL")  # all of the copy of the deployment is taken back anyway
    old = {each.id for each in before}
    back = wait_until(
        lambda: platform.replicas(dependency),
        lambda now: now and not old & {each.id for each in now},
        patience=patience / 2,
    )
    if not back.happened:
        fault = f"{dependency} was not started again within {back.seconds:.0f} s"
        return tuple(
            Recovery(dependency, copy.instance, back.seconds, fault, replaced=False) for copy in copies
        )

    def recovered(copy: Replica) -> Recovery:
        waited = wait_until(
            lambda: fault_of(target, platform, copy),
            lambda fault: not fault,
            patience=patience / 3,
            since=began,
        )
        now = {each.id: each for each in platform.replicas(copy.service)}
        replaced = copy.id not in now or now[copy.id].restarts > copy.restarts
        return Recovery(dependency, copy.instance, waited.seconds, waited.last, replaced)

    with ThreadPoolExecutor(len(copies)) as pool:
        return tuple(pool.map(recovered, copies))
