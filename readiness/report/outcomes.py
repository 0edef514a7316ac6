"""What became of each scenario, in words that no test runner owns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readiness.core.verdicts import Gap
from readiness.harness.evidence import Exhibit


class Outcome(StrEnum):
    """The end of a scenario, worst first."""

    NOT_MET = "criterion not met"
    NOT_MEASURED = "could not be measured"
    NOT_RUN = "not run"
    SKIPPED = "skipped"
    NOT_SELECTED = "not selected"
    MET = "met"


@dataclass(frozen=True)
class Judged:
    """What a scenario rests on: things examined, judgements made, evidence kept, and what could not be looked at."""

    examined: int = 0
    judgements: int = 0
    evidence: tuple[Exhibit, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """What a judgement required, what it observed instead, and what to do about it (empty when the check does not know)."""

    required: str
    observed: str
    remedy: str = ""


@dataclass(frozen=True)
class ScenarioOutcome:
    """One scenario: `location` is `file:line`, `lines` the plan lines it is tagged with, `reason` why it is not met."""

    name: str
    location: str
    lines: tuple[str, ...]
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    judged: Judged = Judged()
    shortfalls: tuple[Shortfall, ...] = ()
