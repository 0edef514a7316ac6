"""Rules for where sentences and steps meet: one step for each sentence, a use for each step, each limit the budget's own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.matchers import MatchWithError, use_default_step_matcher
from behave.runner_util import exec_file
from behave.step_registry import registry, setup_step_decorators

from readiness.core.budgets import Budget
from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, Step
from readiness.lint.wording import LIMIT


@dataclass(frozen=True)
class StepDefinition:
    """One registered step: `kind` is given, when or then; `matcher` is behave's own."""

    kind: str
    pattern: str
    file: str
    line: int
    docstring: str
    matcher: Any


@dataclass(frozen=True)
class StepLibrary:
    """All registered steps, and what kept others from being registered."""

    definitions: tuple[StepDefinition, ...]
    findings: tuple[Finding, ...]


def load_steps(root: Path) -> StepLibrary:
    """Execute `steps/*.py` under `root` as behave does, without any hook."""
    registry.clear()
    findings = []
    for path in sorted((root / "steps").glob("*.py")):
        file = path.relative_to(root).as_posix()
        names: dict[str, Any] = {}
        setup_step_decorators(names, registry)
        try:
            exec_file(str(path), names)
        except Exception as error:  # noqa: BLE001  # whatever a step file raises is the finding
            what = f"behave cannot load it: {type(error).__name__}: {error}."
            findings.append(Finding(file, 1, "step-file", what, "mend the file or what it imports."))
        use_default_step_matcher()
    definitions = [
        _definition(root, kind, matcher) for kind, all in registry.steps.items() for matcher in all
    ]
    registry.clear()
    return StepLibrary(tuple(definitions), tuple(findings))


def matching_findings(features: Sequence[FeatureFile], library: StepLibrary) -> Iterator[Finding]:
    """Sentences without a step, with two, with a wrong limit; steps without a sentence."""
    used: set[StepDefinition] = set()
    for feature in features:
        steps = {step for scenario in feature.scenarios for step in scenario.all_steps}
        for step in sorted(steps, key=lambda step: step.line):
            meeting = [definition for definition in library.definitions if _meets(definition, step)]
            used.update(meeting)
            yield from _sentence(feature.path, step, meeting)
    for definition in library.definitions:
        if definition not in used:
            what = f"No sentence uses the step {definition.kind} {definition.pattern!r}."
            yield Finding(definition.file, definition.line, "unused-step", what, "delete it.")


def _sentence(path: str, step: Step, meeting: list[StepDefinition]) -> Iterator[Finding]:
    if not meeting:
        what = f"No step understands {step.kind.title()} {step.text!r}."
        yield Finding(
            path, step.line, "undefined-step", what, "use the words of docs/steps.md, or write the step."
        )
        return
    if len(meeting) > 1:
        where = " and ".join(f"{each.file}:{each.line}" for each in meeting)
        what = f"{step.text!r} is understood by several steps: {where}."
        yield Finding(path, step.line, "ambiguous-step", what, "keep one of them.")
    match = meeting[0].matcher.match(step.text)
    if isinstance(match, MatchWithError):
        yield Finding(path, step.line, "budget", f"{step.text!r}: {match.stored_error}", "mend the sentence.")
    elif LIMIT.search(step.text) and not any(
        isinstance(argument.value, Budget) for argument in match.arguments
    ):
        what = f"{step.text!r} states a limit that its step does not compare with config/budgets.yaml."
        yield Finding(path, step.line, "budget", what, "let the step take {budget:Budget}.")


def _meets(definition: StepDefinition, step: Step) -> bool:
    return definition.kind in (step.kind, "step") and bool(definition.matcher.match(step.text))


def _definition(root: Path, kind: str, matcher: Any) -> StepDefinition:
    file = Path(matcher.location.filename).resolve()
    return StepDefinition(
        kind=kind,
        pattern=matcher.pattern,
        file=file.relative_to(root.resolve()).as_posix(),
        line=matcher.location.line,
        docstring=inspect.getdoc(matcher.func) or "",
        matcher=matcher,
    )
