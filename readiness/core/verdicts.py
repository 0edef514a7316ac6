"""Verdicts of plan lines, how they merge, and how the decision follows from all expected lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What is known of one plan line, worst first: merging takes the first that occurs."""

    FAILED = "failed"
    NOT_VERIFIED = "not verified"
    ACCEPTED_RISK = "accepted risk"
    ATTESTED = "attested"
    PROVEN = "proven"
    NOT_APPLICABLE = "not applicable"


class Decision(StrEnum):
    """What the run says of the release. NO DECISION: the run was partial (a tag filter, an abort)."""

    GO = "GO"
    CONDITIONAL_GO = "CONDITIONAL GO"
    NO_GO = "NO-GO"
    NO_DECISION = "NO DECISION"


SEVERITY = tuple(Verdict)
SETTLED = frozenset({Verdict.PROVEN, Verdict.ATTESTED, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True)
class Gap:
    """Something beside a proven line that could not be looked at. It blocks GO unless someone accepts it (`accepted_by`)."""

    what: str
    reason: str
    accepted_by: str = ""


@dataclass(frozen=True)
class LineResult:
    """The verdict of one plan line, why, how many things were examined, by which scenarios, on what evidence."""

    id: str
    verdict: Verdict
    reason: str
    examined: int = 0
    scenarios: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def settled(self) -> bool:
        """Proven, attested or not applicable, with no gap left that nobody accepted."""
        return self.verdict in SETTLED and all(gap.accepted_by for gap in self.gaps)

    @property
    def tolerable(self) -> bool:
        """Settled, or somebody accepted what is missing."""
        return self.settled or self.verdict is Verdict.ACCEPTED_RISK


def merge(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; of none at all: not verified, for nothing was looked at."""
    present = set(verdicts)
    return next((verdict for verdict in SEVERITY if verdict in present), Verdict.NOT_VERIFIED)


def decide(lines: Iterable[LineResult], expected: Iterable[str], *, partial: bool) -> Decision:
    """The decision over the *expected* inventory of line ids; a line without a result counts as not verified."""
    if partial:
        return Decision.NO_DECISION
    results = {line.id: line for line in lines}
    inventory = [results.get(line_id) for line_id in expected]
    if not inventory or any(line is None or not line.tolerable for line in inventory):
        return Decision.NO_GO
    conditional = any(line.verdict is Verdict.ACCEPTED_RISK or line.gaps for line in inventory if line)
    return Decision.CONDITIONAL_GO if conditional else Decision.GO
