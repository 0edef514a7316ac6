"""The Allure report: nothing in it speaks to anybody, and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.report import allure
from readiness.report.allure import ReportUnavailable, build_report, find_node, install, without_tracking
from tests.report.samples import GOOD_OUTCOMES, ledger

ROOT = Path(__file__).parents[2]
PAGE = """<html><script>app()</script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
<script>
  window.dataLayer = window.dataLayer || [];
  function gtag(){dataLayer.push(arguments);}
  gtag('config', 'G-1', {"report": "awesome"});
</script>
<body>results</body></html>"""


def test_the_tracker_is_taken_out_and_the_report_left_alone() -> None:
    clean = without_tracking(PAGE)
    assert "<script>app()</script>" in clean
    assert "<body>results</body>" in clean
    assert "google" not in clean
    assert "gtag" not in clean


def test_a_tracker_of_another_shape_is_not_let_through() -> None:
    with pytest.raises(ReportUnavailable, match=r"still speaks to google-analytics\.com"):
        without_tracking("<img src='https://google-analytics.com/collect'>")


def test_without_results_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ReportUnavailable, match="To do: run behave first"):
        build_report(ROOT, tmp_path, ledger(*GOOD_OUTCOMES), tmp_path / "report", tmp_path / "history.jsonl")


def test_without_allure_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "1-result.json").write_text("{}")
    with pytest.raises(ReportUnavailable, match=r"python -m readiness\.report install-allure"):
        build_report(
            tmp_path, tmp_path, ledger(*GOOD_OUTCOMES), tmp_path / "report", tmp_path / "history.jsonl"
        )


def test_without_a_node_that_is_new_enough_the_message_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(allure, "OLDEST_NODE", 999)
    with pytest.raises(ReportUnavailable, match=r"To do: pip install -r requirements\.txt"):
        find_node()


def test_what_the_lock_file_asks_for_is_not_installed_twice(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / allure.STAMP).write_text("{}")
    assert install(tmp_path) is False


def test_the_lock_file_names_no_place_to_load_from() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.skipif(
    not (ROOT / allure.ALLURE).is_file(), reason="python -m readiness.report install-allure was not run"
)
def test_the_report_is_one_file_that_speaks_to_nobody(tmp_path: Path) -> None:
    results = tmp_path / "allure-results"
    results.mkdir()
    (results / "1-result.json").write_text(
        '{"uuid": "1", "name": "the claim", "status": "passed", "start": 1, "stop": 2}'
    )
    report = build_report(
        ROOT, results, ledger(*GOOD_OUTCOMES), tmp_path / "report", tmp_path / "history.jsonl"
    )
    page = report.read_text()
    assert "google" not in page
    assert [path.name for path in report.parent.iterdir()] == ["index.html"]
    assert (tmp_path / "history.jsonl").read_text().count("\n") == 1
