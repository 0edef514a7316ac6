"""The service, and what operators ask of it.

backup                        makes copies and tries them out, until it is told to stop (SIGTERM or SIGINT)
backup now [full|incr]        makes a copy of database and files now, and prints its label
backup list                   prints all copies and the last drills, as one JSON object
backup drill [BY]             tries the newest copy out and prints how it went; status 1 when it is not good
backup inspect [BY]           the same for a repository that may only be read; writes nothing down
backup clear                  removes what is beyond what is kept
backup restore [OPTION]...    database and files, to where they belong, which must be empty. Options: pgBackRest's (--set=LABEL,
                              --type=time --target=TIME). Prints what was restored, as one JSON object
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server

from backup import settings
from backup.database import DatabaseCopies
from backup.drill import DrillOfACopy, limit_of
from backup.files import FileCopies
from backup.keeping import ERRORS, Intake, Keeper
from backup.programs import Failed
from backup.records import Records
from backup.restoring import restored
from backup.settings import Settings
from backup.telling import DATABASE, DRILL, FILES, Telling

EVERY = 1.0
DATABASE_USER = 911


def serve(told: Settings) -> None:
    """Run until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    telling = telling_of(told)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(telling)
    server, _ = start_http_server(told.operations_port, registry=registry)
    telling.line("started", incremental=told.incremental, full=told.full, files=told.files, drill=told.drill)
    intake, keeper = Intake(told, telling), Keeper(told, telling)
    taking = threading.Thread(target=_again, args=(stop, intake.look, telling), daemon=True)
    taking.start()
    _again(stop, keeper.look, telling)
    server.shutdown()


def _again(stop: threading.Event, look: Callable[[], None], telling: Telling) -> None:
    while not stop.is_set():
        try:
            look()
        except ERRORS as problem:
            telling.line("problem", problem=str(problem))
        stop.wait(EVERY)


def telling_of(told: Settings, write: Callable[[str], object] = print) -> Telling:
    """Who tells, with how old the last success of each kind may be."""
    limits = {DATABASE: told.incremental, FILES: told.files, DRILL: told.drill}
    return Telling({kind: limit_of(interval) for kind, interval in limits.items()}, write)


def _silent(_: str) -> None:
    """Operators read what is printed, not the log."""


def now(told: Settings, kind: str = "") -> None:
    """Make a copy."""
    print(Keeper(told, telling_of(told, _silent)).keep_database(kind))


def listed(told: Settings) -> None:
    """Print what there is."""
    print(
        json.dumps(
            {
                "database": [asdict(each) for each in DatabaseCopies(told).copies()],
                "files": [asdict(each) for each in FileCopies(told, reading=True).copies()],
                "drills": [asdict(each) for each in Records(told.records).drills()],
            }
        )
    )


def drill(told: Settings, by: str = "operator") -> None:
    """Try the newest copy, and write it down."""
    print(json.dumps(asdict(Keeper(told, telling_of(told, _silent)).drill(by))))


def inspect(told: Settings, by: str = "operator") -> None:
    """Try the newest copy, and only print how it went."""
    ended = DrillOfACopy(told, by, reading=True).try_newest()
    print(json.dumps(asdict(ended)))
    if not ended.passed:
        raise Failed("; ".join(ended.problems))


def clear(told: Settings) -> None:
    """Remove what is beyond what is kept."""
    Keeper(told, telling_of(told, _silent)).clear()


def restore(told: Settings, *options: str) -> None:
    """Bring database and files back, to where they belong."""
    began = time.time()
    if any(told.pgdata.glob("*")) or any(each.is_file() for each in told.attachments.rglob("*")):
        raise Failed(
            f"{told.pgdata} or {told.attachments} is not empty: nothing is restored over what is there"
        )
    chosen = list(options) or ["--type=default"]
    if any(each.startswith("--target") for each in chosen):
        chosen.append("--target-action=promote")
    with restored(told, told.pgdata, Path("/tmp/restore"), chosen, DATABASE_USER) as server:
        contents = server.contents()
    files = FileCopies(told, reading=True)
    newest = files.copies()[-1:]
    if not newest:
        raise Failed("there is no copy of the files")
    files.restore(newest[0], told.attachments.parent)
    number = sum(1 for each in told.attachments.rglob("*") if each.is_file())
    print(
        json.dumps(
            {"tables": len(contents.tables), "rows": contents.rows, "files": number, "seconds": round(time.time() - began, 1)}
        )
    )  # fmt: skip


COMMANDS: dict[str, Callable[..., None]] = {
    "serve": serve, "now": now, "list": listed, "drill": drill, "inspect": inspect, "clear": clear, "restore": restore,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run one command. Exit status 1 when it could not be done."""
    name, *rest = arguments or ["serve"]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in ("-h", "--help") else 2
    try:
        COMMANDS[name](settings.load(), *rest)
    except ERRORS as problem:
        print(f"backup {name}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
