"""The steady state: every service has its copies, all healthy, nothing is being changed, and a customer is served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from readiness.config.target import PlatformKind
from readiness.core.errors import NotSteady
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.targets.journey import Customer
from readiness.targets.platform import Platform, Replica, Service
from readiness.targets.target import Target

IN_ORDER = ("healthy", "")


@dataclass(frozen=True, kw_only=True)
class SteadyState(Observation):
    """What is not as it should be, in sentences; nothing when the target is steady. Examined: services, copies, requests."""

    off: tuple[str, ...]


def look_at_steady_state(target: Target) -> SteadyState:
    """Compare what runs with what is declared; where the platform is in order, walk the customer's journey once."""
    seen = _running(target)
    off = [each for service, copies in seen for each in out_of_order(service, copies)]
    examined = len(seen) + sum(len(copies) for _, copies in seen)
    if not off and target.profile.journey:
        customer = Customer(target, fresh_connections=True)
        answers = list(customer.walk())
        customer.clean_up()
        examined += len(answers)
        off += [
            f"the customer's request {answer.request!r}: {answer.fault}"
            for answer in answers
            if not answer.right
        ]
    return SteadyState(examined=examined, off=tuple(off))


def wait_for_steady_state(target: Target, patience: float) -> SteadyState:
    """Look until the target is steady. NotSteady after `patience` seconds says what is off."""
    waited = wait_until(
        lambda: look_at_steady_state(target), lambda state: not state.off, patience=patience, every=0.5
    )
    if not waited.happened:
        listed = "; ".join(waited.last.off)
        raise NotSteady(
            f"The target {target.name} is not in its steady state after {waited.seconds:.0f} s: {listed}."
        )
    return waited.last


def out_of_order(service: Service, copies: tuple[Replica, ...]) -> Iterator[str]:
    """What is not as it should be with one service."""
    if len(copies) != service.desired:
        yield f"{service.name} runs {len(copies)} of {service.desired} copies"
    if service.desired == 0:
        yield f"{service.name} is scaled to no copy at all"
    if service.update_state:
        yield f"{service.name} is being changed ({service.update_state})"
    for copy in copies:
        if copy.health not in IN_ORDER:
            yield f"copy {copy.instance} of {service.name} is {copy.health}"


def _running(target: Target) -> list[tuple[Service, tuple[Replica, ...]]]:
    if target.profile.platform.kind is PlatformKind.NONE:
        return []
    platform: Platform = target.platform
    return [(service, platform.replicas(service.name)) for service in platform.services()]
