"""The Allure formatter of this project: `format = allure` in behave.ini, put in place by `register()` in environment.py."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allure
import allure_commons
from behave.configuration import Configuration
from behave.formatter._registry import register_as
from behave.formatter.base import Formatter, StreamOpener
from behave.model import Feature, Scenario, Step
from behave.reporter.base import Reporter

from readiness.report.files import ResultFiles
from readiness.report.listener import SignoffListener
from readiness.report.outcomes import Outcome
from readiness.report.scenarios import every_scenario

KEEP_RESULTS = "keep_results"
RESULTS = "allure-results"
EXTENSIONS = {"text/plain": "txt", "application/json": "json", "image/png": "png", "text/csv": "csv"}


def register() -> None:
    """Make `format = allure` mean this formatter. behave itself cannot import it: it looks before the path is set."""
    register_as("allure", SignoffFormatter)


class SignoffFormatter(Formatter):
    """Writes Allure results that are never greener than the run. A dry run writes nothing and removes nothing.

    `-D keep_results=yes` keeps the results of earlier runs, for runs in parts.
    """

    def __init__(self, stream_opener: StreamOpener, config: Configuration) -> None:
        super().__init__(stream_opener, config)
        self._listener: SignoffListener | None = None
        if not config.dry_run:
            self._open(Path(stream_opener.name or RESULTS), config)

    def feature(self, feature: Feature) -> None:
        """A feature begins: from now on its scenarios report themselves, those inside rules too."""
        if self._listener:
            for scenario in every_scenario(feature):
                scenario.run = _reported(self._listener, scenario)

    def step(self, step: Step) -> None:
        """A step was announced."""
        if self._listener:
            self._listener.schedule_step(step)

    def match(self, match: Any) -> None:
        """A step begins."""
        if self._listener:
            self._listener.match_step(match)

    def result(self, step: Step) -> None:
        """A step is over."""
        if self._listener:
            self._listener.stop_behave_step(step)

    def _open(self, folder: Path, config: Configuration) -> None:
        self._listener = SignoffListener(config)
        files = ResultFiles(folder, keep_old=config.userdata.getbool(KEEP_RESULTS, False))
        for plugin in (self._listener, files):
            allure_commons.plugin_manager.register(plugin)
        config.reporters.append(Rest(config, self._listener))


class Rest(Reporter):
    """Reports what no formatter gets to see: behave shows every feature to its reporters, run or not."""

    def __init__(self, config: Configuration, listener: SignoffListener) -> None:
        super().__init__(config)
        self._listener = listener

    def feature(self, feature: Feature) -> None:
        """A feature is over, or was never begun."""
        self._listener.report_rest(feature)


def attach(name: str, body: bytes, media_type: str) -> None:
    """Attach already redacted bytes to the step or scenario that runs, else to the report as a whole.

    Without a report being written it does nothing.
    """
    listener = active_listener()
    if listener is None:
        return
    put = allure.attach if listener.in_scenario else allure.global_attach
    put(body, name=name, attachment_type=media_type, extension=EXTENSIONS.get(media_type, "bin"))


def report_failure(hook: Callable[..., None]) -> Callable[..., None]:
    """Decorate `before_all` or `after_all` with it, and their failure gets into the Allure report, too."""

    @functools.wraps(hook)
    def reporting(context: Any) -> None:
        try:
            hook(context)
        except Exception as error:
            report_problem(hook.__name__, f"{type(error).__name__}: {error}")
            raise

    return reporting


def report_line(line_id: str, reason: str, outcome: Outcome = Outcome.SKIPPED) -> None:
    """Put a plan line that has no scenario of its own into the Allure report, if one is being written."""
    listener = active_listener()
    if listener:
        listener.report_line(line_id, reason, outcome)


def report_problem(where: str, message: str) -> None:
    """Put trouble that belongs to no scenario into the Allure report, if one is being written.

    Works until the process ends, so also for what turns up when the run is closed.
    """
    listener = active_listener()
    if listener:
        listener.report_problem(where, message)


def active_listener() -> SignoffListener | None:
    """The listener of the run, if Allure results are being written."""
    plugins = allure_commons.plugin_manager.get_plugins()
    return next((plugin for plugin in plugins if isinstance(plugin, SignoffListener)), None)


def _reported(listener: SignoffListener, scenario: Scenario) -> Callable[[Any], bool]:
    run = scenario.run

    def reported(runner: Any) -> bool:
        listener.start_scenario(scenario)
        try:
            failed = bool(run(runner))
        except BaseException as error:
            listener.stop_scenario(scenario, broken_off=error)
            raise
        listener.stop_scenario(scenario)
        return failed

    return reported
