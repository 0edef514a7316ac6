"""Drawing the report of a run: every page, a verdict, and a report that examines itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from readiness.core.errors import CannotLook
from readiness.report import commands, runs
from readiness.report.exports import pdf
from readiness.report.ledger import Ledger
from tests.report.samples import GOOD_OUTCOMES, ledger
from tests.report.whole_plan import failed, run_of_the_plan, write_allure_results
from tests.unit.test_report_exports import key_pair

PAGES = {
    "readiness.json",
    "signoff.html",
    "signoff.md",
    "lines.html",
    "comment.md",
    "junit.xml",
    "attestation.json",
}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """The results of a GO in a project where no Allure is installed."""
    write_allure_results(run_of_the_plan(tmp_path / "results"), tmp_path / "allure-results")
    return tmp_path / "results"


def test_a_go_is_drawn_and_what_is_missing_is_said(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.draw_report(results.parent, results) == 0
    said = capsys.readouterr().out
    assert "GO · target local" in said
    assert "NO FULL REPORT: the Allure report could not be drawn." in said
    assert {path.name for path in results.iterdir()} >= PAGES


def test_a_no_go_ends_with_another_status(tmp_path: Path) -> None:
    write_allure_results(
        run_of_the_plan(tmp_path / "results", failed("TC1.1.3")), tmp_path / "allure-results"
    )
    assert commands.draw_report(tmp_path, tmp_path / "results") == 1


def test_a_machine_without_letters_gets_no_pdf_and_is_told_how(
    results: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pdf(_html: str, _path: Path) -> int:
        raise pdf.PdfUnavailable(f"no PDF of the page could be made: no Pango. To do: {pdf.TO_DO}")

    monkeypatch.setattr(pdf, "write_pdf", no_pdf)
    assert commands.draw_report(results.parent, results) == 0
    assert (
        "NO PDF: no PDF of the page could be made: no Pango. To do: apt-get install"
        in capsys.readouterr().out
    )


def test_a_report_that_does_not_agree_with_itself_is_no_go(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(results / "evidence" / "features-tc1-1-1-feature-3")
    assert commands.draw_report(results.parent, results) == 1
    assert (
        "the report does not agree with itself: evidence/features-tc1-1-1-feature-3"
        in capsys.readouterr().out
    )
    red = Ledger.read(results / "readiness.json")
    assert red.decision == "NO-GO"
    assert all("does not agree with itself" in problem for problem in red.problems)


def test_a_redraw_keeps_the_signature_and_another_run_does_not(results: Path, tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    commands.sign_report(results, private)
    commands.draw_report(results.parent, results)
    assert commands.verify_report(results, public) == 0
    run_of_the_plan(results, failed("TC1.1.3"))
    assert not (results / "attestation.dsse.json").exists()


def test_a_run_is_compared_with_the_one_before_it(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = results / "compare.html"
    root = results.parent
    commands.draw_report(root, results)
    with pytest.raises(CannotLook, match="no earlier run of local"):
        commands.compare_runs(root, None, results, page)
    earlier = replace(Ledger.read(results / "readiness.json"), finished="2026-06-30T12:00:00Z")
    runs.keep(earlier, root / runs.FOLDER)
    assert commands.compare_runs(root, None, results, page) == 0
    assert "# GO → GO" in capsys.readouterr().out


def test_only_the_last_runs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "KEPT", 2)
    judged = ledger(*GOOD_OUTCOMES)
    for day in ("01", "03", "02"):
        runs.keep(replace(judged, finished=f"2026-07-{day}T12:00:00Z"), tmp_path)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "local 2026-07-02T120000Z.json",
        "local 2026-07-03T120000Z.json",
    ]


def test_scenarios_that_are_greener_in_allure_are_no_go(results: Path) -> None:
    write_allure_results(run_of_the_plan(results), results.parent / "allure-results")
    judged = run_of_the_plan(results, failed("TC1.1.3"))
    problems = commands.allure_problems(judged, results.parent / "allure-results", None)
    assert "“The claim of TC1.1.3 holds” passed 0 times" in "\n".join(map(str, problems))
