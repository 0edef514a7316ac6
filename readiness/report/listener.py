"""Tells Allure about scenarios and steps what `truth` says of them, never more."""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path
from typing import Any

import allure_commons
from allure_behave.listener import AllureListener
from allure_commons.model2 import Label, Parameter, StatusDetails, TestResult
from allure_commons.types import LabelType, Severity
from allure_commons.utils import format_traceback, md5, now, uuid4
from attr import attrib, make_class
from behave.configuration import Configuration
from behave.model import Feature, Rule, Scenario, Step

from readiness.core.errors import CriterionNotMet
from readiness.report.outcomes import Outcome
from readiness.report.scenarios import lines_of
from readiness.report.titles import WORDS, Place
from readiness.report.truth import Truth, is_selected, parents, step_outcome, step_reason, truth_of

STATUS = {
    Outcome.MET: "passed",
    Outcome.NOT_MET: "failed",
    Outcome.NOT_MEASURED: "broken",
    Outcome.NOT_RUN: "skipped",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_SELECTED: "skipped",
}
ALONE = "without a scenario"
SEVERITIES = frozenset(each.value for each in Severity)
OURS = (LabelType.EPIC, LabelType.FEATURE, LabelType.STORY, LabelType.TAG, LabelType.SEVERITY)


# Status details with the two fields from which Allure 3 shows required and observed side by side.
Details: Any = make_class(
    "Details", {"expected": attrib(default=None), "actual": attrib(default=None)}, bases=(StatusDetails,)
)


class SignoffListener(AllureListener):
    """The stock listener, mended: rules, hooks, clean-ups, skip reasons, empty scenarios, names, labels, histories."""

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.current_scenario_uuid: str | None = None
        self._seen: set[int] = set()
        self._ids: Counter[str] = Counter()

    @property
    def in_scenario(self) -> bool:
        """Whether a scenario is running, so that an attachment has a place."""
        return self.current_scenario_uuid is not None

    def start_scenario(self, scenario: Scenario) -> None:
        """Open a result: what is known before the first step."""
        self.steps.clear()
        self._seen.add(id(scenario))
        super().start_scenario(scenario)
        result = self.logger.get_test(self.current_scenario_uuid)
        rule = _rule_of(scenario)
        result.fullName = " › ".join(filter(None, [scenario.filename, rule, scenario.name]))
        result.titlePath = [*result.titlePath, *([rule] if rule else [])]
        result.testCaseId = self._unique(md5(result.fullName))
        result.historyId = result.testCaseId
        result.description = _description(scenario)
        result.parameters = [_out_of_history(each) for each in result.parameters or []]
        result.labels = [*_without_ours(result.labels), *_labels(scenario)]

    def stop_scenario(self, scenario: Scenario, broken_off: BaseException | None = None) -> None:
        """Close the result; a scenario that nobody asked for leaves none."""
        if not is_selected(scenario, self.behave_config):
            self.logger.drop_test(self.current_scenario_uuid)
            self.steps.clear()
        else:
            self._close(_truth(scenario, self.behave_config, broken_off))
        self.group_context.exit()
        self.current_scenario_uuid = None
        self.current_step_uuid = None

    def start_behave_step(self, step: Step) -> None:
        """Open a step; of a scenario that a hook made anew while its feature ran, only the end is reported."""
        if self.in_scenario:
            super().start_behave_step(step)

    def stop_behave_step(self, step: Step) -> None:
        """Close a step, with what was measured in its title."""
        note = getattr(step, "report_note", "")
        title = f"{step.keyword} {step.name}" + (f" ({note})" if note else "")
        if not self.in_scenario:
            return
        outcome = step_outcome(step)
        passed = outcome in (Outcome.MET, Outcome.SKIPPED, Outcome.NOT_RUN)
        details = None if passed else _details(step_reason(step), step.exception)
        self.logger.get_item(self.current_step_uuid).name = title
        self.logger.stop_step(
            self.current_step_uuid, stop=now(), status=STATUS[outcome], statusDetails=details
        )

    def report_rest(self, feature: Feature) -> None:
        """Report what a feature left unsaid: scenarios that never began, and trouble after its last scenario."""
        for scenario in feature.walk_scenarios():
            if id(scenario) not in self._seen:
                self.start_scenario(scenario)
                self.steps = deque(scenario.all_steps)
                self.stop_scenario(scenario)
        for part in [feature, *(item for item in feature.run_items if isinstance(item, Rule))]:
            ended_well = part.status.name not in ("hook_error", "cleanup_error") and not part.hook_failed
            if not ended_well:
                self.report_problem(f"{part.keyword}: {part.name}", part.error_message or part.status.name)

    def report_problem(self, name: str, message: str) -> None:
        """Report trouble that belongs to no scenario as a result of its own, so that no counter is green beside it."""
        allure_commons.plugin_manager.hook.global_error(message=message, trace=None)
        place = Place("The run itself", "Hooks and clean-up", "")
        self._report_alone(f"Nothing broke around “{name}”", place, Outcome.NOT_MEASURED, message)

    def report_line(self, line_id: str, reason: str, outcome: Outcome) -> None:
        """Report a plan line that has no scenario of its own, so that the report shows the whole plan."""
        place = WORDS.place_of([line_id])
        if place:
            self._report_alone(place.line, place, outcome, reason)

    def _report_alone(self, name: str, place: Place, outcome: Outcome, message: str) -> None:
        result = TestResult(uuid=uuid4(), name=name, start=now(), stop=now())
        result.fullName = f"{ALONE} › {name}"
        result.testCaseId = result.historyId = self._unique(md5(result.fullName))
        result.status = STATUS[outcome]
        result.statusDetails = Details(message=message)
        result.labels = _titles(place)
        allure_commons.plugin_manager.hook.report_result(result=result)

    @allure_commons.hookimpl
    def add_title(self, test_title: str) -> None:
        """`allure.dynamic.title`, which the stock listener ignores."""
        self._current().name = test_title

    @allure_commons.hookimpl
    def add_label(self, label_type: str, labels: tuple[str, ...]) -> None:
        """`allure.dynamic.label` and its kin, which the stock listener ignores."""
        self._current().labels.extend(Label(label_type, label) for label in labels)

    @allure_commons.hookimpl
    def add_parameter(self, name: str, value: Any, mode: Any) -> None:
        """`allure.dynamic.parameter`, which the stock listener ignores; kept out of the history like all others."""
        self._current().parameters.append(Parameter(name, str(value), True, mode.value if mode else None))

    def _current(self) -> Any:
        return self.logger.get_test(self.current_scenario_uuid)

    def _close(self, truth: Truth) -> None:
        self.flush_steps()
        result = self._current()
        result.stop = now()
        result.status = STATUS[truth.outcome]
        result.statusDetails = None if truth.outcome is Outcome.MET else _details(truth.reason, truth.cause)
        self.logger.close_test(self.current_scenario_uuid)
        self.group_context.append_test(self.current_scenario_uuid)

    def _unique(self, test_case_id: str) -> str:
        self._ids[test_case_id] += 1
        number = self._ids[test_case_id]
        return str(test_case_id if number == 1 else md5(test_case_id, str(number)))


