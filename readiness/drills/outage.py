"""The database goes away for longer than a health check needs, and comes back, while customers use the service."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.copies import scale_service
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.visitors import Visitors
from readiness.harness.undo import UndoStack
from readiness.probes.health import health_check_in_force
from readiness.probes.inside import status_inside
from readiness.targets.journey import Customer, Served
from readiness.targets.platform import Replica
from readiness.targets.target import Target

LONGER = 2.0


@dataclass(frozen=True)
class Readiness:
    """What one copy said of its readiness, asked from within; status 0 when it did not answer."""

    instance: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Outage(Observation):
    """An outage of `away` seconds: what customers got who asked meanwhile, what the copies said, which copies there were.

    `during` and `after` are the service's copies at the outage's end and when we stopped looking. `served_again`: whether a
    customer walked a whole journey after the database's return; `recovery`: seconds from its first running copy until then,
    or until we stopped looking.
    """

    dependency: str
    away: float
    visits: tuple[Served, ...]
    readiness: tuple[Readiness, ...]
    before: tuple[Replica, ...]
    during: tuple[Replica, ...]
    after: tuple[Replica, ...]
    served_again: bool
    recovery: float

    @property
    def slowest_answer(self) -> float:
        """Seconds of the slowest answer during the outage, right or not."""
        return max(visit.seconds for visit in self.visits)


def take_the_database_away(target: Target, undo: UndoStack) -> Outage:
    """Scale what the service cannot do without to no copy, wait, scale it back, wait until a customer is served."""
    platform, service = target.platform, target.profile.service.name
    dependency = required_dependency(target)
    before = platform.replicas(service)
    check = health_check_in_force(target)
    with Visitors(target) as visitors:
        running = {copy.task for copy in platform.replicas(dependency)}
        step = scale_service(platform, undo, dependency, 0)
        gone = wait_until(
            lambda: {copy.task for copy in platform.ended(dependency)},
            running.issubset,
            patience=target.profile.patience.change,
        )
        if not gone.happened:
            raise CannotLook(
                f"{dependency} did not go away in {gone.seconds:.0f} s, so there was no outage to look at"
            )
        began = clock()
        pause(check.detection_seconds + LONGER)
        readiness = _readiness(target)
        during = platform.replicas(service)
        ended = clock()
        if undo.settle(step):
            raise CannotLook(
                f"{dependency} could not be scaled back after the outage; the target is left without it"
            )
        wait_until(lambda: platform.replicas(dependency), bool, patience=target.profile.patience.change)
        customer = Customer(target, fresh_connections=True)
        served = wait_until(customer.is_served, bool, patience=target.profile.patience.change)
        after = platform.replicas(service)
    customer.clean_up()
    visits = visitors.served_between(began, ended)
    return Outage(
        examined=len(visits),
        dependency=dependency,
        away=ended - began,
        visits=visits,
        readiness=readiness,
        before=before,
        during=during,
        after=after,
        served_again=served.happened,
        recovery=served.seconds,
    )


def required_dependency(target: Target) -> str:
    """The first service that the one under acceptance cannot do without."""
    required = [each.service for each in target.profile.service.dependencies if each.required]
    if not required:
        raise CapabilityMissing(
            f"The profile of {target.name} names nothing that the service cannot do without (service.dependencies)."
        )
    return required[0]


def _readiness(target: Target) -> tuple[Readiness, ...]:
    health = target.profile.service.health
    if health is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy tells its readiness (service.health)."
        )
    platform = target.platform
    return tuple(
        Readiness(copy.instance, status_inside(platform, copy, health.port, health.readiness))
        for copy in platform.replicas(target.profile.service.name)
    )
