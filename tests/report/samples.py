"""Small plans, outcomes and ledgers for the tests of the report."""

from __future__ import annotations

from datetime import UTC, date, datetime

from readiness.core.verdicts import Gap, LineResult
from readiness.report.closing import Run, close_run
from readiness.report.inventory import (
    AcceptedRisk,
    Attestation,
    ExpectedLine,
    Inventory,
    MeasuredBudget,
    NotApplicable,
)
from readiness.report.judging import Findings, Statements, judge_lines
from readiness.report.ledger import Ledger, Subject
from readiness.report.outcomes import Judged, Outcome, ScenarioOutcome
from readiness.report.qualification import Score

TODAY = date(2026, 7, 1)
PLAN = Inventory(
    (
        ExpectedLine("TC1.1.1", "The image holds only what it needs.", "TC1 Containers", "TC1.1 Image"),
        ExpectedLine("TC1.1.2", "The image was searched for known holes.", "TC1 Containers", "TC1.1 Image"),
        ExpectedLine(
            "TC6.3.3", "A newcomer fixed it alone.", "TC6 Operations", "TC6.3 Knowledge", by_attestation=True
        ),
        ExpectedLine("PC1.1", "A copy soon serves.", "PC Criteria", "PC1 Infrastructure", budget="startup"),
        ExpectedLine(
            "SC1.1", "Containers work.", "SC Success", "SC1", rolls_up=("TC1.1.1", "TC1.1.2", "PC1.1")
        ),
    )
)


def outcome(
    line: str, end: Outcome = Outcome.MET, reason: str = "", *, examined: int = 3, **judged: object
) -> ScenarioOutcome:
    """A scenario of one line that examined three things and judged once, unless told otherwise."""
    rests_on = Judged(**{"examined": examined, "judgements": 1, **judged})  # type: ignore[arg-type]  # names and types are the caller's
    return ScenarioOutcome(f"the claim of {line}", "a.feature:1", (line,), end, reason, 1.0, rests_on)


def measured(
    value: float, *, limit: float = 30, budget: str = "startup", line: str = "PC1.1"
) -> MeasuredBudget:
    """A measured start of a container, in seconds."""
    return MeasuredBudget(
        budget,
        line,
        "container startup",
        limit,
        value,
        "seconds",
        value < limit,
        f"less than {limit} s",
        f"{value} s",
    )


def risk(line: str, *, gap: str = "", until: date = date(2026, 12, 31)) -> AcceptedRisk:
    """A risk that grace accepted for ada."""
    return AcceptedRisk("R-1", line, "ada", "grace", "It is mended in June.", date(2026, 1, 1), until, gap)


def attestation(line: str, *, until: date = date(2026, 12, 31)) -> Attestation:
    """A statement that grace signed and ada wrote."""
    return Attestation(line, "Linus fixed it alone.", "grace", "ada", date(2026, 6, 1), until)


def judge(
    *outcomes: ScenarioOutcome,
    budgets: tuple[MeasuredBudget, ...] = (),
    risks: tuple[AcceptedRisk, ...] = (),
    attestations: tuple[Attestation, ...] = (),
    not_applicable: tuple[NotApplicable, ...] = (),
    plan: Inventory = PLAN,
) -> dict[str, LineResult]:
    """The line results by id."""
    said = Statements(not_applicable, risks, attestations)
    return {line.id: line for line in judge_lines(plan, Findings(outcomes, budgets), said, TODAY)}


GOOD_OUTCOMES = (outcome("TC1.1.1"), outcome("TC1.1.2"))
GAP = Gap("holes in compiled-in libraries", "the scanner sees packages only")


def ledger(
    *outcomes: ScenarioOutcome,
    budgets: tuple[MeasuredBudget, ...] = (measured(12),),
    risks: tuple[AcceptedRisk, ...] = (),
    problems: tuple[str, ...] = (),
    broken_off: str = "",
    scores: tuple[Score, ...] = (),
    not_applicable: tuple[NotApplicable, ...] = (),
) -> Ledger:
    """The ledger of a run of the small plan; whoever was to sign has signed."""
    images = {"whoop-service": "sha256:0123456789abcdef0123"}
    run = Run(
        target="local",
        subject=Subject(images, "fedcba9876543210", "0a1b2c3d4e5f60718293"),
        started=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
        tools={"behave": "1.3.3"},
        problems=problems,
        broken_off=broken_off,
    )
    signed = (attestation("TC6.3.3", until=date(2999, 1, 1)),)
    return close_run(
        run, PLAN, Findings(outcomes, budgets), Statements(not_applicable, risks, signed), scores
    )


FOR_EVER = date(2999, 1, 1)
