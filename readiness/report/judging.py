"""How plan lines come to their verdicts. Pure: outcomes, measurements and people's statements in, line results out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from readiness.core.verdicts import LineResult, Verdict, merge
from readiness.report.inventory import (
    AcceptedRisk,
    Attestation,
    ExpectedLine,
    Inventory,
    LapsedAttestation,
    MeasuredBudget,
    NotApplicable,
)
from readiness.report.outcomes import Outcome, ScenarioOutcome
from readiness.report.wording import compact, count

NO_SCENARIO = "no scenario proves this line yet"
NOT_MEASURED = "no scenario measured this budget"
OPEN = (Verdict.FAILED, Verdict.NOT_VERIFIED)


@dataclass(frozen=True)
class Statements:
    """What people declared, accepted and attested, whether it still counts or not."""

    not_applicable: tuple[NotApplicable, ...] = ()
    accepted_risks: tuple[AcceptedRisk, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    lapsed: tuple[LapsedAttestation, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What the run found: how its scenarios ended and which budgets they measured."""

    outcomes: tuple[ScenarioOutcome, ...]
    budgets: tuple[MeasuredBudget, ...] = ()


def judge_lines(
    inventory: Inventory, findings: Findings, said: Statements, today: date
) -> tuple[LineResult, ...]:
    """The verdict of every line of the plan, in its order."""
    results: dict[str, LineResult] = {}

    def result_of(line: ExpectedLine) -> LineResult:
        if line.id not in results:
            results[line.id] = _judge(line)
        return results[line.id]

    def _judge(line: ExpectedLine) -> LineResult:
        if line.rolls_up:
            parts = [result_of(part) for part in map(inventory.find, line.rolls_up) if part]
            return _with_risks(_sum_up(line, parts, inventory.ids), said, today)
        raw = _found(line, findings)
        return _with_risks(
            raw if _broke(line, findings) else _with_statements(raw, line, said, today), said, today
        )

    return tuple(result_of(line) for line in inventory.lines)


def line_from_scenarios(line_id: str, outcomes: Iterable[ScenarioOutcome]) -> LineResult:
    """The verdict of a line from the scenarios that carry its id; the worst of them decides."""
    own = [outcome for outcome in outcomes if line_id in outcome.lines]
    if not own:
        return LineResult(line_id, Verdict.NOT_VERIFIED, NO_SCENARIO)
    judged = [(outcome, *_verdict(outcome)) for outcome in own]
    verdict = merge(each for _, each, _ in judged)
    reasons = dict.fromkeys(reason for _, each, reason in judged if each is verdict and reason)
    examined = sum(outcome.judged.examined for outcome in own if outcome.outcome is Outcome.MET)
    return LineResult(
        id=line_id,
        verdict=verdict,
        reason="\n".join(reasons) if verdict is not Verdict.PROVEN else _proof(len(own), examined),
        examined=sum(outcome.judged.examined for outcome in own),
        scenarios=tuple(outcome.name for outcome in own),
        evidence=tuple(exhibit.path for outcome in own for exhibit in outcome.judged.evidence),
        gaps=tuple(dict.fromkeys(gap for outcome in own for gap in outcome.judged.gaps)),
    )


def line_from_budget(line: ExpectedLine, budgets: Iterable[MeasuredBudget]) -> LineResult:
    """The verdict of a performance criterion: every value measured for its budget counts, one over the limit fails it."""
    measured = [budget for budget in budgets if budget.id == line.budget]
    if not measured:
        return LineResult(line.id, Verdict.NOT_VERIFIED, NOT_MEASURED)
    over = [budget for budget in measured if not budget.met]
    shown = ", ".join(dict.fromkeys(budget.observed for budget in over or measured))
    reason = f"measured {shown}, required {measured[0].required}"
    return LineResult(line.id, Verdict.FAILED if over else Verdict.PROVEN, reason, examined=len(measured))


