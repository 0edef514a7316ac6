"""`python -m readiness.lint`: all findings on features and steps.

Exit status: 0 without findings, 1 with findings, 2 when plan or budgets cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from readiness.core.errors import ConfigurationError
from readiness.lint.catalogue import catalogues
from readiness.lint.tree import Specification, findings_of, not_covered, read_specification

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Report, and write the catalogues if asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m readiness.lint", description="House rules for features and steps."
    )
    parser.add_argument(
        "--write-docs", action="store_true", help="also write docs/steps.md and docs/catalogue.md"
    )
    arguments = parser.parse_args()
    try:
        specification = read_specification(ROOT)
    except ConfigurationError as error:
        print(error)
        return 2
    if arguments.write_docs:
        _write(specification)
    return _report(specification)


def _write(specification: Specification) -> None:
    for file, text in catalogues(specification).items():
        (specification.root / file).write_text(text, encoding="utf-8")
        print(f"written: {file}")


def _report(specification: Specification) -> int:
    findings = findings_of(specification)
    for finding in findings:
        print(finding)
    missing = not_covered(specification)
    if missing:
        print(f"Not covered yet ({len(missing)} lines of the plan have no scenario): {', '.join(missing)}")
    scenarios = sum(len(feature.scenarios) for feature in specification.features)
    steps = len(specification.steps.definitions)
    print(
        f"{len(findings)} findings in {len(specification.features)} features, {scenarios} scenarios, {steps} steps."
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
