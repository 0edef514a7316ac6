"""The copies of the files that members attached: restic does the work, in a repository encrypted with the passphrase."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backup.programs import run
from backup.settings import Settings


@dataclass(frozen=True)
class FileCopy:
    """One copy of all files. `made`: Unix seconds."""

    id: str
    made: float


class FileCopies:
    """The repository of files. `reading`: nothing is written into it, not even a lock."""

    def __init__(self, told: Settings, *, reading: bool = False) -> None:
        self._told = told
        self._options = ["--no-lock"] if reading else []
        self._repository = told.repository / "files"
        self._seen: object = None

    def prepare(self) -> None:
        """Make the repository, if there is none."""
        if not (self._repository / "config").exists():
            self._run("init")

    def make(self) -> bool:
        """Make one more copy of all files, if one changed since the last one. Returns whether it did."""
        now = state_of(self._told.attachments)
        if now == self._seen:
            return False
        self._run("backup", self._told.attachments.name, "--host", "whoop", "--exclude", "*.partial")
        self._seen = now
        return True

    def copies(self) -> list[FileCopy]:
        """All copies, oldest first."""
        found = [
            FileCopy(each["id"], datetime.fromisoformat(each["time"][:19] + "+00:00").timestamp())
            for each in json.loads(self._run("snapshots", "--json"))
        ]
        return sorted(found, key=lambda each: each.made)

    def restore(self, copy: FileCopy, to: Path) -> None:
        """Put the folder of files of a copy into the folder `to`, and read them again to see that they are right."""
        self._run("restore", copy.id, "--target", str(to), "--verify")

    def check(self) -> None:
        """Read everything that the repository holds."""
        self._run("check", "--read-data")

    def clear(self, days: int) -> None:
        """Remove copies that are older than `days` days, never the newest one."""
        self._run("forget", "--keep-within", f"{days}d", "--keep-last", "2", "--prune")

    def _run(self, *arguments: str) -> str:
        return run(
            ["restic", *self._options, "--quiet", *arguments],
            environment=self._environment(),
            folder=self._told.attachments.parent,
        )

    def _environment(self) -> Mapping[str, str]:
        return {
            "RESTIC_REPOSITORY": str(self._repository),
            "RESTIC_PASSWORD": self._told.passphrase,
            "RESTIC_CACHE_DIR": "/tmp/restic",
            "TZ": "UTC",
        }


def state_of(folder: Path) -> tuple[int, int, int]:
    """Number of files, their bytes, and the newest change: another one when something changed. OSError without the folder."""
    number, size, newest = 0, 0, os.stat(folder).st_mtime_ns
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            facts = os.stat(Path(where) / name, follow_symlinks=False)
            newest = max(newest, facts.st_mtime_ns)
            if name in files:
                number, size = number + 1, size + facts.st_size
    return number, size, newest
