"""The end of a run, when every scenario, hook and clean-up is over: writes the ledger and says the verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

from behave.model import Feature
from behave.reporter.base import Reporter as BehaveReporter

from readiness.config.configuration import configuration_hash
from readiness.core.errors import CannotLook
from readiness.core.verdicts import Verdict
from readiness.harness.run import Run, judged_images
from readiness.report import closing, formatter, statements
from readiness.report.exports.files import LEDGER, write_all
from readiness.report.inventory import Inventory, MeasuredBudget
from readiness.report.judging import Findings
from readiness.report.leaks import leaks_into, told_without_secrets, with_problems, without_secrets
from readiness.report.ledger import Ledger, Subject
from readiness.report.outcomes import Judged, Outcome, ScenarioOutcome
from readiness.report.qualification import Score, read_scores
from readiness.report.scenarios import every_scenario, outcomes_of
from readiness.report.terminal import verdict_table
from readiness.report.titles import configure
from readiness.report.truth import is_selected

SHOWN_AS = {Verdict.PROVEN: Outcome.MET, Verdict.ATTESTED: Outcome.MET, Verdict.FAILED: Outcome.NOT_MET}


def nothing_selected(context: Any) -> bool:
    """Whether no scenario of the loaded features matches the tags, names and places asked for."""
    scenarios = [scenario for feature in context._runner.features for scenario in every_scenario(feature)]
    return not any(is_selected(scenario, context.config) for scenario in scenarios)


def all_met(ledger: Ledger) -> bool:
    """Whether every selected scenario was met, but for those that were skipped and show nothing but lines not applicable here."""
    nothing_here = {line.id for line in ledger.lines if line.verdict is Verdict.NOT_APPLICABLE}
    selected = [each for each in ledger.scenarios if each.outcome is not Outcome.NOT_SELECTED]
    due = [
        each for each in selected
        if each.outcome is not Outcome.SKIPPED or not each.lines or not nothing_here.issuperset(each.lines)
    ]  # fmt: skip
    return bool(due) and all(each.outcome is Outcome.MET for each in due)


class Reporter(BehaveReporter):
    """Follows a run and closes it: ledger, sign-off page, verdict on the terminal, exit status."""

    def __init__(self, context: Any, root: Path, results: Path) -> None:
        super().__init__(context.config)
        self._runner = context._runner
        self._root = root
        self._results = results
        self._features: list[Feature] = []
        self._run: Run | None = None
        (results / LEDGER).unlink(
            missing_ok=True
        )  # no reader may take an earlier run's ledger for this one's

    def refuse(self, words: str, *, status: int) -> NoReturn:
        """Say why nothing was run, and end with this exit status before the first scenario.

        behave turns an exit from a hook into status 1, so the process is left directly; nothing is open that needs closing.
        """
        print(f"\n{words}\n", file=sys.__stderr__, flush=True)
        os._exit(status)

    def follow(self, run: Run) -> None:
        """The run is open: give the report its words and wait for the end."""
        self._run = run
        configure(statements.inventory_of(run.configuration), run.redactor.text)
        self.config.reporters.append(self)

    def feature(self, feature: Feature) -> None:
        """A feature is over, or was never begun."""
        self._features.append(feature)

    def end(self) -> None:
        """Close the run. Whatever is not met, not measured, skipped or not run makes the exit status of behave 1.

        Only what the target's profile declares not applicable may be left out; and something must have been met.
        """
        if self._run is None:
            return
        outcomes = told_without_secrets(
            outcomes_of(self._features, self.config, _judged(self._run), self._root / "features"),
            self._run.redactor.text,
        )
        ledger = _ledger(
            self._run, self._root, outcomes, broken_off="the run was aborted" if self._runner.aborted else ""
        )
        _complete_report(ledger)
        ledger = self._write(ledger)
        print(verdict_table(ledger), file=sys.__stdout__, flush=True)
        self._run.lock.release()
        if ledger.problems or not all_met(ledger):
            self._runner.hook_failures += 1

    def _write(self, ledger: Ledger) -> Ledger:
        """Write the ledger and what is made from it, and search all of it for secrets; what is found is in what returns."""
        assert self._run is not None
        write_all(ledger, self._results)
        found = leaks_into((self._results, self._root / "allure-results"), self._run.redactor)
        for problem in found:
            formatter.report_problem("the run", problem)
        if found:
            ledger = with_problems(ledger, found)
            write_all(ledger, self._results)
        return ledger


def _complete_report(ledger: Ledger) -> None:
    """Bring into the Allure report what no scenario could: problems of the run, and lines that have no scenario of their own."""
    for problem in ledger.problems:
        formatter.report_problem("the run", problem)
    for line in ledger.lines:
        if not ledger.partial and not line.scenarios:
            formatter.report_line(
                line.id, f"{line.verdict}: {line.reason}", SHOWN_AS.get(line.verdict, Outcome.SKIPPED)
            )


def _judged(run: Run) -> dict[str, Judged]:
    return {
        location: Judged(world.examined, world.judgements, tuple(world.evidence.exhibits), tuple(world.gaps))
        for location, world in run.worlds.items()
    }


def _ledger(run: Run, root: Path, outcomes: tuple[ScenarioOutcome, ...], broken_off: str) -> Ledger:
    inventory: Inventory = statements.inventory_of(run.configuration)
    measured = tuple(
        MeasuredBudget.of(each.budget, each.value)
        for world in run.worlds.values()
        for each in world.measurements
    )
    circumstances = closing.Run(
        target=run.target.name,
        subject=Subject(run.images, configuration_hash(run.configuration), _commit(root)),
        started=run.started,
        tools=run.tools(),
        problems=without_secrets((*run.problems, *_changed_images(run)), run.redactor.text),
        broken_off=broken_off,
    )
    release = run.images.get(run.target.profile.service.name, "").removeprefix("sha256:")
    said = statements.statements_of(
        run.configuration, {release, f"sha256:{release}", release[:12]} - {""}, run.started.date()
    )
    findings = Findings(outcomes, measured)
    return closing.close_run(circumstances, inventory, findings, said, _scores(root))


def _scores(root: Path) -> tuple[Score, ...]:
    """How the checks did in their qualification: on this machine where there was one, else as it is kept with the project."""
    return read_scores(root / "results" / "qualification.json") or read_scores(
        root / "docs" / "qualification.json"
    )


def _changed_images(run: Run) -> list[str]:
    """The verdict is bound to the images that were running at the start: a problem when others run at the end."""
    try:
        now = judged_images(run.target)
    except CannotLook as reason:
        return [f"what was running at the end could not be looked at: {reason}"]
    if now == run.images:
        return []
    changed = ", ".join(name for name in sorted({*now, *run.images}) if now.get(name) != run.images.get(name))
    return [
        f"the images of these services changed during the run, so the verdict is bound to none: {changed}"
    ]


def _commit(root: Path) -> str:
    """The commit of the specification, marked when files differ from it; "unknown" outside a repository."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head} with local changes" if changed else head
