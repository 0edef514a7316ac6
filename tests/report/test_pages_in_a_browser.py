"""The report as people meet it: in a browser, on a desk and on a phone, and on paper."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from readiness.config.inventory import EXPECTED_LINES
from readiness.report import allure
from readiness.report.allure import build_report
from readiness.report.audit.allure import allure_problems
from readiness.report.exports.pdf import PdfUnavailable, write_pdf
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from readiness.report.pages import signoff_html
from tests.report.browser import CHROMIUM, DESKTOP, PHONE, seen_in
from tests.report.whole_plan import ROOT, failed, risk, run_of_the_plan, scenario, write_allure_results

in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: chromium)")
with_allure = pytest.mark.skipif(
    not (ROOT / allure.ALLURE).is_file(), reason="python -m readiness.report install-allure was not run"
)
LINES = """
  const lines = [...doc.querySelectorAll(".line")].filter((line) => line.getBoundingClientRect().height > 0);
  const wide = [...doc.querySelectorAll("p, dd, h1, h2, h3, .badge")].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width > 0 && (box.right > doc.documentElement.clientWidth + 1 || box.left < -1);
  });
  return {
    lines: lines.map((line) => [line.id, line.querySelector(".badge").innerText.trim()]),
    wide: wide.map((part) => part.innerText.slice(0, 60)),
    scrolls: doc.documentElement.scrollWidth > doc.documentElement.clientWidth + 1,
  };
"""
TREE = """
  const pause = () => new Promise((done) => page.setTimeout(done, 50));
  const closed = () => [...doc.querySelectorAll('[data-testid="tree-section"]')].filter(
    (part) => !part.parentElement.querySelector('[data-testid="tree-content"]'));
  for (let turn = 0; turn < 100 && !doc.querySelector('[data-testid="tree-section"]'); turn += 1) await pause();
  for (let turn = 0; turn < 12 && closed().length; turn += 1) {
    closed().forEach((part) => (part.querySelector("button") ?? part).click());
    await pause();
  }
  return {text: doc.body.innerText, left: closed().length};
"""
COUNTS = """
  const pause = () => new Promise((done) => page.setTimeout(done, 100));
  for (let turn = 0; turn < 100 && !doc.querySelector('[data-testid="tree-section"]'); turn += 1) await pause();
  const text = (name) => doc.querySelector(`[data-testid="${name}"]`).innerText;
  return [text("tab-all"), text("tab-passed"), doc.querySelectorAll('[data-testid="tree-section"]').length];
"""
GATE = """
  const pause = () => new Promise((done) => page.setTimeout(done, 100));
  for (let turn = 0; turn < 60 && !doc.querySelector('[data-testid="nav-tab-qualityGate"]'); turn += 1) await pause();
  doc.querySelector('[data-testid="nav-tab-qualityGate"]').click();
  await pause(); await pause();
  return doc.body.innerText;
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def judged(results: Path) -> Ledger:
    """A NO-GO with one of everything."""
    return run_of_the_plan(
        results,
        failed("TC1.1.3"),
        failed("TC4.1.4"),
        scenario("TC2.1.1", Outcome.NOT_MEASURED, "the metrics do not answer"),
        scenario("TC3.1.1", Outcome.SKIPPED, "the target offers no metrics"),
        risks=(risk("TC4.1.4"), risk("TC5.1.1")),
    )


@pytest.fixture(scope="module")
def drawn(results: Path, judged: Ledger) -> Path:
    write_allure_results(judged, results / "allure-results")
    return build_report(
        ROOT, results / "allure-results", judged, results / "report", results / "history.jsonl"
    )


@in_a_browser
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_line_of_the_plan_can_be_seen_with_its_verdict(
    results: Path, judged: Ledger, tmp_path: Path, width: int
) -> None:
    seen = seen_in(results / "lines.html", LINES, tmp_path, (width,))[width]
    assert seen["lines"] == [[line.id, line.verdict] for line in judged.lines]
    assert sorted(line for line, _ in seen["lines"]) == sorted(EXPECTED_LINES)
    assert (seen["wide"], seen["scrolls"]) == ([], False)


@in_a_browser
def test_the_page_to_sign_fits_desk_and_phone(results: Path, judged: Ledger, tmp_path: Path) -> None:
    seen = seen_in(results / "signoff.html", LINES, tmp_path)
    assert judged.decision == "NO-GO"
    assert [(at["wide"], at["scrolls"]) for at in seen.values()] == [([], False)] * 2


