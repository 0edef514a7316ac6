"""What is kept, in one SQLite file that is on disk before anything is confirmed: incidents, calls, and what happened when."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  problem TEXT NOT NULL, title TEXT NOT NULL, service TEXT NOT NULL, severity TEXT NOT NULL, owner TEXT NOT NULL,
  summary TEXT NOT NULL, value TEXT NOT NULL, runbook TEXT NOT NULL, source TEXT NOT NULL,
  began REAL NOT NULL, opened REAL NOT NULL, called REAL NOT NULL, notices INTEGER NOT NULL, reopened INTEGER NOT NULL,
  first_acknowledged REAL, acknowledged REAL, acknowledged_by TEXT,
  resolved REAL, reviewed REAL, reviewed_by TEXT, lesson TEXT
);
CREATE INDEX IF NOT EXISTS incidents_by_problem ON incidents (problem, id);
CREATE TABLE IF NOT EXISTS calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident INTEGER NOT NULL, round REAL NOT NULL, level INTEGER NOT NULL, person TEXT NOT NULL,
  channel TEXT NOT NULL, address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  at REAL NOT NULL, next REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, delivered REAL
);
CREATE INDEX IF NOT EXISTS calls_to_deliver ON calls (delivered, next);
CREATE TABLE IF NOT EXISTS journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER NOT NULL, at REAL NOT NULL, what TEXT NOT NULL
);
"""


class Store:
    """One database. Whatever is done within `change` is done as a whole, or not at all. Safe for several threads."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(TABLES)

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """The rows that a statement gives."""
        with self._lock:
            return [dict(row) for row in self._database.execute(statement, values)]

    def row(self, statement: str, *values: object) -> dict[str, Any] | None:
        """The first row, if there is one."""
        return next(iter(self.rows(statement, *values)), None)

    def add(self, table: str, **values: object) -> int:
        """A new row; returns its number. `table` and the names are never from outside."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._lock:
            made = self._database.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
            )
            return int(made.lastrowid or 0)

    def set(self, table: str, number: int, **values: object) -> None:
        """Other values in one row."""
        pairs = ", ".join(f"{name} = ?" for name in values)
        with self._lock:
            self._database.execute(f"UPDATE {table} SET {pairs} WHERE id = ?", (*values.values(), number))
