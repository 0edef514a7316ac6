"""Judges a ledger again from its own scenarios, measurements and statements: a changed verdict or decision does not follow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from readiness.config.inventory import EXPECTED_LINES
from readiness.core.budgets import Direction
from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.closing import Run, close_run
from readiness.report.inventory import ExpectedLine, Inventory, MeasuredBudget, PlannedStep
from readiness.report.judging import Findings, Statements
from readiness.report.ledger import Ledger, LedgerLine

FILE = "readiness.json"
LONGEST = 160


def recount(ledger: Ledger) -> Ledger:
    """The ledger that the same findings and statements lead to, judged on the day on which the run ended."""
    run = Run(
        target=ledger.target,
        subject=ledger.subject,
        started=datetime.fromisoformat(ledger.started),
        tools=ledger.tools,
        problems=ledger.problems,
        broken_off=ledger.broken_off,
    )
    said = Statements(
        ledger.not_applicable,
        tuple(each.risk for each in ledger.accepted_risks),
        ledger.attestations,
        ledger.lapsed_attestations,
    )
    return close_run(
        run,
        Inventory(tuple(map(_expected, ledger.lines)), tuple(_planned(ledger))),
        Findings(ledger.scenarios, ledger.budgets),
        said,
        ledger.qualification,
        finished=datetime.fromisoformat(ledger.finished),
    )


def recount_problems(ledger: Ledger, expected: tuple[str, ...] = EXPECTED_LINES) -> Iterator[Discrepancy]:
    """What in the ledger does not follow from its findings, lines that are missing, and measurements that are judged wrongly."""
    present = [line.id for line in ledger.lines]
    if sorted(present) != sorted(expected):
        missing = sorted(set(expected) - set(present))
        observed = f"{len(present)} lines; missing: {', '.join(missing) or 'none'}"
        yield Discrepancy(FILE, f"each of the {len(expected)} lines of the plan once", observed)
    yield from (wrong for budget in ledger.budgets for wrong in _judged_wrongly(budget))
    again = recount(ledger)
    for each in fields(Ledger):
        if each.name not in ("lines", "accepted_risks", "steps"):
            yield from _difference(each.name, getattr(again, each.name), getattr(ledger, each.name))
    for name in ("lines", "accepted_risks", "steps"):
        for one, other in zip(getattr(again, name), getattr(ledger, name), strict=True):
            for each in fields(one):
                yield from _difference(
                    f"{name}: {_name(other)}: {each.name}", getattr(one, each.name), getattr(other, each.name)
                )


def _difference(where: str, required: object, observed: object) -> Iterator[Discrepancy]:
    if required != observed:
        yield Discrepancy(f"{FILE}: {where}", _short(required), _short(observed))


def _judged_wrongly(budget: MeasuredBudget) -> Iterator[Discrepancy]:
    if not budget.direction:
        return
    upper = budget.direction in (Direction.LESS_THAN, Direction.AT_MOST)
    margin = budget.limit - budget.measured if upper else budget.measured - budget.limit
    strict = budget.direction in (Direction.LESS_THAN, Direction.MORE_THAN)
    met = margin > 0 if strict else margin >= 0
    where = f"{FILE}: budgets: {budget.id}"
    if met != budget.met:
        told = f"{budget.measured} against {budget.direction} {budget.limit} {budget.unit}"
        yield Discrepancy(where, f"met: {met}, for {told}", f"met: {budget.met}")
    if budget.margin is None or not math.isclose(margin, budget.margin, abs_tol=1e-9):
        yield Discrepancy(where, f"margin {margin:g} {budget.unit}", f"margin {budget.margin}")


def _expected(line: LedgerLine) -> ExpectedLine:
    return ExpectedLine(
        line.id,
        line.title,
        line.section,
        line.test_case,
        line.budget,
        line.sums_up,
        line.by_attestation,
        line.measured_by,
        line.otherwise,
    )


def _planned(ledger: Ledger) -> Iterator[PlannedStep]:
    for step in ledger.steps:
        own = tuple(line.id for line in ledger.lines if line.test_case.split(" ")[0] == step.id)
        yield PlannedStep(step.id, step.title, step.planned, own)


def _name(entry: object) -> str:
    named = getattr(entry, "risk", entry)
    return str(getattr(named, "id", ""))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
