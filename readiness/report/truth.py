"""behave's own truth about a scenario, read once and for all: the ledger and the Allure report both speak through it.

behave spreads this truth over steps, hooks, clean-ups and parents, and calls some things passed that looked at nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from behave.configuration import Configuration
from behave.model import Feature, Rule, Scenario, Step
from behave.model_type import Status

from readiness.core.errors import CannotLook, CriterionNotMet
from readiness.report.outcomes import Outcome

NOT_SELECTED = "not selected in this run"
NO_REASON = "skipped without a reason"
NO_STEPS = "the scenario has no steps of its own, so it shows nothing"
LOCATION = re.compile(r":\d+$|^@")
BROKE = "the check itself broke"
# From the first line of a trace to the last of its frames; what follows is the message, and stays.
TRACE = re.compile(r"Traceback \(most recent call last\):\n(?:[ \t].*\n|\s*\n)*")
STOPPED = "the run stopped before this scenario"


@dataclass(frozen=True)
class Truth:
    """How a scenario ended, why, and the exception behind it, if one is."""

    outcome: Outcome
    reason: str = ""
    cause: BaseException | None = None


def truth_of(scenario: Scenario, config: Configuration) -> Truth:
    """How the scenario ended, worst news first; a final answer only once the scenario's clean-up is over."""
    return (
        _broken_steps(scenario, Outcome.NOT_MET)
        or _broken_steps(scenario, Outcome.NOT_MEASURED)
        or _unselected(scenario, config)
        or _broken_surroundings(scenario)
        or _left_out(scenario)
        or _passed(scenario)
    )


def step_outcome(step: Step) -> Outcome:
    """Only an assertion that failed is a criterion not met; any other trouble means that we could not look."""
    if step.status is Status.failed:
        return Outcome.NOT_MET
    if step.status is Status.passed:
        return Outcome.MET
    if step.status is Status.skipped:
        return Outcome.SKIPPED
    if step.status is Status.untested:
        return Outcome.NOT_RUN
    return Outcome.NOT_MEASURED


def step_reason(step: Step) -> str:
    """What a person should read about a step that did not pass."""
    if step.status is Status.undefined:
        return f"no step is defined for: {step.keyword} {step.name}"
    if step.exception is None:
        return str(step.error_message or f"step ended as {step.status.name}: {step.keyword} {step.name}")
    return describe(step.exception)


def describe(error: BaseException) -> str:
    """The message of our own errors as it stands; of others that the check broke, with the kind of error. Never a stack trace."""
    ours = isinstance(error, (CriterionNotMet, CannotLook)) and str(error).strip()
    foreign = not isinstance(error, (AssertionError, CannotLook))
    words = TRACE.sub("", str(error)).strip() if ours else _kind_and_message(error)
    return f"{BROKE} ({words})" if foreign else words


def is_selected(scenario: Scenario, config: Configuration) -> bool:
    """Whether tags, name and location given on the command line ask for this scenario."""
    by_location = any(LOCATION.search(str(path)) for path in config.paths or ())
    if by_location and scenario.should_skip and not scenario.skip_reason and _not_entered(scenario):
        return False
    return bool(
        scenario.should_run_with_tags(config.tag_expression) and scenario.should_run_with_name_select(config)
    )


def keep_cleanup_errors(context: Any) -> None:
    """Make behave remember what went wrong in a clean-up: call it in `before_all`. Of itself behave only prints it."""
    context.on_cleanup_error = _remember


def parents(scenario: Scenario) -> list[Feature | Rule]:
    """The rule (if any) and the feature around a scenario, nearest first."""
    around: list[Feature | Rule] = []
    parent = scenario.parent
    while parent is not None:
        if isinstance(parent, (Feature, Rule)):
            around.append(parent)
        parent = parent.parent
    return around


def _broken_steps(scenario: Scenario, outcome: Outcome) -> Truth | None:
    broken = [step for step in scenario.all_steps if step_outcome(step) is outcome]
    if not broken:
        return None
    return Truth(outcome, "\n".join(step_reason(step) for step in broken), broken[0].exception)


def _broken_surroundings(scenario: Scenario) -> Truth | None:
    if scenario.hook_failed or scenario.status in (Status.hook_error, Status.cleanup_error):
        reason = scenario.error_message or "the clean-up after the scenario failed"
        return Truth(Outcome.NOT_MEASURED, str(reason), scenario.exception)
    if not _not_entered(scenario) or scenario.should_skip:
        return None
    broken = [parent for parent in parents(scenario) if parent.hook_failed]
    if broken:
        return Truth(Outcome.NOT_MEASURED, f"not run: {broken[0].error_message}", broken[0].exception)
    return None


def _unselected(scenario: Scenario, config: Configuration) -> Truth | None:
    return None if is_selected(scenario, config) else Truth(Outcome.NOT_SELECTED, NOT_SELECTED)


def _left_out(scenario: Scenario) -> Truth | None:
    if scenario.should_skip or scenario.status is Status.skipped:
        return Truth(Outcome.SKIPPED, scenario.skip_reason or NO_REASON)
    if not scenario.steps:
        return Truth(Outcome.NOT_MEASURED, NO_STEPS)
    if _not_entered(scenario) or scenario.status is Status.untested:
        return Truth(Outcome.NOT_RUN, STOPPED)
    return None


def _passed(scenario: Scenario) -> Truth:
    if scenario.status is Status.passed and all(step.status is Status.passed for step in scenario.all_steps):
        return Truth(Outcome.MET)
    return Truth(Outcome.NOT_MEASURED, f"the scenario ended as {scenario.status.name}")


def _kind_and_message(error: BaseException) -> str:
    message = TRACE.sub("", str(error)).strip()
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _not_entered(scenario: Scenario) -> bool:
    return all(step.status in (Status.untested, Status.skipped) for step in scenario.all_steps)


def _remember(context: Any, clean_up: Any, error: BaseException) -> None:
    name = getattr(clean_up, "__name__", repr(clean_up))
    message = f"CLEANUP-ERROR in {name}: {_kind_and_message(error)}"
    print(message)
    statement = (
        getattr(context, "scenario", None)
        or getattr(context, "rule", None)
        or getattr(context, "feature", None)
    )
    if statement is not None:
        statement.error_message = "\n".join(filter(None, [statement.error_message, message]))
