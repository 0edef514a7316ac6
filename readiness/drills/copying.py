"""Copies come by themselves, on a schedule that runs faster; then the database is away, and somebody is to be told."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from readiness.actions.settings import roll_out_settings
from readiness.config.recovery import Recovery
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.break_in import inbox_of
from readiness.harness.undo import UndoStack
from readiness.targets.platform import Replica
from readiness.targets.target import Target

EVERY = 0.5
COMES_WITHIN = 90.0  # seconds for which we look for one more copy of a hastened schedule
TOLD_WITHIN = 150.0
QUIET_WITHIN = 120.0


@dataclass(frozen=True)
class Copy:
    """One copy of the database. Times are Unix seconds, `size` bytes of the database."""

    label: str
    started: float
    stopped: float
    size: int


@dataclass(frozen=True)
class Tried:
    """One drill that was written down: of which copy, when it ended (Unix seconds), by whom."""

    backup: str
    ended: float
    passed: bool
    by: str


@dataclass(frozen=True)
class Listed:
    """All copies and drills that the operator's list names, oldest first."""

    copies: tuple[Copy, ...]
    drills: tuple[Tried, ...]


@dataclass(frozen=True, kw_only=True)
class Schedule(Observation):
    """What happened while nobody asked for a copy. Examined: copies that came, and the failing of one.

    `age`: seconds since the newest copy was complete, before anybody touched anything.
    `came`: copies that came by themselves on a hastened schedule. `sizes`: bytes of the newest one before, and of the last that
    came. `counted`: labels that the list named as new while no copy could be made; `believed`: seconds by which the moment of the
    last good copy moved meanwhile. `told_after`: seconds from the database's loss to a person's message; None when none came.
    `back`: whether copies came again, and the alarm ended, when the database was back.
    """

    age: float
    came: tuple[Copy, ...]
    sizes: tuple[int, int]
    counted: tuple[str, ...]
    believed: float
    told_after: float | None
    back: bool


def recovery_of(target: Target) -> Recovery:
    """What the profile says of copies. CapabilityMissing where it says nothing."""
    if target.profile.recovery is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say who makes copies (recovery).")
    return target.profile.recovery


def require_recovery(target: Target) -> None:
    """CapabilityMissing where something is not said that it takes to try copies out."""
    recovery_of(target)
    inbox_of(target)
    for name in ("list_copies", "restore", "discard_restored", "try_copy", "rehearse"):
        target.procedure(name)


def listed(target: Target) -> Listed:
    """What the operator's list names. CannotLook when it cannot be read."""
    ran = target.run_procedure("list_copies")
    try:
        told: Any = json.loads(ran.output)
        return Listed(
            tuple(
                Copy(each["label"], each["started"], each["stopped"], each["size"])
                for each in told["database"]
            ),
            tuple(
                Tried(each["backup"], each["ended"], each["passed"], each["by"]) for each in told["drills"]
            ),
        )
    except (ValueError, KeyError, TypeError):
        words = " ".join(ran.output.split())[-300:]
        raise CannotLook(
            f"the list of copies cannot be read (exit status {ran.exit_code}): {words}"
        ) from None


def keeper_of(target: Target) -> Replica:
    """The copy of the service that makes copies, as soon as it is well."""
    recovery = recovery_of(target)
    waited = wait_until(
        lambda: [each for each in target.platform.replicas(recovery.service) if each.health == "healthy"],
        bool,
        patience=target.profile.patience.steady,
        every=EVERY,
    )
    if not waited.last:
        raise CannotLook(f"no copy of {recovery.service} runs that could be looked at")
    return waited.last[0]


def is_on(target: Target, alarm: str) -> bool:
    """Whether an alarm is on now, or about to be."""
    return bool(target.metrics.query(f'ALERTS{{alertname="{alarm}"}}'))


def wait_for_quiet(target: Target, alarm: str) -> None:
    """An alarm that is on already would be told of only once, before we look."""
    waited = wait_until(lambda: is_on(target, alarm), lambda on: not on, patience=QUIET_WITHIN, every=1.0)
    if not waited.happened:
        raise CannotLook(f"{alarm} has been on for {waited.seconds:.0f} s, so a new one would not be told of")


def told_of(target: Target, alarm: str, began: float) -> float | None:
    """Seconds from `began` (Unix) to the first message to people that names the alarm; None when none comes."""
    inbox, people = inbox_of(target), recovery_of(target).people
    waited = wait_until(
        lambda: [
            each.received
            for each in inbox.since(began)
            if each.channel in people and alarm in f"{each.subject}\n{each.text}"
        ],
        bool,
        patience=TOLD_WITHIN,
        every=EVERY,
    )
    return min(waited.last) - began if waited.last else None


def watch_schedule(target: Target, undo: UndoStack) -> Schedule:
    """Hasten the schedule and see copies come; then let the database be away, and see who is told. Undo: the settings."""
    recovery, platform = recovery_of(target), target.platform
    wait_for_quiet(target, recovery.alarms.failed)
    keeper_of(target)
    before = listed(target).copies[-1:]
    if not before:
        raise CannotLook("there is no copy yet, so nobody can say whether one more comes")
    age = time.time() - before[0].stopped
    hastened = roll_out_settings(platform, undo, recovery.service, recovery.hastened)
    after_restart = _copies_that_come(target, before[0].label, 2)
    away_since = time.time()
    away = roll_out_settings(platform, undo, recovery.service, recovery.away)
    told_after = told_of(target, recovery.alarms.failed, away_since)
    blind_since = keeper_of(target).created + 1
    last_good = _moment_of_success(target)
    counted = tuple(each.label for each in listed(target).copies if each.started > blind_since)
    undo.settle(away)
    back = bool(_copies_that_come(target, listed(target).copies[-1].label, 1)) and _ends(
        target, recovery.alarms.failed
    )
    undo.settle(hastened)
    keeper_of(target)
    sizes = (before[0].size, (after_restart or before)[-1].size)
    return Schedule(
        examined=len(after_restart) + 1,
        age=age,
        came=after_restart,
        sizes=sizes,
        counted=counted,
        believed=max(0.0, last_good - blind_since),
        told_after=told_after,
        back=back,
    )


def _copies_that_come(target: Target, after: str, number: int) -> tuple[Copy, ...]:
    def come() -> tuple[Copy, ...]:
        try:
            copies = listed(target).copies
        except CannotLook:  # while the service is replaced
            return ()
        labels = [each.label for each in copies]
        return copies[labels.index(after) + 1 :] if after in labels else copies

    return wait_until(come, lambda seen: len(seen) >= number, patience=COMES_WITHIN, every=1.0).last


def _moment_of_success(target: Target) -> float:
    samples = target.metrics.query(recovery_of(target).succeeded)
    if not samples:
        return 0.0
    return max(each.value for each in samples)


def _ends(target: Target, alarm: str) -> bool:
    return wait_until(
        lambda: is_on(target, alarm), lambda on: not on, patience=QUIET_WITHIN, every=1.0
    ).happened
