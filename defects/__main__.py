"""`python -m defects [ONLY...]`: proves that the checks catch seeded defects and leave decoys alone. `--help` tells more."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from defects import scores as book
from defects.cases import DEFAULT_TARGET, LineCases, load_cases, on_target, select
from defects.examination import Examined, examine
from defects.fitting import misfits
from defects.outcomes import CaseResult
from defects.page import page
from defects.runner import Qualification
from defects.scores import CleanResult, LineScore, Scores
from defects.seeding import Seeder
from defects.services import SwarmServices
from defects.undoing import owed, undo_stack
from readiness.config.documents import read_document
from readiness.config.target import FOLDER as TARGETS
from readiness.config.target import load_target
from readiness.core.errors import CannotLook, ConfigurationError
from readiness.core.waiting import clock
from readiness.harness.lock import TargetLock
from readiness.harness.run import STATE
from readiness.targets.target import Target

RESULTS = Path("results/qualification.json")
PAGE = Path("docs/qualification.md")
COPY = Path("docs/qualification.json")
STARTED = clock()


def main(arguments: list[str]) -> int:
    """0: all defects caught, all decoys quiet, and something ran; 1: not so; 2: wrong configuration; 3: could not begin."""
    options = _options(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _run(Path.cwd(), options)
    except ConfigurationError as error:
        print(f"Nothing was tried; this is wrong:\n{error}", file=sys.stderr)
        return 2
    except CannotLook as error:
        print(f"Could not go on: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        left = (
            "something is still seeded: python -m defects --restore"
            if owed(Path.cwd())
            else "nothing is left seeded"
        )
        print(f"Interrupted; {left}.", file=sys.stderr)
        return 130


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m defects", description="Proves the checks with seeded defects and decoys."
    )
    parser.add_argument(
        "only", nargs="*", metavar="ONLY", help="a line (TC1.1.1), a test case (TC1.1), or LINE/case-name"
    )
    parser.add_argument(
        "--target",
        default=DEFAULT_TARGET,
        help="the profile of the deployment to seed; only cases that name it are tried (default: %(default)s)",
    )
    parser.add_argument(
        "--list", action="store_true", help="check the case files, show what would be tried, touch nothing"
    )
    parser.add_argument(
        "--restore", action="store_true", help="take out what a killed run left seeded, and end"
    )
    return parser.parse_args(arguments)


def _run(root: Path, options: argparse.Namespace) -> int:
    target = Target(load_target(root, options.target), root)
    services = SwarmServices(target.profile.patience.change, next(iter(target.profile.platform.engines), ""))
    profile = read_document(root, f"{TARGETS}/{target.name}.yaml").content
    undo = undo_stack(root, target.name, services)
    seeder = Seeder(target, profile, services, undo, partial(_locked, root, target.name), _say)
    if options.restore:
        seeder.restore()
        return 0
    there = load_cases(root)
    chosen = select(on_target(there, target.name), options.only)
    wrong = misfits(root, target.profile, chosen)
    if wrong:
        raise ConfigurationError(wrong)
    if options.list:
        _show(chosen)
        return 0
    with _locked(root, "qualification"):
        with _locked(root, target.name):
            _say("nobody else is at work on the target")
        try:
            return _qualify(root, target.name, seeder, there, chosen)
        finally:
            seeder.restore()


def _qualify(
    root: Path, target: str, seeder: Seeder, there: tuple[LineCases, ...], chosen: tuple[LineCases, ...]
) -> int:
    """Try all that is chosen and keep the results after each case."""
    kept = _Book(root, there)

    def look(line: str, profile: Path | None, name: str, scenarios: tuple[str, ...]) -> Examined:
        results = root / RESULTS.with_suffix("") / line / name
        return examine(line, str(profile or target), results, scenarios=scenarios, root=root, say=_say)

    qualification = Qualification(seeder, look, kept.keep, _say)
    good = [qualification.qualify(line) for line in chosen]
    for line in kept.of(chosen):
        alarms = f"{line.false_alarms} false alarms on {line.decoys} decoys"
        _say(f"{line.id}: {line.caught} of {line.defects} defects caught, {alarms}")
    _say(f"results: {RESULTS}, {PAGE}")
    return 0 if good and all(good) else 1


class _Book:
    """The scores as they grow, on disk after each case."""

    def __init__(self, root: Path, there: tuple[LineCases, ...]) -> None:
        self._root = root
        self._there = {line.id: line for line in there}
        self._scores: Scores = book.read((root / RESULTS, root / COPY))
        self._earlier = self._scores
        self._commit = _commit(root)

    def keep(self, line: LineCases, clean: CleanResult, results: tuple[CaseResult, ...]) -> None:
        """Keep what is known of a line now: results of this run before those of earlier ones."""
        here = f"{self._root}/"  # the page goes to others, whose files are elsewhere
        told = (replace(each, reason=each.reason.replace(here, "")) for each in results)
        known = (*book.earlier_results(self._earlier, line.id), *told)
        score = book.score_line(
            self._there[line.id], clean, known, date=datetime.now(UTC).date().isoformat(), commit=self._commit
        )
        self._scores = book.with_line(self._scores, score, self._there)
        for path in (RESULTS, COPY):
            book.write(self._scores, self._root / path)
        (self._root / PAGE).write_text(page(self._scores), encoding="utf-8")

    def of(self, chosen: tuple[LineCases, ...]) -> list[LineScore]:
        """The scores of the lines of this run."""
        ids = {line.id for line in chosen}
        return [line for line in self._scores.lines if line.id in ids]


@contextmanager
def _locked(root: Path, name: str) -> Iterator[None]:
    """Hold a lock; CannotLook while another process has it. That of a target is held by every run on it."""
    lock = TargetLock(root / STATE / "locks" / f"{name}.lock")
    try:
        yield
    finally:
        lock.release()


def _show(chosen: tuple[LineCases, ...]) -> None:
    for line in chosen:
        for case in line.cases:
            print(f"{line.id}/{case.name} ({case.kind}): {case.sentence}")


def _commit(root: Path) -> str:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def _say(words: str) -> None:
    print(f"[{clock() - STARTED:4.0f}s] {words}", flush=True)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
