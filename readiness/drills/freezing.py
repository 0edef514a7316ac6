"""One copy of the service freezes: whether the platform notices, and when a new copy serves customers."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.copies import freeze_copy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.harness.undo import UndoStack
from readiness.targets.journey import Customer
from readiness.targets.platform import HealthCheck, Platform, Replica
from readiness.targets.target import Target

TO_BEGIN_A_CHECK = 1.0  # seconds that a busy engine may need, each time
EXTRA_LOOK = 15.0


@dataclass(frozen=True, kw_only=True)
class Freezing(Observation):
    """What happened after one copy froze; seconds are counted from the freeze.

    `noticed_after`: the copy was called unhealthy or taken away; None where it was not, while we looked.
    `replaced_after`: a copy that was not there before answered a customer rightly; where `new_copy` is "" that did not
    happen, and it is when we stopped looking.
    """

    copy: Replica
    health_check: HealthCheck
    allowed: float
    noticed_after: float | None
    replaced_after: float
    new_copy: str


def freeze_one_copy(target: Target, undo: UndoStack) -> Freezing:
    """Freeze a copy, watch until it is noticed, then until a new one serves; let it go on afterwards if it is still there."""
    platform, service = target.platform, target.profile.service.name
    before = platform.replicas(service)
    if len(before) < 2:
        raise CannotLook(
            f"service {service} runs {len(before)} copies; two are needed to freeze one and still serve customers"
        )
    check = platform.health_check(service)
    allowed = check.detection_seconds + check.retries * TO_BEGIN_A_CHECK if check.command else 0.0
    frozen, began = before[0], clock()
    step = freeze_copy(platform, undo, frozen)
    longest = target.profile.patience.change
    noticed = wait_until(
        lambda: _is_noticed(platform, frozen),
        bool,
        patience=min(allowed + EXTRA_LOOK, longest),
        every=0.25,
        since=began,
    )
    served = wait_until(
        lambda: _new_server(target, before),
        bool,
        patience=longest if noticed.happened else 0.0,
        every=0.25,
        since=began,
    )
    undo.settle(step)
    return Freezing(
        examined=1,
        copy=frozen,
        health_check=check,
        allowed=allowed,
        noticed_after=noticed.seconds if noticed.happened else None,
        replaced_after=served.seconds,
        new_copy=served.last,
    )


def _is_noticed(platform: Platform, frozen: Replica) -> bool:
    copies = {copy.id: copy for copy in platform.replicas(frozen.service)}
    return frozen.id not in copies or copies[frozen.id].health == "unhealthy"


def _new_server(target: Target, before: tuple[Replica, ...]) -> str:
    """The instance of a copy that is new and answers a customer rightly; "" while there is none."""
    old = {copy.instance for copy in before}
    new = {copy.instance for copy in target.platform.replicas(target.profile.service.name)} - old
    if not new:
        return ""
    customer = Customer(target, fresh_connections=True)
    right = [answer.instance for answer in customer.walk() if answer.right]
    customer.clean_up()
    return next((instance for instance in right if instance in new), "")
