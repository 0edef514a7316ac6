"""Runs of the whole plan that no deployment was needed for: every line of the real plan, with outcomes to order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from readiness.config.budgets import load_budgets
from readiness.config.plan import Disposition, Plan, load_plan
from readiness.core.budgets import Budgets
from readiness.core.verdicts import Gap, Verdict
from readiness.harness.evidence import Exhibit, slug
from readiness.report.closing import Run, close_run
from readiness.report.exports.files import write_all
from readiness.report.inventory import AcceptedRisk, Attestation, Inventory, MeasuredBudget
from readiness.report.judging import Findings, Statements
from readiness.report.ledger import Ledger, LedgerLine, Subject
from readiness.report.listener import ALONE
from readiness.report.outcomes import Judged, Outcome, ScenarioOutcome, Shortfall
from readiness.report.qualification import Score
from readiness.report.statements import inventory_of_plan

ROOT = Path(__file__).parents[2]
STARTED = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
IMAGE = "sha256:" + hashlib.sha256(b"the image").hexdigest()
DEADLINE = date(2026, 9, 30)


@cache
def plan() -> Plan:
    """The real plan."""
    return load_plan(ROOT)


def run_of_the_plan(
    results: Path,
    *ends: ScenarioOutcome,
    risks: tuple[AcceptedRisk, ...] = (),
    further: tuple[ScenarioOutcome, ...] = (),
) -> Ledger:
    """Write the results of a run in which every line is proven, except for the scenarios in `ends`, and return its ledger.

    `further` are scenarios beside the one that each line has.
    """
    changed = {line: each for each in ends for line in each.lines}
    outcomes = (*(_kept(changed.get(line, scenario(line)), results) for line in _scenario_lines()), *further)
    inventory = inventory_of_plan(plan())
    ledger = close_run(
        Run("local", Subject({"whoop-service": IMAGE}, "5" * 64, "c" * 40), STARTED, {"behave": "1.3.3"}),
        inventory,
        Findings(outcomes, _measurements(inventory)),
        Statements((), risks, _attestations()),
        tuple(Score(line, 3, 3, 2, 0) for line in _scenario_lines()),
        finished=STARTED + timedelta(minutes=31, seconds=7),
    )
    write_all(ledger, results)
    return ledger


def scenario(line: str, end: Outcome = Outcome.MET, reason: str = "", **more: object) -> ScenarioOutcome:
    """The scenario of one line, met unless told otherwise."""
    judged = Judged(examined=3, judgements=1)
    made = ScenarioOutcome(
        f"The claim of {line} holds", f"features/{line}.feature:3", (line,), end, reason, 2.5, judged
    )
    return replace(made, **more)  # type: ignore[arg-type]  # names and types are the caller's


def failed(line: str) -> ScenarioOutcome:
    """A scenario that is not met, with all that a check says about it."""
    short = Shortfall(
        "no copy runs without a limit",
        "insights: required a memory limit; observed none",
        "set resources.limits.memory",
    )
    return scenario(
        line, Outcome.NOT_MET, f"Required: {short.required}\nObserved: {short.observed}", shortfalls=(short,)
    )


def risk(line: str, gap: str = "") -> AcceptedRisk:
    """A risk in force on the day of the run."""
    return AcceptedRisk(
        f"accepted-{line.lower()}", line, "Kim", "Lee", "The part is ordered.", STARTED.date(), DEADLINE, gap
    )


GAP = Gap("holes in compiled-in libraries", "the scanner sees packages only")


def _scenario_lines() -> list[str]:
    return [line.id for line in plan().lines if not line.rolls_up and not line.budget]


def _attestations() -> tuple[Attestation, ...]:
    return tuple(
        Attestation(line.id, "It was done, and it worked.", "Alex", "Sam", STARTED.date(), DEADLINE)
        for line in plan().lines
        if line.disposition is Disposition.ATTESTED
    )


def _measurements(inventory: Inventory) -> tuple[MeasuredBudget, ...]:
    budgets = _budgets()
    asked = [budgets.by_id(line.budget) for line in inventory.lines if line.budget]
    return tuple(MeasuredBudget.of(each, each.limit.value * 0.4) for each in asked)


@cache
def _budgets() -> Budgets:
    return load_budgets(ROOT)


def _kept(outcome: ScenarioOutcome, results: Path) -> ScenarioOutcome:
    """The outcome with one exhibit on disk."""
    path = Path("evidence") / slug(outcome.location) / "01-seen.json"
    body = json.dumps({"line": outcome.lines, "seen": 3}).encode()
    (results / path).parent.mkdir(parents=True, exist_ok=True)
    (results / path).write_bytes(body)
    exhibit = Exhibit(str(path), hashlib.sha256(body).hexdigest())
    return replace(outcome, judged=replace(outcome.judged, evidence=(exhibit,)))


STATUSES = {Outcome.MET: "passed", Outcome.NOT_MET: "failed", Outcome.NOT_MEASURED: "broken"}
VERDICTS = {Verdict.PROVEN: "passed", Verdict.ATTESTED: "passed", Verdict.FAILED: "failed"}


def write_allure_results(ledger: Ledger, folder: Path) -> None:
    """Allure results as the run of this ledger leaves them: its scenarios, and the lines that have none of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for line in ledger.lines:
        own = [each for each in ledger.scenarios if line.id in each.lines]
        for each in own:
            _write_result(
                folder, line, each.name, each.location, STATUSES.get(each.outcome, "skipped"), each.reason
            )
        if not own:
            name = f"{line.id} {line.title}"
            _write_result(
                folder, line, name, f"{ALONE} › {name}", VERDICTS.get(line.verdict, "skipped"), line.reason
            )


def _write_result(folder: Path, line: LedgerLine, name: str, full_name: str, status: str, why: str) -> None:
    labels = {
        "epic": line.section,
        "feature": line.test_case,
        "story": f"{line.id} {line.title}",
        "severity": "critical",
    }
    uuid = hashlib.md5(full_name.encode(), usedforsecurity=False).hexdigest()
    result = {
        "uuid": uuid,
        "name": name,
        "fullName": full_name,
        "testCaseId": uuid,
        "historyId": uuid,
        "status": status,
        "statusDetails": {"message": why},
        "start": 1_795_358_126_022,
        "stop": 1_795_358_128_522,
        "labels": [{"name": key, "value": value} for key, value in labels.items()],
    }
    (folder / f"{uuid}-result.json").write_text(json.dumps(result))
