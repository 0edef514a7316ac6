"""What `python -m readiness.report` can do. Each command says what it did and returns the exit status."""

from __future__ import annotations

from pathlib import Path

from readiness.core.errors import CannotLook
from readiness.core.verdicts import Decision
from readiness.report import runs
from readiness.report.allure import ReportUnavailable, build_report, install
from readiness.report.audit.allure import allure_problems
from readiness.report.audit.verifying import verify
from readiness.report.comparing import compare
from readiness.report.exports import pdf, signature, statement
from readiness.report.exports.files import LEDGER, write_all
from readiness.report.exports.schema import FILE, schema_text
from readiness.report.leaks import with_problems
from readiness.report.ledger import Ledger
from readiness.report.pages import comparison_html, comparison_markdown, signoff_html
from readiness.report.terminal import headline
from readiness.report.wording import count

HISTORY = Path(".readiness") / "history.jsonl"


def draw_report(root: Path, results: Path) -> int:
    """Draw all pages of the last run. The report then examines itself; where it does not agree with itself there is no GO."""
    ledger = Ledger.read(results / LEDGER)
    write_all(ledger, results)
    made = [f"  The page to sign  {_near(results / 'signoff.html', root)}, signoff.md"]
    made.append(f"  Every line        {_near(results / 'lines.html', root)}")
    report = _full_report(root, results, ledger, made)
    problems = [*verify(results).problems, *allure_problems(ledger, root / "allure-results", report)]
    if problems:
        told = tuple(f"the report does not agree with itself: {each}" for each in problems)
        ledger = with_problems(ledger, told)
        write_all(ledger, results)
        made += [f"  {each}" for each in told]
        if report:
            report.unlink()
            made.append("  The full report was taken back, for it says something else. To do: run again")
    runs.keep(ledger, root / runs.FOLDER)
    print("\n".join([headline(ledger), *made, _pdf(ledger, results)]))
    return 0 if ledger.decision in (Decision.GO, Decision.CONDITIONAL_GO) else 1


def verify_report(results: Path, key: Path | None) -> int:
    """Say whether a report is the one that its evidence leads to."""
    verified = verify(results, key)
    ledger = verified.ledger
    for problem in verified.problems:
        print(f"WRONG  {problem}")
    for unseen in verified.unseen:
        print(f"Note: {unseen}")
    about = f"{ledger.decision} for {ledger.target}, judged {ledger.finished}"
    if verified.problems:
        print(f"NOT TO BE TRUSTED: {count(len(verified.problems), 'thing')} wrong with this report ({about})")
        return 1
    print(
        f"VERIFIED: {about}; {count(len(ledger.lines), 'line')} judged again with the same result, "
        f"{count(len(ledger.exhibits), 'exhibit')} unchanged, all pages say the same"
    )
    return 0


def sign_report(results: Path, key: Path) -> int:
    """Sign the statement of a report. What does not verify is not signed."""
    verified = verify(results)
    stated = statement.statement_of(verified.ledger)
    if verified.problems or stated is None:
        why = verified.problems[0] if verified.problems else "it decides nothing, or names no image"
        raise CannotLook(f"This report is not signed: {why}")
    (results / signature.NAME).write_bytes(signature.sign(stated, key))
    print(f"Signed: {results / signature.NAME}")
    return 0


def compare_runs(root: Path, before: Path | None, after: Path, output: Path) -> int:
    """Say what is different between two runs, of the same target if only one is named; exit status 1 when the later is worse."""
    later = _ledger(after)
    both = compare(_ledger(before or runs.before(later, root / runs.FOLDER)), later)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(comparison_html(both), encoding="utf-8")
    print(f"{comparison_markdown(both)}\nPage: {output}")
    return 1 if both.worse else 0


def write_schema(root: Path) -> int:
    """Write the JSON schema of the ledger to where it is published."""
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(schema_text(), encoding="utf-8")
    print(f"Written: {FILE}")
    return 0


def install_allure(root: Path) -> int:
    """Make the Allure report possible on this machine."""
    print("Allure was installed" if install(root) else "Allure is already installed")
    return 0


def _ledger(path: Path) -> Ledger:
    return Ledger.read(path / LEDGER if path.is_dir() else path)


def _pdf(ledger: Ledger, results: Path) -> str:
    try:
        sheets = pdf.write_pdf(signoff_html(ledger), results / pdf.NAME)
    except pdf.PdfUnavailable as reason:
        return f"  NO PDF: {reason}"
    return f"  On paper          {pdf.NAME} ({count(sheets, 'sheet')})"


def _full_report(root: Path, results: Path, ledger: Ledger, made: list[str]) -> Path | None:
    try:
        report = build_report(root, root / "allure-results", ledger, results / "report", root / HISTORY)
    except ReportUnavailable as reason:
        made.append(f"  NO FULL REPORT: the Allure report could not be drawn. {reason}")
        return None
    made.append(f"  Full report       {_near(report, root)}")
    return report


def _near(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
