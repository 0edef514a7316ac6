"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"
SECRETS = Path("/run/secrets")


@dataclass(frozen=True)
class Settings:
    """`repository`: where the copies are. `arriving`: where the database puts its log. `scratch`: where copies are tried out.

    `full`, `incremental`, `files`, `drill`: seconds between two. `keep`: how many full copies. `files_query`: a query for path,
    size and SHA-256 of every file that the database knows of. `passphrase` opens the repository.
    """

    stanza: str
    database: str
    host: str
    user: str
    password: str
    passphrase: str
    pgdata: Path
    attachments: Path
    repository: Path
    arriving: Path
    scratch: Path
    full: float
    incremental: float
    files: float
    drill: float
    keep: int
    files_query: str
    operations_port: int

    @property
    def records(self) -> Path:
        """Where it is written down what each copy holds, and how each drill ended."""
        return self.repository / "records"


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, or the end of the process (status 78) after naming what is wrong."""
    try:
        return Settings(
            stanza=environment.get("STANZA", "whoop"),
            database=environment.get("DATABASE_NAME", "whoop"),
            host=environment.get("DATABASE_HOST", "postgres"),
            user=environment.get("DATABASE_USER", "backup"),
            password=_secret(environment, "DATABASE_PASSWORD_FILE", "backup_db_password", needed=False),
            passphrase=_secret(environment, "PASSPHRASE_FILE", "backup_passphrase", needed=True),
            pgdata=Path(environment.get("PGDATA", "/var/lib/postgresql/15/main")),
            attachments=Path(environment.get("ATTACHMENTS_DIR", "/var/lib/whoop/attachments")),
            repository=Path(environment.get("REPOSITORY", "/var/lib/backup")),
            arriving=Path(environment.get("ARRIVING", "/var/lib/wal")),
            scratch=Path(environment.get("SCRATCH", "/scratch")),
            full=_seconds(environment, "FULL_SECONDS", 86400),
            incremental=_seconds(environment, "INCREMENTAL_SECONDS", 300),
            files=_seconds(environment, "FILES_SECONDS", 30),
            drill=_seconds(environment, "DRILL_SECONDS", 3600),
            keep=int(_seconds(environment, "KEEP_FULL", 7)),
            files_query=environment.get("FILES_QUERY", ""),
            operations_port=int(_seconds(environment, "OPERATIONS_PORT", 8001)),
        )
    except (KeyError, ValueError, OSError) as problem:
        print(f"backup cannot start, a setting is missing or wrong: {problem}", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None


def _secret(environment: Mapping[str, str], name: str, usual: str, *, needed: bool) -> str:
    path = Path(environment.get(name, SECRETS / usual))
    if not needed and not path.exists():
        return ""
    value = path.read_text(encoding="utf-8").strip()
    if len(value) < 16:
        raise ValueError(f"{path} holds fewer than 16 characters")
    return value


def _seconds(environment: Mapping[str, str], name: str, usual: int) -> float:
    value = float(environment.get(name, usual))
    if value < 1:
        raise ValueError(f"{name} must be at least 1")
    return value
