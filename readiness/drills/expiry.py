"""Whether somebody is told before a certificate ends: the rule in force on supposed ends, and what it knows of the real one."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.config.encryption import ExpiryAlarm
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.renewal import certificates_of
from readiness.drills.simulated_rules import Supposed, would_sound
from readiness.harness.undo import UndoStack
from readiness.targets.metrics import AlertRule
from readiness.targets.target import Target

DAY = 86400.0
METRICS = "metrics"


@dataclass(frozen=True, kw_only=True)
class ExpiryWatch(Observation):
    """The alarm before a certificate ends. Examined: rules, supposed ends and the real one.

    `rule` is None where there is none of that name; `ends`: when the served certificate ends, in Unix seconds; `told`: when it
    does as each series says now.
    """

    alert: str
    rule: AlertRule | None
    sounds_in_time: bool
    sounds_too_early: bool
    ends: float
    told: tuple[float, ...]


def watch_expiry(target: Target, undo: UndoStack, policy: ExpiryAlarm) -> ExpiryWatch:
    """Try the rule in force with few and with many days left, and read what its series says now."""
    expiry = certificates_of(target).expiry
    rule = next((each for each in target.metrics.rules() if each.name == expiry.alert), None)
    service = target.profile.platform.services.get(METRICS)
    if service is None:
        raise CapabilityMissing(f"The profile of {target.name} names no service for the role {METRICS!r}.")

    def sounds(days: int) -> bool:
        supposed = Supposed(expiry.series, days * DAY)
        return rule is not None and would_sound(target.platform, undo, service, rule, supposed)

    shake = target.wire.shake()
    if shake.error:
        raise CannotLook(f"when the served certificate ends cannot be seen: {shake.error}")
    # A door that was restarted a moment ago has series again when it is next looked at.
    told = wait_until(
        lambda: target.metrics.query(expiry.series),
        bool,
        patience=target.profile.patience.change / 2,
        every=1.0,
    ).last
    return ExpiryWatch(
        examined=3 + len(told),
        alert=expiry.alert,
        rule=rule,
        sounds_in_time=sounds(policy.sounds_with_days_left),
        sounds_too_early=sounds(policy.silent_with_days_left),
        ends=shake.ends,
        told=tuple(each.value for each in told),
    )
