"""The keeper: makes the days to come, archives and drops the days that are over, and removes archives in the end."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from whoop_logs.settings import log_in, number, say, stopped, text

SERVICE = "log-keeper"
ROLE = "log_keeper"
AHEAD = 7  # days that are made before they come
BEFORE = (
    30  # days that are made afterwards, for what is in the engine's files when the first collector starts
)
ALIVE = Path("/tmp/alive")


@dataclass(frozen=True)
class Policy:
    """For how many days lines can be searched, and for how many days after they were written they can be had at all."""

    searchable: int
    archived: int

    def is_over(self, day: date, today: date) -> bool:
        """Whether lines of this day are to be searchable no more."""
        return (today - day).days > self.searchable

    def is_forgotten(self, day: date, today: date) -> bool:
        """Whether lines of this day are to be nowhere any more."""
        return (today - day).days > self.archived


class Keeper:
    """What is done to a store and a folder of archives, by a policy. Raises psycopg.Error and OSError."""

    def __init__(self, connection: psycopg.Connection, folder: Path, policy: Policy) -> None:
        self._connection, self._folder, self._policy = connection, folder, policy

    def look(self, today: date | None = None) -> None:
        """Do what is due. `today`: by the store's clock, in UTC."""
        today = today or self._today()
        there = self._days()
        for ahead in range(-min(self._policy.searchable, BEFORE), AHEAD + 1):
            if (day := today + timedelta(days=ahead)) not in there:
                self._connection.execute("SELECT make_day(%s)", (day,))
        for day in there:
            if self._policy.is_over(day, today):
                self._end(day, keep=not self._policy.is_forgotten(day, today))
        for path, day in archives_in(self._folder):
            if self._policy.is_forgotten(day, today):
                path.unlink()
                say(SERVICE, "archive removed", day=day.isoformat(), file=path.name)
        self._connection.execute("DELETE FROM positions WHERE at < now() - interval '90 days'")

    def _today(self) -> date:
        row = self._connection.execute("SELECT (now() AT TIME ZONE 'UTC')::date").fetchone()
        assert row is not None
        return row[0]

    def _days(self) -> list[date]:
        return [row[0] for row in self._connection.execute("SELECT day FROM days() ORDER BY day").fetchall()]

    def _end(self, day: date, *, keep: bool) -> None:
        """Nobody can add to the day from here on; it is dropped only after its archive was read back in full."""
        table = sql.Identifier(f"lines_{day:%Y%m%d}")
        with self._connection.transaction():
            self._connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))
            counted = self._connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
            assert counted is not None
            if keep and counted[0]:
                self._archive(table, day, counted[0])
            self._connection.execute(sql.SQL("DROP TABLE {}").format(table))
        say(SERVICE, "day dropped", day=day.isoformat(), lines=counted[0], archived=keep and bool(counted[0]))

    def _archive(self, table: sql.Identifier, day: date, lines: int) -> None:
        path = free_name(self._folder, day)
        begun = path.with_suffix(".part")
        question = sql.SQL("SELECT row_to_json(each)::text FROM {} each ORDER BY at").format(table)
        with gzip.open(begun, "wb") as packed, self._connection.cursor("archive") as cursor:
            for (line,) in cursor.execute(question):
                packed.write(f"{line}\n".encode())
        with begun.open("rb+") as file:
            os.fsync(file.fileno())
        found = sum(1 for _ in lines_of(begun))
        if found != lines:
            raise OSError(f"the archive {path.name} has {found} of {lines} lines; the day is not dropped")
        begun.rename(path)


def archives_in(folder: Path) -> Iterator[tuple[Path, date]]:
    """All archives and their days, the oldest first."""
    for path in sorted(folder.glob("lines-*.jsonl.gz")):
        yield path, date.fromisoformat(path.name.removeprefix("lines-")[:10])


def free_name(folder: Path, day: date) -> Path:
    """A file for a day that overwrites no other; a day has several when lines came after it was archived."""
    names = [f"lines-{day}.jsonl.gz", *(f"lines-{day}.{number}.jsonl.gz" for number in range(2, 1000))]
    return next(folder / name for name in names if not (folder / name).exists())


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of an archive, a JSON object each. Raises OSError and EOFError for one that is damaged."""
    with gzip.open(path) as file:
        yield from file


def main() -> None:
    """Looks every ten seconds until it is told to stop: what is over is soon gone, and a look at nothing costs little."""
    stop = stopped()
    policy = Policy(int(number("SEARCHABLE_DAYS", 14)), int(number("ARCHIVED_DAYS", 90)))
    folder, interval = Path(text("ARCHIVE", "/var/lib/logs/archive")), number("INTERVAL_SECONDS", 10)
    say(SERVICE, "started", searchable_days=policy.searchable, archived_days=policy.archived)
    problem = ""
    while not stop.is_set():
        try:
            with log_in(ROLE) as connection:
                connection.autocommit = True
                Keeper(connection, folder, policy).look()
            problem = ""
            ALIVE.touch()
        except (psycopg.Error, OSError, EOFError) as failure:
            if str(failure) != problem:
                say(SERVICE, "cannot do what is due", "error", detail=str(failure))
            problem = str(failure)
        stop.wait(2 if problem else interval)
    say(SERVICE, "stopped")
