"""Tries a copy out: restores it, and compares what is in it with what was written down when it was made."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from backup.contents import Contents, Server, differences
from backup.database import Copy, DatabaseCopies
from backup.files import FileCopies, FileCopy
from backup.programs import Failed
from backup.records import Drill, Records
from backup.restoring import restored
from backup.settings import Settings


class DrillOfACopy:
    """`reading`: the repository is somebody else's, nothing is written into it."""

    def __init__(self, told: Settings, by: str, *, reading: bool = False) -> None:
        self._told = told
        self._by = by
        self._database = DatabaseCopies(told)
        self._files = FileCopies(told, reading=reading)
        self._records = Records(told.records)
        self._place = told.scratch / "drill"

    def try_newest(self) -> Drill:
        """Try the newest copy. Whatever keeps it from being restored and right is a problem of the drill, not an error."""
        began, label, found = time.time(), "", None
        try:
            newest = self._newest()
            label = newest.label
            found, files, problems = self._try(newest)
        except (Failed, OSError, ValueError, KeyError) as problem:
            files, problems = 0, [str(problem)]
        finally:
            shutil.rmtree(self._place, ignore_errors=True)
        return Drill(
            label, began, time.time(), not problems, self._by, tuple(problems),
            len(found.tables) if found else 0, found.rows if found else 0, files,
        )  # fmt: skip

    def _newest(self) -> Copy:
        copies = self._database.copies()
        if not copies:
            raise Failed("there is no copy of the database")
        age, limit = time.time() - copies[-1].stopped, limit_of(self._told.incremental)
        if age > limit:
            raise Failed(
                f"the newest copy, {copies[-1].label}, is {age:.0f} s old, and may be {limit:.0f} s old"
            )
        return copies[-1]

    def _try(self, copy: Copy) -> tuple[Contents, int, list[str]]:
        record = self._records.contents(copy.label)
        if record is None:
            raise Failed(f"nobody wrote down what {copy.label} holds")
        options = [
            f"--set={copy.label}",
            "--type=name",
            f"--target={record['point']}",
            "--target-action=promote",
        ]
        with restored(self._told, self._place / "database", self._place / "socket", options) as server:
            found = server.contents()
            problems = differences(Contents.of(record), found)
            files = self._restored_files(float(str(record["made"])))
            problems += list(self._missing_files(server))
        return found, files, problems

    def _restored_files(self, made: float) -> int:
        """The copies of files next before and next after the moment, one over the other: a file may have come or gone between."""
        copies = self._files.copies()
        before = [each for each in copies if each.made <= made][-1:]
        after = [each for each in copies if each.made > made][:1]
        if not before and not after:
            raise Failed("there is no copy of the files")
        self._files.check()
        for each in (*before, *after):
            self._restore(each)
        return sum(1 for each in self._folder.rglob("*") if each.is_file())

    def _restore(self, copy: FileCopy) -> None:
        self._folder.parent.mkdir(exist_ok=True)
        self._files.restore(copy, self._folder.parent)

    @property
    def _folder(self) -> Path:
        return self._place / "files" / self._told.attachments.name

    def _missing_files(self, server: Server) -> Iterator[str]:
        if not self._told.files_query:
            return
        for line in filter(None, server.ask(self._told.files_query + ";")):
            path, size, digest = line.split("|")
            problem = problem_of(self._folder / path, int(size), digest)
            if problem:
                yield f"file {path}: {problem}"


def problem_of(path: Path, size: int, digest: str) -> str:
    """What is wrong with a file, or nothing."""
    if not path.is_file():
        return "is missing"
    content = path.read_bytes()
    if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
        return f"{len(content)} bytes, and not those that were attached"
    return ""


def limit_of(interval: float) -> float:
    """How old, in seconds, the newest one may be of what is made every `interval` seconds."""
    return 2 * interval + 60
