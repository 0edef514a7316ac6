"""The work of the service: what is due is done, and told of, whether it succeeded or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from backup.contents import Server
from backup.database import DatabaseCopies
from backup.drill import DrillOfACopy
from backup.files import FileCopies
from backup.programs import Failed
from backup.records import Drill, Records
from backup.settings import Settings
from backup.telling import DATABASE, DRILL, FILES, Telling

AGAIN_AFTER = 5.0  # seconds after which something that failed is tried again
ERRORS = (Failed, OSError, ValueError, KeyError)


class Keeper:
    """Makes copies of database and files, tries them out, and clears away old ones once a newer one was tried and is right."""

    def __init__(self, told: Settings, telling: Telling) -> None:
        self._told = told
        self._telling = telling
        self.database = DatabaseCopies(told)
        self.files = FileCopies(told)
        self._records = Records(told.records)
        self._tried: dict[str, float] = {}
        self._told_until = 0.0
        self._prepared = False

    def look(self) -> None:
        """Do what is due."""
        told = self._told
        if not self._prepared and self._is_due(DATABASE, told.incremental):
            self._attempt(DATABASE, self._prepare)
        if not self._prepared:
            return
        if self._is_due(FILES, told.files):
            self._attempt(FILES, self._keep_files)
        if self._is_due(DATABASE, told.incremental):
            self._attempt(DATABASE, self._keep_database)
        self._tell_of_drills()
        if self._is_due(DRILL, told.drill) and self._telling.succeeded(DATABASE):
            self._attempt(DRILL, self._drill)

    def keep_database(self, kind: str = "") -> str:
        """Make one copy: the kind that is due, if none is named. Its label. What it holds is written down with it."""
        whole = [each for each in self.database.copies() if each.kind == "full"]
        due = not whole or time.time() - whole[-1].stopped >= self._told.full
        self.database.make(kind or ("full" if due else "incr"))
        newest = self.database.copies()[-1]
        environment = {**self.database.environment(), "PGUSER": self._told.user}
        point, contents = Server(environment, self._told.database).contents_at(f"copy-{newest.label}")
        self.database.confirm()
        self._records.keep_contents(newest.label, {"made": time.time(), "point": point, **contents.told()})
        if self.files.make():
            self._telling.done(FILES)
        self._telling.sized(newest)
        return newest.label

    def tell_of_the_past(self) -> None:
        """What succeeded before this service started counts: it is in the repository."""
        newest = self.database.copies()[-1:]
        if newest and self._records.contents(newest[0].label):
            self._telling.done(DATABASE, newest[0].stopped)
            self._telling.sized(newest[0])
        self._tell_of_drills()
        self._telling.told_of(len(self.database.copies()))

    def _tell_of_drills(self) -> None:
        """Also of those that operators make by hand, in a process of their own."""
        drills = self._records.drills()
        if not drills or drills[-1].ended <= self._told_until:
            return
        self._told_until = drills[-1].ended
        passed = [each.ended for each in drills if each.passed]
        if passed:
            self._telling.done(DRILL, passed[-1])
        if not drills[-1].passed:
            self._telling.failed(DRILL, "; ".join(drills[-1].problems), drills[-1].ended)

    def _prepare(self) -> None:
        self.database.prepare()
        self.files.prepare()
        self.tell_of_the_past()
        self._prepared = True

    def _keep_files(self) -> None:
        self.files.make()
        self._telling.done(FILES)

    def _keep_database(self) -> None:
        self.keep_database()
        self._telling.done(DATABASE)

    def _drill(self) -> None:
        self.drill("schedule")
        self._telling.done(DRILL)

    def drill(self, by: str) -> Drill:
        """Try the newest copy, and write down how it went. After a good one, what is too old is removed: the copy that was
        just tried is always kept. Failed when it was not good."""
        ended = DrillOfACopy(self._told, by).try_newest()
        self._records.add(ended)
        if not ended.passed:
            raise Failed("; ".join(ended.problems))
        self.clear()
        return ended

    def clear(self) -> None:
        """Remove what is beyond what is kept."""
        self.database.clear()
        self.files.clear(int(self._told.keep * self._told.full / 86400) or 1)
        self._records.forget_all_but({each.label for each in self.database.copies()})

    def _is_due(self, what: str, interval: float) -> bool:
        """Whether it has been `interval` seconds since the last good one, and a little while since the last try."""
        now = time.time()
        last = self._telling.succeeded(what) or 0.0
        return now - last >= interval and now - self._tried.get(what, 0.0) >= min(AGAIN_AFTER, interval)

    def _attempt(self, what: str, work: Callable[[], object]) -> None:
        self._tried[what] = time.time()
        try:
            work()
        except ERRORS as problem:
            self._telling.failed(what, str(problem))


class Intake:
    """Takes what the database puts down of its log into the repository, segment by segment, in order."""

    def __init__(self, told: Settings, telling: Telling) -> None:
        self._folder = told.arriving
        self._copies = DatabaseCopies(told)
        self._telling = telling

    def look(self) -> None:
        """Take in everything that has arrived."""
        waiting = sorted(each for each in self._folder.iterdir() if not each.name.startswith("."))
        oldest = min((each.stat().st_mtime for each in waiting), default=None)
        self._telling.waiting(oldest)
        for each in waiting:
            self._take_in(each)
        self._telling.waiting(None)

    def _take_in(self, segment: Path) -> None:
        self._copies.take_in(segment)
        segment.unlink()
