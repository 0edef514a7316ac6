"""Closes a run: from findings and statements to the ledger with its decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from readiness.core.verdicts import Decision, LineResult, Verdict, decide
from readiness.report.inventory import AcceptedRisk, Inventory
from readiness.report.judging import Findings, Statements, judge_lines
from readiness.report.ledger import Ledger, LedgerLine, RiskInLedger, Subject
from readiness.report.outcomes import Outcome, ScenarioOutcome
from readiness.report.qualification import Score
from readiness.report.wording import count

SHOWN = (Verdict.PROVEN, Verdict.ATTESTED)


@dataclass(frozen=True)
class Run:
    """The circumstances of a run: what was judged, with which tools, since when (UTC), and what broke beside the scenarios.

    `broken_off` says why the run did not come to its end, if it did not.
    """

    target: str
    subject: Subject
    started: datetime
    tools: Mapping[str, str]
    problems: tuple[str, ...] = ()
    broken_off: str = ""


def close_run(
    run: Run, inventory: Inventory, findings: Findings, said: Statements, scores: tuple[Score, ...] = ()
) -> Ledger:
    """The ledger of a run that ends now."""
    now = datetime.now(UTC)
    results = judge_lines(inventory, findings, said, now.date())
    partial = why_partial(findings.outcomes, run.broken_off)
    strict = judge_lines(inventory, findings, replace(said, accepted_risks=()), now.date())
    return Ledger(
        decision=_decide(results, inventory, partial, run.problems),
        decision_without_risks=_decide(strict, inventory, partial, run.problems),
        target=run.target,
        subject=run.subject,
        started=iso(run.started),
        finished=iso(now),
        lines=tuple(map(LedgerLine.of, results, inventory.lines)),
        budgets=findings.budgets,
        partial=partial,
        problems=run.problems,
        accepted_risks=tuple(_state(risk, strict, now.date()) for risk in said.accepted_risks),
        attestations=said.attestations,
        qualification=scores,
        exhibits=tuple(exhibit for outcome in findings.outcomes for exhibit in outcome.judged.evidence),
        tools=run.tools,
    )


def why_partial(outcomes: tuple[ScenarioOutcome, ...], broken_off: str) -> str:
    """Why the run cannot decide anything; empty for a full run."""
    selected = [each for each in outcomes if each.outcome is not Outcome.NOT_SELECTED]
    reasons = [broken_off] if broken_off else []
    if len(selected) < len(outcomes):
        reasons.append(f"only {len(selected)} of {count(len(outcomes), 'scenario')} were selected")
    not_run = sum(each.outcome is Outcome.NOT_RUN for each in selected)
    if not_run:
        reasons.append(f"{count(not_run, 'scenario')} did not run")
    return "; ".join(reasons)


def iso(time: datetime) -> str:
    """A time in UTC to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _decide(
    results: tuple[LineResult, ...], inventory: Inventory, partial: str, problems: tuple[str, ...]
) -> Decision:
    decision = decide(results, inventory.ids, partial=bool(partial))
    return Decision.NO_GO if problems and decision is not Decision.NO_DECISION else decision


def _state(risk: AcceptedRisk, strict: tuple[LineResult, ...], today: date) -> RiskInLedger:
    line = next((result for result in strict if result.id == risk.line), None)
    if today > risk.expires_on:
        return RiskInLedger(risk, "expired")
    if today < risk.accepted_on:
        return RiskInLedger(risk, "not yet in force")
    if line is not None and line.verdict in SHOWN and risk.gap not in {gap.what for gap in line.gaps}:
        return RiskInLedger(risk, "stale")
    return RiskInLedger(risk, "in force")
