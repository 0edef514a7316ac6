"""Keeps the ledgers of the last runs, so that a run can be held against the one before it."""

from __future__ import annotations

from pathlib import Path

from readiness.core.errors import CannotLook
from readiness.report.ledger import Ledger

FOLDER = Path(".readiness") / "runs"
KEPT = 50


def keep(ledger: Ledger, folder: Path) -> Path:
    """Keep the ledger of a run under its target and its end; a redraw replaces it, and the oldest ones go."""
    path = folder / f"{ledger.target} {ledger.finished.replace(':', '')}.json"
    ledger.write(path)
    for old in sorted(folder.glob(f"{ledger.target} *.json"))[:-KEPT]:
        old.unlink()
    return path


def before(ledger: Ledger, folder: Path) -> Path:
    """The run of the same target that ended last before this one; CannotLook when none was kept."""
    this = f"{ledger.target} {ledger.finished.replace(':', '')}.json"
    earlier = [path for path in sorted(folder.glob(f"{ledger.target} *.json")) if path.name < this]
    if not earlier:
        raise CannotLook(
            f"{folder} holds no earlier run of {ledger.target}. To do: name the two results to compare"
        )
    return earlier[-1]
