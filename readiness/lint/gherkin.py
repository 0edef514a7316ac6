"""A feature file as behave will run it, in plain facts: behave's own parser reads it, outlines are expanded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.model import Rule as BehaveRule
from behave.model import ScenarioOutline, ScenarioOutlineBuilder
from behave.parser import ParserError, parse_feature

from readiness.lint.findings import Finding


@dataclass(frozen=True)
class Step:
    """One sentence. `kind` is given, when or then, also for And and But; `keyword` is the word that stands there."""

    line: int
    keyword: str
    kind: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A line of description: what behave does not run. `above_steps` says that steps were to be expected there."""

    line: int
    text: str
    above_steps: bool


@dataclass(frozen=True)
class Scenario:
    """One scenario as it runs. `tags` are its own, `inherited` those of its rule and feature."""

    line: int
    name: str
    tags: tuple[str, ...]
    inherited: tuple[str, ...]
    background: tuple[Step, ...]
    steps: tuple[Step, ...]

    @property
    def all_tags(self) -> tuple[str, ...]:
        """Everything that decides whether and how it runs."""
        return self.inherited + self.tags

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """What a reader reads: the background, then its own steps."""
        return self.background + self.steps


@dataclass(frozen=True)
class Group:
    """A feature or a rule: its name, its own tags, and the scenarios that stand directly in it."""

    line: int
    name: str
    tags: tuple[str, ...]
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True)
class FeatureFile:
    """A parsed file. `feature` holds the scenarios outside rules; `empty_outlines` are the lines of outlines without a row."""

    path: str
    feature: Group
    rules: tuple[Group, ...]
    background: tuple[Step, ...]
    prose: tuple[Prose, ...]
    empty_outlines: tuple[int, ...]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario that runs."""
        return tuple(scenario for group in (self.feature, *self.rules) for scenario in group.scenarios)


def read_feature(root: Path, path: Path) -> FeatureFile | Finding:
    """The feature in `path` under `root`, or the reason why behave would not run it."""
    return parse(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def parse(path: str, text: str) -> FeatureFile | Finding:
    """The feature in `text`, or the reason why behave would not run it."""
    try:
        feature = parse_feature(text, filename=path)
    except ParserError as error:
        reason = " ".join(str(error.args[0]).split())
        return Finding(
            path, error.line or 1, "unreadable", f"behave cannot read it: {reason}.", "mend this line."
        )
    if feature is None:
        return Finding(
            path, 1, "unreadable", "behave sees no feature in it.", "write `Feature:` or delete the file."
        )
    tags = _tags(feature)
    return FeatureFile(
        path=path,
        feature=Group(feature.line, feature.name, tags, tuple(_scenarios(feature, tags))),
        rules=tuple(
            Group(rule.line, rule.name, _tags(rule), tuple(_scenarios(rule, tags + _tags(rule))))
            for rule in feature.rules
        ),
        background=tuple(step for each in _backgrounds(feature) for step in map(_step, each.steps)),
        prose=tuple(_prose(feature, text.splitlines())),
        empty_outlines=tuple(each.line for each in _templates(feature) if not _expanded(each)),
    )


def _scenarios(container: Any, inherited: tuple[str, ...]) -> Iterator[Scenario]:
    for template in container.scenarios:
        if isinstance(template, BehaveRule):
            continue
        for scenario in _expanded(template):
            background = scenario.background.all_steps if scenario.background else ()
            yield Scenario(
                line=scenario.line,
                name=scenario.name,
                tags=_tags(scenario),
                inherited=inherited,
                background=tuple(map(_step, background)),
                steps=tuple(map(_step, scenario.steps)),
            )


def _templates(feature: Any) -> Iterator[Any]:
    for container in (feature, *feature.rules):
        yield from (each for each in container.scenarios if not isinstance(each, BehaveRule))


def _expanded(template: Any) -> list[Any]:
    """The scenarios that run: one for each row of an outline, named as its name says, nothing added."""
    if not isinstance(template, ScenarioOutline):
        return [template]
    return list(ScenarioOutlineBuilder("{name}").build_scenarios(template))


def _backgrounds(feature: Any) -> Iterator[Any]:
    yield from (each.background for each in (feature, *feature.rules) if each.background)


def _prose(feature: Any, source: list[str]) -> Iterator[Prose]:
    for element in (feature, *feature.rules):
        yield from _prose_of(element, source, above_steps=False)
    for element in (*_backgrounds(feature), *_templates(feature)):
        yield from _prose_of(element, source, above_steps=True)


def _prose_of(element: Any, source: list[str], *, above_steps: bool) -> Iterator[Prose]:
    """Description lines with the line numbers that behave does not keep."""
    number = element.line
    for text in element.description:
        number = next(at for at, line in enumerate(source[number:], start=number + 1) if line.strip() == text)
        yield Prose(number, text, above_steps)


def _step(step: Any) -> Step:
    return Step(step.line, step.keyword, step.step_type, step.name)


def _tags(element: Any) -> tuple[str, ...]:
    return tuple(str(tag) for tag in element.tags)
