"""The results of qualification: one file, kept line by line, so that a run of one line leaves the others' results alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from defects.cases import Kind, LineCases
from defects.outcomes import CaseResult, Outcome
from readiness.core.errors import ConfigurationError, Problem

SCHEMA = 1


@dataclass(frozen=True)
class CleanResult:
    """The line without any defect: it must be proven, or nothing that follows means anything."""

    verdict: str
    reason: str
    seconds: float


@dataclass(frozen=True)
class Unseedable:
    """A known defect that cannot be put into the embedded target, and why."""

    name: str
    sentence: str
    reason: str


@dataclass(frozen=True)
class LineScore:
    """One line's checks, qualified on `date` at `commit`. A decoy that was not quiet, for whatever reason, is a false alarm."""

    id: str
    defects: int
    caught: int
    decoys: int
    false_alarms: int
    clean: CleanResult
    cases: tuple[CaseResult, ...]
    cannot_seed: tuple[Unseedable, ...]
    date: str
    commit: str


@dataclass(frozen=True)
class Scores:
    """All lines that were ever qualified here, and the sums over them."""

    lines: tuple[LineScore, ...] = ()
    defects: int = 0
    caught: int = 0
    decoys: int = 0
    false_alarms: int = 0
    schema: int = SCHEMA


ADAPTER = TypeAdapter(Scores)


def score_line(
    line: LineCases, clean: CleanResult, results: Iterable[CaseResult], *, date: str, commit: str
) -> LineScore:
    """The score of a line over all its cases; a case without a result counts as not run, never as good."""
    known = {result.name: result for result in results}
    cases = tuple(known.get(case.name, CaseResult.of(case, Outcome.NOT_RUN, "")) for case in line.seedable)
    defects = [case for case in cases if case.kind is Kind.DEFECT]
    decoys = [case for case in cases if case.kind is Kind.DECOY]
    return LineScore(
        id=line.id,
        defects=len(defects),
        caught=sum(case.outcome is Outcome.CAUGHT for case in defects),
        decoys=len(decoys),
        false_alarms=sum(case.outcome is not Outcome.QUIET for case in decoys),
        clean=clean,
        cases=cases,
        cannot_seed=tuple(
            Unseedable(case.name, case.sentence, case.cannot_seed or "") for case in line.unseedable
        ),
        date=date,
        commit=commit,
    )


def with_line(scores: Scores, line: LineScore, order: Iterable[str]) -> Scores:
    """The scores with this line's new one; lines that have no cases any more go."""
    lines = {**{each.id: each for each in scores.lines}, line.id: line}
    kept = tuple(lines[name] for name in order if name in lines)
    sums = {
        name: sum(getattr(each, name) for each in kept)
        for name in ("defects", "caught", "decoys", "false_alarms")
    }
    return Scores(lines=kept, **sums)


def earlier_results(scores: Scores, line: str) -> tuple[CaseResult, ...]:
    """What is known of a line's cases from earlier runs."""
    return next((each.cases for each in scores.lines if each.id == line), ())


def read(paths: Iterable[Path]) -> Scores:
    """The scores in the first of these files that is there; none when none is. ConfigurationError when it cannot be read."""
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return Scores()
    try:
        return ADAPTER.validate_json(path.read_bytes())
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(map(str, wrong["loc"])) or "file"
        allowed = "a file as this program writes it; delete it to start anew"
        raise ConfigurationError([Problem(str(path), key, wrong["msg"], allowed)]) from error


def write(scores: Scores, path: Path) -> None:
    """Write the file in one step: a reader sees the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(ADAPTER.dump_json(scores, indent=2) + b"\n")
    unfinished.replace(path)
