"""Acts on the database: it is told to refuse something, until it is told otherwise."""

from __future__ import annotations

from readiness.config.keeping import Database
from readiness.core.errors import CannotLook
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform

PATIENCE = 30.0


def let_refuse(platform: Platform, undo: UndoStack, database: Database, begin: str, end: str) -> UndoStep:
    """Run the statements `begin`. Undo: run the statements `end`, which may be run twice."""
    step = undo.owe("tell_database", service=database.service, argv=[*database.ask, end])
    copies = platform.replicas(database.service)
    if not copies:
        raise CannotLook(f"no copy of the database {database.service} runs that could be told anything")
    ran = platform.run_inside(copies[0].id, [*database.ask, begin], timeout=PATIENCE)
    if ran.exit_code != 0:
        raise CannotLook(f"the database {database.service} did not take {begin!r}: {ran.output[-300:]}")
    return step
