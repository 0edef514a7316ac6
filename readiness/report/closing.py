"""Closes a run: from findings and statements to the ledger with its decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from readiness.core.verdicts import Decision, LineResult, Verdict, decide, merge
from readiness.report.inventory import AcceptedRisk, Inventory
from readiness.report.judging import Findings, Statements, judge_lines
from readiness.report.ledger import Ledger, LedgerLine, PhaseStep, RiskInLedger, Subject
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
    run: Run,
    inventory: Inventory,
    findings: Findings,
    said: Statements,
    scores: tuple[Score, ...] = (),
    *,
    finished: datetime | None = None,
) -> Ledger:
    """The ledger of a run that ends now, or that ended at `finished` (UTC)."""
    now = finished or datetime.now(UTC)
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
        scenarios=findings.outcomes,
        not_applicable=said.not_applicable,
        lapsed_attestations=said.lapsed,
        steps=_steps(results, inventory, findings.outcomes),
        broken_off=run.broken_off,
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


def _steps(
    results: tuple[LineResult, ...], inventory: Inventory, outcomes: tuple[ScenarioOutcome, ...]
) -> tuple[PhaseStep, ...]:
    verdicts = {result.id: result.verdict for result in results}
    return tuple(
        PhaseStep(
            id=step.id,
            title=step.title,
            planned=step.planned,
            measured=_seconds(_resting_on(step.lines, inventory), outcomes),
            verdict=merge(verdicts[line] for line in step.lines if line in verdicts),
        )
        for step in inventory.steps
    )


def _resting_on(lines: Iterable[str], inventory: Inventory) -> set[str]:
    """These lines and all that they are computed from or measured by, whatever lies between."""
    found: set[str] = set()
    waiting = list(lines)
    while waiting:
        line = inventory.find(waiting.pop())
        if line and line.id not in found:
            found.add(line.id)
            waiting += [*line.rolls_up, *line.measured_by]
    return found


def _seconds(lines: set[str], outcomes: tuple[ScenarioOutcome, ...]) -> float:
    return round(sum(each.seconds for each in outcomes if lines & set(each.lines)), 3)


def _state(risk: AcceptedRisk, strict: tuple[LineResult, ...], today: date) -> RiskInLedger:
    line = next((result for result in strict if result.id == risk.line), None)
    if today > risk.expires_on:
        return RiskInLedger(risk, "expired")
    if today < risk.accepted_on:
        return RiskInLedger(risk, "not yet in force")
    if line is not None and line.verdict in SHOWN and risk.gap not in {gap.what for gap in line.gaps}:
        return RiskInLedger(risk, "stale")
    return RiskInLedger(risk, "in force")
