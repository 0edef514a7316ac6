"""The case files `defects/LINE/NAME.yaml`: what each one changes, and which of them a run is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import model_validator

from defects.changes import Change
from readiness.config.inventory import EXPECTED_LINES
from readiness.config.models import Name, StrictModel, Text, read_model, wrong
from readiness.core.errors import ConfigurationError, Problem

FOLDER = "defects"
DEFAULT_TARGET = "local"


class Kind(StrEnum):
    """What a case is: a fault that the line's checks must report, or something healthy that they must not."""

    DEFECT = "defect"
    DECOY = "decoy"


class Case(StrictModel):
    """One seeded defect (`wrong`: what is wrong, and which weak check would miss it) or decoy (`healthy`: why it is fine).

    `scenarios` are parts of scenario names: only these scenarios of the line are run. `target` is the profile of the deployment
    that it is put into. `cannot_seed` says, instead of a
    change, why a known defect cannot be put into the embedded target.
    """

    name: Name
    kind: Kind
    wrong: Text | None = None
    healthy: Text | None = None
    change: Change | None = None
    cannot_seed: Text | None = None
    scenarios: tuple[Text, ...] = ()
    target: Name = DEFAULT_TARGET

    @model_validator(mode="after")
    def says_what_it_is(self) -> Self:
        said = {Kind.DEFECT: self.wrong, Kind.DECOY: self.healthy}
        if said.pop(self.kind) is None or any(said.values()):
            own = "wrong" if self.kind is Kind.DEFECT else "healthy"
            raise wrong(
                f"a {self.kind} is told by one sentence, under {own!r}",
                f"{own}: the sentence, and not the other",
            )
        if (self.change is None) == (self.cannot_seed is None):
            raise wrong(
                "has neither a change nor a reason why there is none, or both",
                "change, or cannot_seed: the reason",
            )
        return self

    @property
    def sentence(self) -> str:
        """What is wrong, or why it is healthy, on one line."""
        return " ".join((self.wrong or self.healthy or "").split())


class LineCases(StrictModel):
    """The cases of one plan line, in the order in which they are cheapest to run."""

    id: Text
    cases: tuple[Case, ...]

    @property
    def seedable(self) -> tuple[Case, ...]:
        """The cases that can be tried."""
        return tuple(case for case in self.cases if case.change)

    @property
    def unseedable(self) -> tuple[Case, ...]:
        """The defects that are known and cannot be put into the embedded target."""
        return tuple(case for case in self.cases if case.cannot_seed)


def load_cases(root: Path) -> tuple[LineCases, ...]:
    """All case files below `defects/`, by plan line. ConfigurationError with all that is wrong in them."""
    problems: list[Problem] = []
    lines: dict[str, list[Case]] = {}
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        file = str(path.relative_to(root))
        try:
            case = read_model(root, file, Case)
        except ConfigurationError as error:
            problems += error.problems
            continue
        problems += _misplaced(file, path, case)
        lines.setdefault(path.parent.name, []).append(case)
    if problems:
        raise ConfigurationError(problems)
    return tuple(
        LineCases(id=line, cases=tuple(sorted(lines[line], key=_cost)))
        for line in EXPECTED_LINES
        if line in lines
    )


def select(lines: tuple[LineCases, ...], only: Iterable[str]) -> tuple[LineCases, ...]:
    """What is asked for: a line, a test case or section (TC1.1, TC1), or LINE/case-name. Everything when nothing is asked.

    ConfigurationError when a word asks for nothing that is there, or when there is nothing at all.
    """
    asked = tuple(only)
    there = ", ".join(line.id for line in lines) or f"none: {FOLDER} holds no case"
    strangers = [word for word in asked if not any(_asked_for(line, (word,)) for line in lines)]
    if strangers or not lines:
        allowed = f"{there}, or LINE/case-name"
        problems = [
            Problem("command line", "ONLY", f"nothing to try is called {word!r}", allowed)
            for word in strangers
        ]
        raise ConfigurationError(
            problems or [Problem(FOLDER, "cases", "there is no case", f"{FOLDER}/LINE/NAME.yaml")]
        )
    chosen = (LineCases(id=line.id, cases=_asked_for(line, asked)) for line in lines)
    return tuple(line for line in chosen if line.cases)


def on_target(lines: tuple[LineCases, ...], target: str) -> tuple[LineCases, ...]:
    """The lines with the cases that are put into this target; lines without one are left out."""
    chosen = (
        LineCases(id=line.id, cases=tuple(case for case in line.cases if case.target == target))
        for line in lines
    )
    return tuple(line for line in chosen if line.cases)


def _asked_for(line: LineCases, asked: tuple[str, ...]) -> tuple[Case, ...]:
    return tuple(
        case for case in line.seedable if not asked or any(_asks(word, line.id, case) for word in asked)
    )


def _asks(word: str, line: str, case: Case) -> bool:
    return word in (line, f"{line}/{case.name}") or line.startswith(f"{word}.")


def _cost(case: Case) -> tuple[bool, bool, str]:
    """Cases that roll out an image come last and together: each replaces the other, without a way back in between."""
    change = case.change
    return (bool(change and change.deploys), bool(change and change.service), case.name)


def _misplaced(file: str, path: Path, case: Case) -> list[Problem]:
    found = []
    if path.parent.name not in EXPECTED_LINES:
        found.append(
            Problem(file, "folder", f"{path.parent.name!r} is no line of the plan", "an id such as TC1.1.1")
        )
    if case.name != path.stem:
        found.append(Problem(file, "name", "differs from the name of the file", path.stem))
    return found
