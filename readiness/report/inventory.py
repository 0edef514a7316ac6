"""What the report needs to know of the plan, and what people said of its lines: plain facts, handed over by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from readiness.core.budgets import Budget
from readiness.core.units import Dimension

UNITS = {
    Dimension.DURATION: "seconds",
    Dimension.SIZE: "bytes",
    Dimension.CPU: "cores",
    Dimension.RATE: "per second",
    Dimension.GROWTH: "bytes per second",
    Dimension.RATIO: "share of one",
    Dimension.COUNT: "count",
}


@dataclass(frozen=True)
class ExpectedLine:
    """One plan line: its claim, where it stands, and how it comes to a verdict.

    `budget` is the id of the budget a performance criterion is judged by, `rolls_up` the ids of the lines a success
    criterion, risk or phase step sums up; a line with neither is proven by scenarios (or `by_attestation`, by a person).
    `measured_by` names the lines whose scenarios measure the budget, `otherwise` says what customers have to bear when the
    claim does not hold.
    """

    id: str
    title: str
    section: str
    test_case: str
    budget: str = ""
    rolls_up: tuple[str, ...] = ()
    by_attestation: bool = False
    measured_by: tuple[str, ...] = ()
    otherwise: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """A step of a phase: the work that the plan gives it (seconds), and its lines."""

    id: str
    title: str
    planned: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """All lines that must end in a verdict, in the order of the plan, and the steps of its phases."""

    lines: tuple[ExpectedLine, ...]
    steps: tuple[PlannedStep, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order of the plan."""
        return tuple(line.id for line in self.lines)

    def find(self, line_id: str) -> ExpectedLine | None:
        """The line of this id, if the plan has it."""
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass(frozen=True)
class NotApplicable:
    """The target's declaration that a line means nothing for it."""

    line: str
    reason: str
    declared_by: str


@dataclass(frozen=True)
class AcceptedRisk:
    """What someone accepted: a line that is not proven or, with `gap`, one thing beside a proven line."""

    id: str
    line: str
    owner: str
    approver: str
    reason: str
    accepted_on: date
    expires_on: date
    gap: str = ""

    def in_force(self, today: date) -> bool:
        """Whether the acceptance counts on this day; the day of expiry still counts."""
        return self.accepted_on <= today <= self.expires_on


@dataclass(frozen=True)
class Attestation:
    """A person's statement for this release on what no machine can see; the signer is not the author."""

    line: str
    statement: str
    signer: str
    author: str
    signed_on: date
    expires_on: date

    def in_force(self, today: date) -> bool:
        """Whether the statement counts on this day."""
        return self.signed_on <= today <= self.expires_on


@dataclass(frozen=True)
class LapsedAttestation:
    """A statement that does not count for what was judged, and why: it has expired, or it is on another release."""

    attestation: Attestation
    release: str
    why: str


@dataclass(frozen=True)
class MeasuredBudget:
    """A measured value beside its limit, both in the base unit; `required`, `observed` and `spare` are for people.

    `direction` says on which side of the limit the value has to be, `margin` how far it is on that side (base unit; less
    than nothing when it is not). Both are empty in ledgers of earlier versions.
    """

    id: str
    line: str
    name: str
    limit: float
    measured: float
    unit: str
    met: bool
    required: str
    observed: str
    direction: str = ""
    margin: float | None = None
    spare: str = ""

    @classmethod
    def of(cls, budget: Budget, value: float) -> MeasuredBudget:
        """A value that a scenario measured against a budget."""
        return cls(
            id=budget.id,
            line=budget.line,
            name=budget.name,
            limit=budget.limit.value,
            measured=value,
            unit=UNITS[budget.limit.dimension],
            met=budget.met_by(value),
            required=budget.sentence(),
            observed=budget.observed(value),
            direction=str(budget.direction),
            margin=budget.margin(value),
            spare=budget.spare(value),
        )
