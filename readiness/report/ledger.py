"""The verdict ledger: everything a run ends in, kept in one machine-readable file. Keys are added, never renamed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from readiness.core.errors import ConfigurationError, Problem
from readiness.core.verdicts import Decision, Gap, LineResult, Verdict
from readiness.harness.evidence import Exhibit
from readiness.report.inventory import (
    AcceptedRisk,
    Attestation,
    ExpectedLine,
    LapsedAttestation,
    MeasuredBudget,
    NotApplicable,
)
from readiness.report.outcomes import ScenarioOutcome
from readiness.report.qualification import Score

SCHEMA = 1


@dataclass(frozen=True)
class Subject:
    """What was judged: the digest of each image by name, the SHA-256 of the configuration, the commit of the specification."""

    images: Mapping[str, str]
    configuration: str
    commit: str


@dataclass(frozen=True)
class LedgerLine:
    """One plan line with its verdict; `scenarios` are names, `evidence` paths below the results folder.

    `sums_up` names the lines that a success criterion, risk or phase step is computed from; `budget` the number that a
    performance criterion is judged by, `measured_by` the lines that measure it; `otherwise` what customers have to bear when
    the claim does not hold. Together with the scenarios they are all that is needed to judge the line again.
    """

    id: str
    verdict: Verdict
    reason: str
    examined: int
    scenarios: tuple[str, ...]
    evidence: tuple[str, ...]
    gaps: tuple[Gap, ...]
    title: str
    section: str
    test_case: str
    sums_up: tuple[str, ...] = ()
    budget: str = ""
    measured_by: tuple[str, ...] = ()
    by_attestation: bool = False
    otherwise: str = ""

    @classmethod
    def of(cls, result: LineResult, expected: ExpectedLine) -> LedgerLine:
        """A line's result beside its words from the plan."""
        return cls(
            id=result.id,
            verdict=result.verdict,
            reason=result.reason,
            examined=result.examined,
            scenarios=result.scenarios,
            evidence=result.evidence,
            gaps=result.gaps,
            title=expected.title,
            section=expected.section,
            test_case=expected.test_case,
            sums_up=expected.rolls_up,
            budget=expected.budget,
            measured_by=expected.measured_by,
            by_attestation=expected.by_attestation,
            otherwise=expected.otherwise,
        )


@dataclass(frozen=True)
class RiskInLedger:
    """An accepted risk and whether it is "in force", "stale" (the check passes now), "expired" or "not yet in force"."""

    risk: AcceptedRisk
    state: str


@dataclass(frozen=True)
class PhaseStep:
    """A step of a phase: the work planned for it, and how long its scenarios took to look at it, both in seconds."""

    id: str
    title: str
    planned: float
    measured: float
    verdict: Verdict


@dataclass(frozen=True)
class Ledger:
    """A run, judged. Times are ISO 8601 in UTC; `partial` says why there is no decision, `problems` what broke in the run.

    `scenarios`, `budgets`, `accepted_risks`, `attestations` and `not_applicable` are what the lines were judged by: who has
    them can judge again.
    """

    decision: Decision
    decision_without_risks: Decision
    target: str
    subject: Subject
    started: str
    finished: str
    lines: tuple[LedgerLine, ...]
    budgets: tuple[MeasuredBudget, ...]
    partial: str = ""
    problems: tuple[str, ...] = ()
    accepted_risks: tuple[RiskInLedger, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    qualification: tuple[Score, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    scenarios: tuple[ScenarioOutcome, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    lapsed_attestations: tuple[LapsedAttestation, ...] = ()
    steps: tuple[PhaseStep, ...] = ()
    broken_off: str = ""
    schema: int = SCHEMA

    def write(self, path: Path) -> None:
        """Write the file in one step: a reader sees the old ledger or the new one, never half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_bytes(self.as_json())
        unfinished.replace(path)

    def as_json(self) -> bytes:
        """The content of the file."""
        return ADAPTER.dump_json(self, indent=2) + b"\n"

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """The ledger of an earlier run; ConfigurationError when there is none or it is not one."""
        if not path.is_file():
            raise ConfigurationError(
                [Problem(str(path), "(file)", "there is no such file", "the ledger of a run of behave")]
            )
        try:
            ledger = ADAPTER.validate_json(path.read_bytes())
        except ValidationError as error:
            wrong = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
            problems = [
                Problem(str(path), key or "(file)", message, "a ledger as written by a run")
                for key, message in wrong
            ]
            raise ConfigurationError(problems) from error
        if ledger.schema != SCHEMA:
            raise ConfigurationError([Problem(str(path), "schema", f"{ledger.schema}", f"{SCHEMA}")])
        return ledger


ADAPTER = TypeAdapter(Ledger)
