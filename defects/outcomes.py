"""What became of a case: the rules by which a defect counts as caught and a decoy as left alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from defects.cases import Case, Kind
from defects.examination import Examined
from readiness.core.verdicts import Verdict


class Outcome(StrEnum):
    """The end of a case. Only CAUGHT and QUIET are good."""

    CAUGHT = "caught"
    QUIET = "quiet"
    MISSED = "missed"
    FALSE_ALARM = "false alarm"
    NOT_MEASURED = "could not be measured"
    NOT_SEEDED = "could not be seeded"
    NOT_RUN = "not run"


GOOD = (Outcome.CAUGHT, Outcome.QUIET)


@dataclass(frozen=True)
class CaseResult:
    """A case as it went: `sentence` says what it is, `reason` what the check said, `seconds` from seeding to outcome."""

    name: str
    kind: Kind
    sentence: str
    outcome: Outcome
    reason: str
    seconds: float

    @classmethod
    def of(cls, case: Case, outcome: Outcome, reason: str, seconds: float = 0.0) -> CaseResult:
        """The result of a case."""
        return cls(case.name, case.kind, case.sentence, outcome, reason, round(seconds, 1))


def judge(case: Case, examined: Examined) -> Outcome:
    """A defect is caught only when the line comes out *failed*, a decoy is left alone only when it comes out *proven*.

    A case that names its scenarios leaves the others of the line unselected, so "proven" then means that all of them met.
    """
    if examined.verdict is Verdict.FAILED:
        return Outcome.CAUGHT if case.kind is Kind.DEFECT else Outcome.FALSE_ALARM
    if examined.all_met and (examined.verdict is Verdict.PROVEN or case.scenarios):
        return Outcome.MISSED if case.kind is Kind.DEFECT else Outcome.QUIET
    return Outcome.NOT_MEASURED
