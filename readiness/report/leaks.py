"""Keeps secrets out of what a run says of itself, and searches all that it wrote for any that came through."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import TypeVar

from readiness.core.verdicts import Decision
from readiness.harness.redaction import Redactor
from readiness.report.ledger import Ledger
from readiness.report.outcomes import ScenarioOutcome

Said = TypeVar("Said")
UNSEARCHED = (
    "the search for secrets in the results did not find the one planted for it: results are unsearched"
)


def told_without_secrets(
    outcomes: tuple[ScenarioOutcome, ...], redact: Callable[[str], str]
) -> tuple[ScenarioOutcome, ...]:
    """The outcomes with all that the target may have said in them redacted; names stand in the specification and stay."""
    return tuple(
        dataclasses.replace(
            each,
            reason=redact(each.reason),
            judged=dataclasses.replace(each.judged, gaps=without_secrets(each.judged.gaps, redact)),
            shortfalls=without_secrets(each.shortfalls, redact),
        )
        for each in outcomes
    )


def without_secrets(said: Said, redact: Callable[[str], str]) -> Said:
    """The same facts (text, tuples, frozen dataclasses, within each other) with every text redacted."""
    if isinstance(said, str) and not isinstance(said, Enum):
        return redact(said)  # type: ignore[return-value]  # a text for a text
    if isinstance(said, tuple):
        return tuple(without_secrets(each, redact) for each in said)  # type: ignore[return-value]  # a tuple for a tuple
    if dataclasses.is_dataclass(said) and not isinstance(said, type):
        names = [field.name for field in dataclasses.fields(said)]
        return dataclasses.replace(
            said, **{name: without_secrets(getattr(said, name), redact) for name in names}
        )
    return said


def leaks_into(folders: Iterable[Path], redactor: Redactor) -> tuple[str, ...]:
    """A problem for every file in these folders that holds a secret.

    In each folder the search must first find a secret that is planted for it, else its silence means nothing.
    """
    present = [folder for folder in folders if folder.is_dir()]
    for folder in present:
        if not _finds_a_planted_one(folder, redactor):
            return (UNSEARCHED,)
    return tuple(
        f"a secret ({leak.secret}) came through into {leak.file}: delete the file and mend the redaction"
        for folder in present
        for leak in redactor.leaks(_files(folder))
    )


def with_problems(ledger: Ledger, problems: tuple[str, ...]) -> Ledger:
    """The ledger with what turned up after it was closed; problems of the run allow no GO."""
    if not problems:
        return ledger
    return dataclasses.replace(
        ledger,
        decision=_at_best_no_go(ledger.decision),
        decision_without_risks=_at_best_no_go(ledger.decision_without_risks),
        problems=(*ledger.problems, *(each for each in problems if each not in ledger.problems)),
    )


def _at_best_no_go(decision: Decision) -> Decision:
    return decision if decision is Decision.NO_DECISION else Decision.NO_GO


def _finds_a_planted_one(folder: Path, redactor: Redactor) -> bool:
    plant = folder / ".planted"
    plant.write_text(redactor.planted)
    try:
        return any(leak.file == str(plant) for leak in redactor.leaks(_files(folder)))
    finally:
        plant.unlink()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
