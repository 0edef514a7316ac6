"""`python -m readiness.report`: draw the report and the sign-off page of the last run, and end with its verdict.

`python -m readiness.report install-allure` makes the Allure report possible on this machine.
Exit status: 0 for GO and CONDITIONAL GO, 1 for NO-GO and NO DECISION, 2 when there is no ledger or nothing can be installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from readiness.core.errors import ConfigurationError
from readiness.core.verdicts import Decision
from readiness.report.allure import ReportUnavailable, build_report, install
from readiness.report.ledger import Ledger
from readiness.report.signoff import write_signoff
from readiness.report.terminal import headline

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
HISTORY = ROOT / ".readiness" / "history.jsonl"


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for and return the exit status."""
    try:
        return _install() if arguments == ["install-allure"] else _report()
    except (ConfigurationError, ReportUnavailable) as error:
        print(error, file=sys.stderr)
        return 2


def _install() -> int:
    print("Allure was installed" if install(ROOT) else "Allure is already installed")
    return 0


def _report() -> int:
    ledger = Ledger.read(RESULTS / "readiness.json")
    html, markdown = write_signoff(ledger, RESULTS)
    print(headline(ledger))
    print(f"  Sign-off page   {html.relative_to(ROOT)}, {markdown.relative_to(ROOT)}")
    try:
        report = build_report(ROOT, ROOT / "allure-results", ledger, RESULTS / "report", HISTORY)
        print(f"  Full report     {report.relative_to(ROOT)}")
    except ReportUnavailable as reason:
        print(f"  NO FULL REPORT: the Allure report could not be drawn. {reason}")
    return 0 if ledger.decision in (Decision.GO, Decision.CONDITIONAL_GO) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