@in_a_browser
@with_allure
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_full_report_opens_offline_and_shows_every_line(drawn: Path, tmp_path: Path, width: int) -> None:
    seen = seen_in(drawn, TREE, tmp_path, (width,))[width]
    assert seen["left"] == 0
    assert [line for line in EXPECTED_LINES if f"{line} " not in seen["text"]] == []


@in_a_browser
@with_allure
def test_the_quality_gate_says_what_the_ledger_decided(drawn: Path, judged: Ledger, tmp_path: Path) -> None:
    assert f"{judged.decision}: Of 148 lines" in seen_in(drawn, GATE, tmp_path, (DESKTOP,))[DESKTOP]


@with_allure
def test_the_full_report_agrees_with_the_ledger(drawn: Path, results: Path, judged: Ledger) -> None:
    assert list(allure_problems(judged, results / "allure-results", drawn)) == []


def greener(result: dict[str, Any]) -> None:
    result["status"] = "passed"


def without_its_line(result: dict[str, Any]) -> None:
    result["labels"] = []


@with_allure
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (greener, "“The claim of TC1.1.3 holds” passed 0 times, as in the ledger; observed 1 times"),
        (without_its_line, "without TC1.1.3"),
    ],
)
def test_a_report_that_says_something_else_than_the_ledger_is_found(
    drawn: Path,
    judged: Ledger,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
    says: str,
) -> None:
    write_allure_results(judged, tmp_path)
    (path,) = (
        path for path in tmp_path.glob("*-result.json") if "The claim of TC1.1.3 holds" in path.read_text()
    )
    result = json.loads(path.read_text())
    change(result)
    path.write_text(json.dumps(result))
    assert says in "\n".join(map(str, allure_problems(judged, tmp_path, None)))
    path.unlink()
    told = "\n".join(map(str, allure_problems(judged, tmp_path, drawn)))
    assert "index.html: required 147 total, as in the results; observed 148" in told


@with_allure
def test_a_report_drawn_from_another_ledger_is_found(drawn: Path, results: Path, tmp_path: Path) -> None:
    other = run_of_the_plan(tmp_path)
    told = "\n".join(map(str, allure_problems(other, results / "allure-results", drawn)))
    assert "a quality gate that says GO; observed" in told
    assert "“SC1.1" not in told


def working_seconds() -> float:
    """Processor time of this process and of those it waited for: what else the machine does is not the report's doing."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@in_a_browser
@with_allure
def test_a_report_with_a_thousand_scenarios_is_soon_drawn_and_opens(tmp_path: Path) -> None:
    folder = tmp_path / "allure-results"
    folder.mkdir()
    for number in range(1000):
        name = str(uuid4())
        labels = {
            "epic": f"TC{number % 6 + 1} Section",
            "feature": f"Case {number % 18}",
            "story": f"Line {number % 72}",
        }
        result = {
            "uuid": name,
            "testCaseId": name,
            "historyId": name,
            "name": f"Claim {number} holds",
            "status": "failed" if number % 9 == 0 else "passed",
            "start": number,
            "stop": number + 500,
            "labels": [{"name": key, "value": value} for key, value in labels.items()],
            "steps": [
                {"name": f"Then step {step} holds", "status": "passed", "start": 1, "stop": 2}
                for step in range(5)
            ],
        }
        (folder / f"{name}-result.json").write_text(json.dumps(result))
    judged = run_of_the_plan(tmp_path / "results")
    began = working_seconds()
    page = build_report(ROOT, folder, judged, tmp_path / "report", tmp_path / "history.jsonl")
    assert working_seconds() - began < 30
    total, passed, claims = seen_in(page, COUNTS, tmp_path, (DESKTOP,))[DESKTOP]
    assert ("1000" in total, "888" in passed) == (True, True)
    assert claims


@pytest.mark.parametrize("end", ["go", "nogo"])
def test_the_page_to_sign_is_one_sheet_of_paper(judged: Ledger, tmp_path: Path, end: str) -> None:
    page = signoff_html(judged if end == "nogo" else run_of_the_plan(tmp_path / "go"))
    try:
        sheets = write_pdf(page, tmp_path / "signoff.pdf")
    except PdfUnavailable as reason:
        pytest.skip(str(reason))
    assert sheets == 1
    assert (tmp_path / "signoff.pdf").read_bytes().startswith(b"%PDF")
