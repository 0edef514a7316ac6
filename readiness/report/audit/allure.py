"""Holds the Allure report against the ledger: never greener, the same counts everywhere, every line of the plan in it."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from readiness.core.verdicts import Verdict
from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.ledger import Ledger
from readiness.report.listener import ALONE
from readiness.report.outcomes import Outcome

PASSED = "passed"
DATA = re.compile(r'd\("(widgets/(?:statistic|quality-gate)\.json)","([A-Za-z0-9+/=]*)"\)')


def allure_problems(ledger: Ledger, results: Path, page: Path | None) -> Iterator[Discrepancy]:
    """Every way in which the raw results, or the drawn page where there is one, say something else than the ledger."""
    shown = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(results.glob("*-result.json"))]
    yield from _greener(ledger, shown)
    if not ledger.partial:
        yield from _lines_missing(ledger, shown)
    if page is not None:
        drawn = {
            name: json.loads(base64.b64decode(data))
            for name, data in DATA.findall(page.read_text(encoding="utf-8"))
        }
        yield from _miscounted(shown, drawn.get("widgets/statistic.json", {}), page.name)
        yield from _other_gate(ledger, drawn.get("widgets/quality-gate.json", {}), page.name)


def _greener(ledger: Ledger, shown: list[dict[str, Any]]) -> Iterator[Discrepancy]:
    met = Counter(each.name for each in ledger.scenarios if each.outcome is Outcome.MET)
    known = {each.name for each in ledger.scenarios}
    green = Counter(each["name"] for each in shown if each.get("status") == PASSED and each["name"] in known)
    good = {line.id for line in ledger.lines if line.verdict in (Verdict.PROVEN, Verdict.ATTESTED)}
    for each in shown:
        alone = each.get("fullName", "").startswith(ALONE) and each.get("status") == PASSED
        if alone and each["name"].split(" ")[0] not in good:
            yield Discrepancy("allure-results", f"“{each['name']}” not passed, as in the ledger", PASSED)
    for name, number in green.items():
        if number > met[name]:
            yield Discrepancy(
                "allure-results", f"“{name}” passed {met[name]} times, as in the ledger", f"{number} times"
            )


def _lines_missing(ledger: Ledger, shown: list[dict[str, Any]]) -> Iterator[Discrepancy]:
    stories = {
        label["value"].split(" ")[0]
        for each in shown
        for label in each.get("labels", [])
        if label["name"] == "story"
    }
    tags = {label["value"] for each in shown for label in each.get("labels", []) if label["name"] == "tag"}
    missing = [line.id for line in ledger.lines if line.id not in stories | tags]
    if missing:
        yield Discrepancy("allure-results", "every line of the plan", f"without {', '.join(missing)}")


def _miscounted(shown: list[dict[str, Any]], statistic: dict[str, int], page: str) -> Iterator[Discrepancy]:
    counted = Counter(each.get("status", "unknown") for each in shown)
    expected = {"total": len(shown), **counted}
    for status, number in expected.items():
        if statistic.get(status, 0) != number:
            yield Discrepancy(page, f"{number} {status}, as in the results", str(statistic.get(status, 0)))


def _other_gate(ledger: Ledger, gate: dict[str, list[dict[str, Any]]], page: str) -> Iterator[Discrepancy]:
    decisions = [each for rules in gate.values() for each in rules if each["rule"] == "decision"]
    if [each["message"].split(":")[0] for each in decisions] != [ledger.decision]:
        yield Discrepancy(
            page, f"a quality gate that says {ledger.decision}", str([each["message"] for each in decisions])
        )
