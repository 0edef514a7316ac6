"""What the Allure report is told beside its results: environment, variables, metrics of the criteria, the ledger's own gate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from readiness.core.budgets import Direction
from readiness.core.verdicts import Decision, Verdict
from readiness.report import view
from readiness.report.changes import what_would_change
from readiness.report.inventory import MeasuredBudget
from readiness.report.ledger import Ledger
from readiness.report.pages import lines_html, signoff_html
from readiness.report.wording import count, short_digests

METRICS = "readiness-perf.json"
PAGES = {"Sign-off page": "signoff-attachment.html", "Every line of the plan": "lines-attachment.html"}
LINK = re.compile(r'<a href="(?!#)[^"]*">(.*?)</a>')
SCALES = {"share of one": (100, "%"), "count": (1, "")}


@dataclass(frozen=True)
class Rule:
    """One line of the quality gate, as the ledger decided it."""

    name: str
    holds: bool
    says: str


def add_facts(results: Path, ledger: Ledger) -> None:
    """Put what was judged, the measurements and the pages into the results, under fixed names: a redraw replaces them."""
    (results / "environment.properties").write_text(_properties(ledger), encoding="utf-8")
    (results / METRICS).write_text(json.dumps(list(_samples(ledger))), encoding="utf-8")
    pages = [
        signoff_html(ledger),
        LINK.sub(r"\1", lines_html(ledger)),
    ]  # within the report, files lie elsewhere
    for file, page in zip(PAGES.values(), pages, strict=True):
        (results / file).write_text(page, encoding="utf-8")
    attached = [{"name": name, "source": file, "type": "text/html"} for name, file in PAGES.items()]
    (results / "signoff-globals.json").write_text(json.dumps({"attachments": attached}), encoding="utf-8")


def told(ledger: Ledger, output: Path, history: Path) -> str:
    """The facts for allurerc.mjs, as JSON."""
    facts = {
        "title": f"Production readiness of {ledger.target}: {ledger.decision}",
        "output": str(output),
        "history": str(history),
        "variables": {
            "Decision": ledger.decision,
            "Without risks": ledger.decision_without_risks,
            "Target": ledger.target,
            "Commit": ledger.subject.commit[:12],
            "Configuration": short_digests(ledger.subject.configuration),
        },
        "metrics": dict(_metrics(ledger)),
        "gate": [asdict(rule) for rule in gate(ledger)],
    }
    return json.dumps(facts)


def gate(ledger: Ledger) -> tuple[Rule, ...]:
    """The quality gate. Its first rule is the decision; the others say what it rests on."""
    counts = view.totals(ledger).counts
    failed, unknown = counts[Verdict.FAILED], counts[Verdict.NOT_VERIFIED]
    todo = len(what_would_change(ledger))
    gaps = sum(not gap.accepted_by for _, gap in view.gaps(ledger))
    passed = ledger.decision in (Decision.GO, Decision.CONDITIONAL_GO)
    return (
        Rule(
            "decision",
            passed,
            f"{ledger.decision}: {view.summary(ledger)} {count(todo, 'thing')} to do for GO.",
        ),
        Rule(
            "the whole plan was run",
            not ledger.partial,
            ledger.partial or f"all {len(ledger.lines)} lines were judged",
        ),
        Rule("nothing failed", not failed, f"{count(failed, 'line')} failed"),
        Rule("everything was looked at", not unknown, f"{count(unknown, 'line')} not verified"),
        Rule("nothing beside proven lines is open", not gaps, f"{count(gaps, 'gap')} that nobody accepted"),
        Rule("the run itself went well", not ledger.problems, "; ".join(ledger.problems) or "no problems"),
    )


def _metrics(ledger: Ledger) -> Iterator[tuple[str, dict[str, str]]]:
    for each in _own(ledger):
        better = "lower" if each.direction in (Direction.LESS_THAN, Direction.AT_MOST) else "higher"
        title = f"{each.line} {each.name} ({each.required})"
        yield (
            each.id,
            {"title": title, "unit": _in(each)[1], "better": better, "group": "Performance criteria"},
        )


def _samples(ledger: Ledger) -> Iterator[dict[str, object]]:
    for number, each in enumerate(_own(ledger)):
        value = each.measured * _in(each)[0]
        yield {"id": f"{each.id}-{number}", "key": each.id, "value": value, "start": 0, "stop": 0}


def _own(ledger: Ledger) -> list[MeasuredBudget]:
    """The measurements of the plan's own performance criteria."""
    return [each for each in ledger.budgets if each.line.startswith("PC")]


def _in(measured: MeasuredBudget) -> tuple[float, str]:
    """The factor and the unit in which a person would tell the value."""
    if measured.unit == "seconds":
        return (1000, "ms") if measured.limit < 1 else (1, "s")
    return SCALES.get(measured.unit, (1, measured.unit))


def _properties(ledger: Ledger) -> str:
    facts = {
        **{f"{name} image": short_digests(digest) for name, digest in ledger.subject.images.items()},
        **{f"{name} version": version for name, version in ledger.tools.items()},
        "started": ledger.started,
        "finished": ledger.finished,
    }
    return "".join(f"{name} = {value}\n" for name, value in facts.items())
