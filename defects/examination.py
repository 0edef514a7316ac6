"""Runs the scenarios of one line as `behave` does, in results of their own, and reads what the run says of the line."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from readiness.core.errors import CannotLook, ConfigurationError
from readiness.core.verdicts import Verdict
from readiness.core.waiting import clock, wait_until
from readiness.report.ledger import Ledger

LEDGER = "readiness.json"
LOG = "behave.log"
PATIENCE = 3600.0
PATIENCE_AFTER_INTERRUPT = 180.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Examined:
    """What a run says of a line. `all_met`: every scenario that was to run did and met, and nothing went wrong beside them."""

    verdict: Verdict
    reason: str
    all_met: bool
    seconds: float


def examine(
    line: str, profile: str, results: Path, *, scenarios: tuple[str, ...], root: Path, say: Say
) -> Examined:
    """Run the line's scenarios (those with one of `scenarios` in their names, if any) with a profile: a name or a path.

    Whatever keeps the run from a verdict is *not verified*, with the reason. On an interrupt, behave is asked to end and
    to undo what it did, before the interrupt goes on.
    """
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    started = clock()
    with (results / LOG).open("wb") as log:
        argv = _command(line, profile, results, scenarios)
        process = subprocess.Popen(
            argv, cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        ended = wait_until(process.poll, lambda status: status is not None, patience=PATIENCE, every=0.3)
    except BaseException:
        say("interrupted: waiting for the scenario to undo what it did")
        _end(process)
        raise
    if not ended.happened:
        _end(process)
    verdict, reason, problems = _read(line, results)
    return Examined(verdict, reason, process.returncode == 0 and not problems, clock() - started)


def _command(line: str, profile: str, results: Path, scenarios: tuple[str, ...]) -> list[str]:
    names = [part for scenario in scenarios for part in ("--name", re.escape(scenario))]
    settings = {"target": profile, "results": str(results), "bring_up": "no"}
    defines = [part for key, value in settings.items() for part in ("-D", f"{key}={value}")]
    return [
        sys.executable,
        "-m",
        "defects.plain_behave",
        f"--tags=@{line}",
        *names,
        *defines,
        "--format=plain",
        "features",
    ]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Interrupt behave the way Ctrl-C does, and end it for good when its own undo takes too long."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    if not wait_until(
        process.poll, lambda status: status is not None, patience=PATIENCE_AFTER_INTERRUPT
    ).happened:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(line: str, results: Path) -> tuple[Verdict, str, tuple[str, ...]]:
    """Verdict, reason and the run's own problems; a problem keeps a line from being proven."""
    try:
        ledger = Ledger.read(results / LEDGER)
        found = next(each for each in ledger.lines if each.id == line)
    except (ConfigurationError, CannotLook, StopIteration):
        words = (results / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return (
            Verdict.NOT_VERIFIED,
            "the run came to no verdict; its last words: " + "\n".join(words[-8:]),
            (),
        )
    if ledger.problems and found.verdict is Verdict.PROVEN:
        return Verdict.NOT_VERIFIED, "proven, but: " + "; ".join(ledger.problems), ledger.problems
    return found.verdict, found.reason, ledger.problems
