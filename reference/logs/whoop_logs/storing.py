"""Puts lines into the store. Where the reading of a file goes on is kept in the same transaction, so that whatever dies between
two of them, no line is lost or there twice."""

from __future__ import annotations

from datetime import date

import psycopg
from psycopg.types.json import Jsonb

from whoop_logs.files import Portion
from whoop_logs.lines import Line
from whoop_logs.names import Owner

ROLE = "log_writer"
COLUMNS = "at, service, container, name, stream, level, request_id, line, fields"


class Store:
    """A connection as the role that may add lines. Raises psycopg.Error when the store does not take them."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self.oldest: date | None = None

    def positions(self, container: str) -> dict[str, int]:
        """How far each file of a container was read."""
        with self._connection.transaction():
            return dict(
                self._connection.execute(
                    "SELECT file, done FROM positions WHERE container = %s", (container,)
                )
            )

    def keep(self, owner: Owner, portion: Portion) -> None:
        """Add the lines, and note how far the file was read. Lines of days that are dropped already are left out."""
        try:
            self._keep(owner, portion, whole=True)
        except psycopg.DataError:
            self._keep(owner, portion, whole=False)

    def _keep(self, owner: Owner, portion: Portion, *, whole: bool) -> None:
        """Not `whole`: a field is nothing that the store can keep as one, so that lines are kept as words alone."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            self.oldest = (cursor.execute("SELECT oldest_day()").fetchone() or (None,))[0]
            with cursor.copy(f"COPY lines ({COLUMNS}) FROM STDIN") as copy:
                for line in portion.lines:
                    if self.oldest is None or line.at.date() >= self.oldest:
                        copy.write_row(_row(owner, line, whole=whole))
            cursor.execute(
                "INSERT INTO positions (container, file, done) VALUES (%s, %s, %s) "
                "ON CONFLICT (container, file) DO UPDATE SET done = excluded.done, at = now()",
                (owner.container, portion.file, portion.until),
            )


def _row(owner: Owner, line: Line, *, whole: bool) -> tuple[object, ...]:
    fields = Jsonb(line.fields) if whole and line.fields is not None else None
    return (
        line.at, owner.service, owner.container, owner.name, line.stream, line.level, line.request, line.text, fields,
    )  # fmt: skip