def _verdict(outcome: ScenarioOutcome) -> tuple[Verdict, str]:
    judged = outcome.judged
    match outcome.outcome:
        case Outcome.NOT_MET:
            return Verdict.FAILED, f"{outcome.name}: {outcome.reason}"
        case Outcome.NOT_MEASURED:
            return Verdict.NOT_VERIFIED, f"could not be measured: {outcome.reason}"
        case Outcome.NOT_RUN:
            return Verdict.NOT_VERIFIED, f"not run: {outcome.reason}"
        case Outcome.SKIPPED | Outcome.NOT_SELECTED:
            return Verdict.NOT_VERIFIED, outcome.reason
        case Outcome.MET if not judged.examined or not judged.judgements:
            missing = "nothing was examined" if not judged.examined else "nothing was judged"
            return Verdict.NOT_VERIFIED, f"{outcome.name}: {missing}, so it shows nothing"
        case Outcome.MET:
            return Verdict.PROVEN, ""


def _proof(scenarios: int, examined: int) -> str:
    return f"{count(scenarios, 'scenario')} met, {count(examined, 'thing')} examined"


def _found(line: ExpectedLine, findings: Findings) -> LineResult:
    if line.budget:
        return line_from_budget(line, findings.budgets)
    return line_from_scenarios(line.id, findings.outcomes)


def _broke(line: ExpectedLine, findings: Findings) -> bool:
    """A check that broke is a problem of its own: no declaration and no attestation may cover it."""
    return any(line.id in each.lines and each.outcome is Outcome.NOT_MEASURED for each in findings.outcomes)


def _sum_up(line: ExpectedLine, parts: list[LineResult], order: tuple[str, ...]) -> LineResult:
    verdict = (
        merge(part.verdict for part in parts) if len(parts) == len(line.rolls_up) else Verdict.NOT_VERIFIED
    )
    decisive = [part.id for part in parts if part.verdict is verdict]
    return LineResult(
        id=line.id,
        verdict=verdict,
        reason=f"{len(decisive)} of {count(len(parts), 'line')} {verdict}: {compact(decisive, order)}",
        examined=sum(part.examined for part in parts),
        gaps=tuple(dict.fromkeys(gap for part in parts for gap in part.gaps)),
    )


def _with_statements(raw: LineResult, line: ExpectedLine, said: Statements, today: date) -> LineResult:
    declared = next((each for each in said.not_applicable if each.line == line.id), None)
    if declared and raw.verdict is Verdict.NOT_VERIFIED:
        reason = f"{declared.reason} (declared by {declared.declared_by})"
        return replace(raw, verdict=Verdict.NOT_APPLICABLE, reason=reason)
    signed = next((each for each in said.attestations if each.line == line.id and each.in_force(today)), None)
    if signed and line.by_attestation and raw.verdict is not Verdict.FAILED:
        reason = f"{signed.statement} (signed by {signed.signer} on {signed.signed_on})"
        return replace(raw, verdict=Verdict.ATTESTED, reason=reason)
    return raw


def _with_risks(raw: LineResult, said: Statements, today: date) -> LineResult:
    risks = [risk for risk in said.accepted_risks if risk.line == raw.id and risk.in_force(today)]
    accepted = {risk.gap: _acceptance(risk) for risk in risks}
    gaps = tuple(replace(gap, accepted_by=accepted.get(gap.what, gap.accepted_by)) for gap in raw.gaps)
    if raw.verdict in OPEN and "" in accepted:
        reason = f"{accepted['']} – {raw.verdict}: {raw.reason}"
        return replace(raw, verdict=Verdict.ACCEPTED_RISK, reason=reason, gaps=gaps)
    return replace(raw, gaps=gaps)


def _acceptance(risk: AcceptedRisk) -> str:
    return f"accepted by {risk.approver} until {risk.expires_on} ({risk.id}, owner {risk.owner})"
