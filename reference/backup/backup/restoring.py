"""Brings a copy back: the database into an empty folder, up to a moment, and its files. Ends when the database takes writes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backup.contents import Server
from backup.database import DatabaseCopies
from backup.programs import Failed, run
from backup.settings import Settings

PATIENCE = 3600  # seconds for which the log may be replayed
RECOVERY_SETTINGS = (
    "restore_command", "recovery_target", "recovery_target_name", "recovery_target_time", "recovery_target_lsn",
    "recovery_target_xid", "recovery_target_inclusive", "recovery_target_action", "recovery_target_timeline",
)  # fmt: skip


@contextmanager
def restored(
    told: Settings, pgdata: Path, socket: Path, options: Sequence[str], user: int | None = None
) -> Iterator[Server]:
    """A copy, restored into `pgdata` and running there; nobody else can reach it. It is stopped in the end, and complete."""
    for folder in (pgdata, socket):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if user is not None:
            shutil.chown(folder, user, user)
    copies = DatabaseCopies(told, pgdata, user)
    copies.restore(*options)
    (socket / "hba").write_text("local all all trust\n", encoding="utf-8")
    (socket / "hba").chmod(0o644)
    own = {"PGHOST": str(socket), "PGUSER": "postgres"}
    start = [
        "pg_ctl", f"--pgdata={pgdata}", "--silent", "--wait", f"--timeout={PATIENCE}", f"--log={socket}/log",
        f"--options=-c listen_addresses='' -c unix_socket_directories={socket} -c hba_file={socket}/hba -c hot_standby=off"
        " -c archive_mode=off -c shared_buffers=64MB -c max_connections=20 -c logging_collector=off", "start",
    ]  # fmt: skip
    try:
        run(start, environment={**copies.environment(), **own}, user=user)
    except Failed as failed:
        raise Failed(f"{failed}: {_last_words(socket / 'log')}") from None
    try:
        server = Server(own, told.database)
        _wait_for_writes(server)
        yield server
        for name in RECOVERY_SETTINGS:
            server.ask(f"ALTER SYSTEM RESET {name};")
    finally:
        run(["pg_ctl", f"--pgdata={pgdata}", "--silent", "--wait", "--mode=fast", "stop"], user=user)


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return " ".join([each for each in lines if "FATAL" in each or "ERROR" in each][-2:])


def _wait_for_writes(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if server.ask("SELECT pg_is_in_recovery();", "postgres") == ["f"]:
                return
        except Failed as failed:
            if "starting up" not in str(failed) and "accepting" not in str(failed):
                raise
        time.sleep(0.2)
    raise Failed(f"the restored database still replays its log after {PATIENCE} s")
