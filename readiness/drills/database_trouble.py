"""A database in trouble: nearly all of its sessions are taken, one keeps a lock, others wait for it. What is reported of it?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from readiness.actions.sessions import hold_idle, keep_lock, owe_their_end, wait_for_lock
from readiness.config.meters import DatabaseMeters
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.calibration import Compared, level, meters_of, summed
from readiness.harness.undo import UndoStack
from readiness.probes.database import ask_database, declared_database, running_database
from readiness.targets.target import Target

TAKEN = 0.86  # of all sessions that there may be
LASTS = 90  # seconds, at most; they are ended before
WAIT = 2
PATIENCE = 60.0
OPEN_WITHIN = 30.0
TRUTH = """
SELECT extract(epoch FROM clock_timestamp()),
  count(*) FILTER (WHERE state = 'idle'),
  count(*) FILTER (WHERE datname IS NOT NULL),
  (SELECT setting FROM pg_settings WHERE name = 'max_connections'),
  count(*) FILTER (WHERE wait_event_type = 'Lock'),
  coalesce(extract(epoch FROM max(clock_timestamp() - xact_start) FILTER
    (WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())), 0)
FROM pg_stat_activity
"""


@dataclass(frozen=True)
class Sessions:
    """What the database itself tells of its sessions, at a Unix time. `longest`: age of the oldest transaction in seconds."""

    at: float
    idle: float
    connections: float
    most: float
    waiting: float
    longest: float


@dataclass(frozen=True)
class Raised:
    """An alarm: whether there is a rule of that name, after how many seconds it was pending or on, and which service it named."""

    alarm: str
    exists: bool
    after: float | None
    named: str


@dataclass(frozen=True, kw_only=True)
class DatabaseTrouble(Observation):
    """Examined: meters and alarms. `service`: the database's."""

    service: str
    compared: tuple[Compared, ...]
    raised: tuple[Raised, ...]
    told: tuple[Sessions, ...]


def database_meters_of(target: Target) -> DatabaseMeters:
    """How the database is measured. CapabilityMissing where the profile does not say."""
    found = meters_of(target).database
    if found is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how the database is measured (meters.database)."
        )
    return found


def trouble_database(target: Target, undo: UndoStack) -> DatabaseTrouble:
    """Bring the database into trouble, wait until meters and alarms have told of it, and take it out again."""
    meters, database, platform = database_meters_of(target), declared_database(target), target.platform
    copy = running_database(platform, database, target.profile.patience.answer)

    def ask() -> Sessions:
        return Sessions(*(float(each) for each in ask_database(platform, database, copy, TRUTH)[0]))

    before = ask()
    sessions = math.ceil(before.most * TAKEN) - round(before.connections)
    step = owe_their_end(undo, database)
    hold_idle(platform, copy, meters.hold, sessions, LASTS)
    keep_lock(platform, copy, database, LASTS)
    for _ in range(WAIT):
        wait_for_lock(platform, copy, database)
    opened = wait_until(
        ask,
        lambda now: now.connections >= before.most * TAKEN - 1 and now.waiting >= WAIT - 1,
        patience=OPEN_WITHIN,
    )
    if not opened.happened:
        raise CannotLook(f"the database could not be brought into trouble: {opened.last}")
    began, told = clock(), [opened.last]
    alarms = (meters.alarms.connections, meters.alarms.waiting)
    raised: dict[str, tuple[float, str]] = {}

    def look() -> tuple[Compared, ...]:
        told.append(ask())
        for name in alarms:
            on = target.metrics.query(f'ALERTS{{alertname="{name}"}}')
            if on and name not in raised:
                raised[name] = (clock() - began, on[0].labels.get("service", ""))
        return _compared(target, meters, told)

    waited = wait_until(
        look,
        lambda seen: all(each.reported is not None for each in seen) and len(raised) == len(alarms),
        patience=PATIENCE,
        every=1.0,
    )
    undo.settle(step)
    return DatabaseTrouble(
        examined=len(waited.last) + len(alarms),
        service=database.service,
        compared=waited.last,
        raised=_raised(target, raised, alarms),
        told=tuple(told),
    )


def _compared(target: Target, meters: DatabaseMeters, told: list[Sessions]) -> tuple[Compared, ...]:
    def of(words: str, selector: str, field: str, unit: str) -> Compared:
        samples = summed(target.metrics.samples(selector, PATIENCE), told[0].at, told[-1].at)
        return level(words, samples, told, lambda each: float(getattr(each, field)), 1.0, unit)

    return (
        of("idle sessions", meters.idle, "idle", "sessions"),
        of("all sessions", meters.connections, "connections", "sessions"),
        of("sessions that there may be", meters.most_connections, "most", "sessions"),
        of("sessions that wait for a lock", meters.waiting, "waiting", "sessions"),
        of("age of the oldest transaction", meters.longest, "longest", "s"),
    )


def _raised(
    target: Target, raised: Mapping[str, tuple[float, str]], alarms: tuple[str, ...]
) -> tuple[Raised, ...]:
    rules = {each.name for each in target.metrics.rules()}
    return tuple(
        Raised(
            name,
            name in rules,
            raised[name][0] if name in raised else None,
            raised[name][1] if name in raised else "",
        )
        for name in alarms
    )
