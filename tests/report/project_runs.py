"""Runs behave on a small project of its own, in a folder of its own, and reads back all that it left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.report.ledger import Ledger

ROOT = Path(__file__).parents[2]

BEHAVE_INI = """\
[behave]
paths = features
format = allure
outfiles = allure-results
tag_expression_protocol = v2
junit = true
junit_directory = junit

[behave.formatters]
allure = allure_behave.formatter:AllureFormatter
"""

STEPS = """\
import sys

from behave import given, then, when
from behave.api.pending_step import StepNotImplementedError

from readiness.core.errors import CannotLook, CriterionNotMet


@given("it is so")
@then("it holds")
def holds(context):
    pass


@then("it does not hold")
def does_not_hold(context):
    raise CriterionNotMet("Required: seven\\nObserved: eight", required="seven", observed="eight")


@then("it does not hold either")
def does_not_hold_either(context):
    assert 1 == 2, "one is not two"


@then("nobody can look")
def nobody_can_look(context):
    raise CannotLook("the metrics do not answer")


@then("the probe breaks")
def probe_breaks(context):
    raise ValueError("unreadable")


@then("it is still to be written")
def still_to_be_written(context):
    raise StepNotImplementedError("later")


@when("somebody skips the rest")
def skips(context):
    context.scenario.skip("the target has no metrics")


@when("somebody stops the run")
def stops(context):
    context.abort("enough")


@when("the process is told to end")
def ends(context):
    sys.exit(3)


@then("it holds in {seconds} seconds")
def holds_in(context, seconds):
    context.step_note = f"measured {seconds} s"


@when("it leaves a clean-up that fails")
def leaves_clean_up(context):
    def restore_the_database():
        raise OSError("the disk is full")

    context.add_cleanup(restore_the_database)


@when("it shows the secret {secret}")
def shows(context, secret):
    from readiness.report.formatter import attach

    attach("evidence", b"what was seen", "text/plain")
    assert False, f"the answer held {secret}"
"""

ENVIRONMENT = """\
from datetime import UTC, datetime
from pathlib import Path

from readiness.report.closing import Run, close_run
from readiness.report.formatter import attach, register, report_failure
from readiness.report.inventory import ExpectedLine, Inventory
from readiness.report.judging import Findings, Statements
from readiness.report.ledger import Subject
from readiness.report.outcomes import Judged
from readiness.report.scenarios import every_scenario, location_of, outcomes_of
from readiness.report.titles import configure
from readiness.report.truth import keep_cleanup_errors

register()
INVENTORY = Inventory(
    tuple(ExpectedLine(f"TC1.1.{n}", f"Claim {n}", "1 First section", "TC1.1 First case") for n in (1, 2))
)
STARTED = datetime.now(UTC)


def open_run(context):
    keep_cleanup_errors(context)
    configure(INVENTORY, lambda text: text.replace("hunter2", "[redacted]"))


def close(context):
    features = context._runner.features
    judged = {location_of(each): Judged(1, 1) for feature in features for each in every_scenario(feature)}
    outcomes = outcomes_of(features, context.config, judged, Path("features"))
    broken_off = "the run was stopped" if context.aborted else ""
    problems = tuple(str(feature.error_message) for feature in features if feature.hook_failed)
    subject = Subject({}, "configuration", "commit")
    run = Run("here", subject, STARTED, {}, problems=problems, broken_off=broken_off)
    close_run(run, INVENTORY, Findings(outcomes), Statements()).write(Path("readiness.json"))


def after_step(context, step):
    step.report_note = getattr(context, "step_note", "")


@report_failure
def before_all(context):
    open_run(context)


@report_failure
def after_all(context):
    close(context)

"""


@dataclass(frozen=True)
class Told:
    """What one run told: its exit status, behave's own word (JUnit), the Allure results, and the ledger, if there is one.

    `behave` is a list of (scenario, status); `allure` the raw results; `problems` the messages of global errors.
    """

    exit_status: int
    output: str
    behave: list[tuple[str, str]]
    allure: list[dict[str, Any]]
    problems: list[str]
    ledger: Ledger | None
    folder: Path

    def allure_statuses(self) -> dict[str, list[str]]:
        """The statuses that Allure shows, by name of scenario."""
        statuses: dict[str, list[str]] = {}
        for result in self.allure:
            statuses.setdefault(result["name"], []).append(result.get("status", "unknown"))
        return {name: sorted(each) for name, each in statuses.items()}

    def result(self, name: str) -> dict[str, Any]:
        """The one Allure result of this name."""
        (found,) = (result for result in self.allure if result["name"] == name)
        return found

    def verdicts(self) -> dict[str, str]:
        """The ledger's verdict by plan line."""
        return {line.id: str(line.verdict) for line in self.ledger.lines} if self.ledger else {}


def run_project(
    folder: Path, features: dict[str, str], hooks: str = "", arguments: tuple[str, ...] = ()
) -> Told:
    """Write a project with these features (by file name) and these hooks, and run behave on it."""
    write_project(folder, features, hooks)
    return run_again(folder, arguments)


def write_project(folder: Path, features: dict[str, str], hooks: str = "") -> None:
    """Write a project; nothing is run."""
    (folder / "steps").mkdir(parents=True, exist_ok=True)
    (folder / "features").mkdir(exist_ok=True)
    (folder / "behave.ini").write_text(BEHAVE_INI)
    (folder / "environment.py").write_text(ENVIRONMENT + hooks)
    (folder / "steps" / "all.py").write_text(STEPS)
    for name, text in features.items():
        (folder / "features" / name).write_text(text)


def run_again(folder: Path, arguments: tuple[str, ...] = ()) -> Told:
    """Run behave once (more) on a project."""
    ran = subprocess.run(
        [sys.executable, "-m", "behave", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    ledger = folder / "readiness.json"
    return Told(
        exit_status=ran.returncode,
        output=ran.stdout + ran.stderr,
        behave=_junit(folder / "junit"),
        allure=_read(folder, "*-result.json"),
        problems=[
            error["message"] for item in _read(folder, "*-globals.json") for error in item.get("errors", [])
        ],
        ledger=Ledger.read(ledger) if ledger.exists() else None,
        folder=folder,
    )


def _read(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((folder / "allure-results").glob(pattern))]


def _junit(folder: Path) -> list[tuple[str, str]]:
    return [
        (case.attrib["name"], case.attrib["status"])
        for path in sorted(folder.glob("*.xml"))
        for case in ElementTree.parse(path).iter("testcase")
    ]
