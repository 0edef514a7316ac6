"""The copies of the database: pgBackRest does the work, in a repository that is encrypted with the passphrase."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backup.programs import run
from backup.settings import Settings

PGBACKREST = "pgbackrest"
ARCHIVE_PATIENCE = 60  # seconds within which the database's log must have arrived for a copy to be whole


@dataclass(frozen=True)
class Copy:
    """One copy in the repository. `started`, `stopped`: Unix seconds. `size`, `stored`: bytes, here and in the repository."""

    label: str
    kind: str
    started: float
    stopped: float
    size: int
    stored: int
    whole: bool


class DatabaseCopies:
    """The repository, as `user` of the machine (None: as whoever runs this) and for a cluster at `pgdata`."""

    def __init__(self, told: Settings, pgdata: Path | None = None, user: int | None = None) -> None:
        self._told = told
        self._pgdata = pgdata or told.pgdata
        self._user = user

    def environment(self) -> Mapping[str, str]:
        """How pgBackRest is told everything. Also for a database that fetches its log from the repository."""
        told = self._told
        return {
            "PGBACKREST_STANZA": told.stanza,
            "PGBACKREST_PG1_PATH": str(self._pgdata),
            "PGBACKREST_PG1_USER": told.user,
            "PGBACKREST_REPO1_PATH": str(told.repository / "database"),
            "PGBACKREST_REPO1_CIPHER_TYPE": "aes-256-cbc",
            "PGBACKREST_REPO1_CIPHER_PASS": told.passphrase,
            "PGBACKREST_REPO1_BUNDLE": "y",
            "PGBACKREST_REPO1_RETENTION_FULL": str(told.keep),
            "PGBACKREST_EXPIRE_AUTO": "n",
            "PGBACKREST_START_FAST": "y",
            "PGBACKREST_COMPRESS_TYPE": "lz4",
            "PGBACKREST_ARCHIVE_TIMEOUT": str(ARCHIVE_PATIENCE),
            "PGBACKREST_LOG_LEVEL_CONSOLE": "warn",
            "PGBACKREST_LOG_LEVEL_STDERR": "off",
            "PGBACKREST_LOG_LEVEL_FILE": "off",
            "PGBACKREST_LOCK_PATH": "/tmp/pgbackrest",
            "PGHOST": told.host,
            "PGPASSWORD": told.password,
            "PGCONNECT_TIMEOUT": "5",
        }

    def prepare(self) -> None:
        """Make the repository ready for this database, if it is not."""
        self._run("stanza-create")

    def make(self, kind: str) -> None:
        """Make one more copy: full, or incr (what changed since the one before)."""
        self._run("backup", f"--type={kind}")

    def confirm(self) -> None:
        """Wait until the database's log up to now is in the repository."""
        self._run("check")

    def take_in(self, segment: Path) -> None:
        """Take one segment of the database's log into the repository."""
        self._run("archive-push", str(segment))

    def clear(self) -> None:
        """Remove what is beyond the number of full copies that are kept, with what depends on it."""
        self._run("expire")

    def restore(self, *options: str) -> None:
        """Put a copy to where this cluster lies. The options are pgBackRest's: --set, --type, --target …"""
        self._run("restore", "--link-all", *options)

    def copies(self) -> list[Copy]:
        """All whole copies, oldest first."""
        (stanza,) = json.loads(self._run("--output=json", "info")) or ({},)
        if stanza.get("status", {}).get("code") not in (0, 2):  # 2: no valid backups, yet
            raise ValueError(f"the repository: {stanza.get('status', {}).get('message', 'no stanza')}")
        copies = [
            Copy(
                each["label"], each["type"], each["timestamp"]["start"], each["timestamp"]["stop"],
                each["info"]["size"], each["info"]["repository"]["delta"], not each.get("error"),
            )
            for each in stanza["backup"]
        ]  # fmt: skip
        return sorted((each for each in copies if each.whole), key=lambda each: each.stopped)

    def _run(self, *arguments: str) -> str:
        return run([PGBACKREST, *arguments], environment=self.environment(), user=self._user)
