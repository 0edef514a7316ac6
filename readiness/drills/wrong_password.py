"""A copy of the exporter that asks the database logs in with a wrong password: whether that becomes an alarm."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.capacity import metrics_service
from readiness.drills.database_trouble import database_meters_of
from readiness.drills.rule_trials import Moment, Trial, Tried, steps, try_rules, written
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

NAME = "readiness-locked-out"
PATIENCE = 90.0
READ = 'exec 3<>"/dev/tcp/127.0.0.1/$0"; printf "GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" "$1" >&3; cat <&3'


@dataclass(frozen=True, kw_only=True)
class LockedOut(Observation):
    """What a locked-out exporter and the running one say of the database (1: reached), and what the alarm makes of both.

    `tried` is None where there is no rule of that name.
    """

    alarm: str
    series: str
    locked_out: float | None
    running: float | None
    tried: Tried | None


def lock_out_exporter(target: Target, undo: UndoStack) -> LockedOut:
    """Start a copy of the exporter with a wrong password, read what it says, and show that to the alarm on simulated time."""
    meters, platform = database_meters_of(target), target.platform
    exporter = meters.exporter
    undo.owe("remove_trial", name=NAME)
    platform.start_trial(exporter.service, NAME, {}, {exporter.logs_in_with: secrets.token_hex(16).encode()})
    waited = wait_until(lambda: _said(target), lambda said: said is not None, patience=PATIENCE, every=1.0)
    platform.remove_trial(NAME)
    rule = next((each for each in target.metrics.rules() if each.name == meters.alarms.down), None)
    now = target.metrics.query(exporter.up)
    tried = None
    if rule and now and waited.last is not None:
        told = steps([(waited.last, rule.holds_for + 60), (now[0].value, 90)])
        moments = (Moment(rule.holds_for + 30, True), Moment(rule.holds_for + 120, False))
        trial = Trial(
            "the exporter is locked out, and let in again", rule, {written(now[0].labels): told}, moments
        )
        (tried,) = try_rules(platform, undo, metrics_service(target), [trial])
    return LockedOut(
        examined=2 + len(now),
        alarm=meters.alarms.down,
        series=exporter.up,
        locked_out=waited.last,
        running=now[0].value if now else None,
        tried=tried,
    )


def _said(target: Target) -> float | None:
    """What the locked-out exporter says of the database; None while it does not answer."""
    exporter = database_meters_of(target).exporter
    for copy in target.platform.replicas(NAME):
        try:
            ran = target.platform.run_inside(
                copy.id, ["bash", "-c", READ, str(exporter.port), exporter.path], timeout=15
            )
        except CannotLook:
            continue
        return value_of(exporter.up, ran.output)
    return None


def value_of(series: str, text: str) -> float | None:
    """The value of a series without labels of its own, in the text that an exporter gives out."""
    found = re.search(rf"^{re.escape(series)}(?:{{[^}}]*}})? (\S+)", text, flags=re.MULTILINE)
    return float(found[1]) if found else None