def _truth(scenario: Scenario, config: Configuration, broken_off: BaseException | None) -> Truth:
    if broken_off is not None:
        return Truth(Outcome.NOT_MEASURED, f"the run was broken off: {type(broken_off).__name__}", broken_off)
    return truth_of(scenario, config)


def _details(reason: str, cause: BaseException | None) -> Any:
    trace = format_traceback(cause.__traceback__) if cause is not None else None
    required = (cause.required, cause.observed) if isinstance(cause, CriterionNotMet) else (None, None)
    return Details(message=reason, trace=trace, expected=required[0], actual=required[1])


def _rule_of(scenario: Scenario) -> str:
    return next((str(parent.name) for parent in parents(scenario) if isinstance(parent, Rule)), "")


def _labels(scenario: Scenario) -> list[Label]:
    fallback = Place(Path(scenario.filename).parent.name, scenario.feature.name, _rule_of(scenario))
    place = WORDS.place_of(lines_of(scenario)) or fallback
    nearest_first = [tag for part in [scenario, *parents(scenario)] for tag in part.tags]
    severity = next((tag for tag in nearest_first if tag in SEVERITIES), Severity.NORMAL.value)
    return [
        *_titles(place),
        *(Label(LabelType.TAG, str(tag)) for tag in dict.fromkeys(nearest_first) if tag not in SEVERITIES),
        Label(LabelType.SEVERITY, str(severity)),
    ]


def _titles(place: Place) -> list[Label]:
    titles = {LabelType.EPIC: place.section, LabelType.FEATURE: place.test_case, LabelType.STORY: place.line}
    return [Label(kind, title) for kind, title in titles.items() if title]


def _without_ours(labels: list[Label]) -> list[Label]:
    return [label for label in labels if label.name not in OURS]


def _description(scenario: Scenario) -> str:
    around = [*reversed(parents(scenario)), scenario]
    return "\n\n".join(text for part in around if (text := "\n".join(part.description or [])))


def _out_of_history(parameter: Parameter) -> Parameter:
    return Parameter(parameter.name, parameter.value, excluded=True)
