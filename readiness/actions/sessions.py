"""Sessions of our own in the target's database: idle ones, one that keeps a lock, and others that wait for it."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.config.keeping import Database
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform, Replica

MARK = "readiness-sessions"
OURS = {"PGAPPNAME": MARK}
LOCK = 727267  # a number that only we lock
END = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{MARK}'"


def owe_their_end(undo: UndoStack, database: Database) -> UndoStep:
    """To be registered before the first session is opened: end all of them."""
    return undo.owe("end_sessions", service=database.service, command=[*database.ask, END])


def hold_idle(platform: Platform, copy: Replica, hold: Sequence[str], sessions: int, seconds: int) -> None:
    """Open sessions that do nothing for so many seconds."""
    filled = [each.replace("{sessions}", str(sessions)).replace("{seconds}", str(seconds)) for each in hold]
    platform.start_inside(copy.id, filled, OURS)


def keep_lock(platform: Platform, copy: Replica, database: Database, seconds: int) -> None:
    """Keep a lock in a transaction that is open for so many seconds."""
    statement = f"SELECT pg_advisory_xact_lock({LOCK}), pg_sleep({seconds})"
    platform.start_inside(copy.id, [*database.ask, statement], OURS)


def wait_for_lock(platform: Platform, copy: Replica, database: Database) -> None:
    """Open a session that waits for that lock."""
    platform.start_inside(copy.id, [*database.ask, f"SELECT pg_advisory_xact_lock({LOCK})"], OURS)
