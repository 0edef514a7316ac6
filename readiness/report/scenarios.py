"""From behave's features to scenario outcomes, the features that were not even loaded included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from behave.configuration import Configuration
from behave.model import Feature, Scenario
from behave.parser import parse_file

from readiness.core.errors import CriterionNotMet
from readiness.report.outcomes import Judged, Outcome, ScenarioOutcome, Shortfall
from readiness.report.truth import NOT_SELECTED, truth_of

LINE_ID = re.compile(r"TC\d+\.\d+\.\d+|PH\d+\.\d+\.\d+|(?:PC|SC|RM)\d+\.\d+")
NOTHING = Judged()
TO_DO = " To do: "


def outcomes_of(
    features: Iterable[Feature], config: Configuration, judged: Mapping[str, Judged], root: Path
) -> tuple[ScenarioOutcome, ...]:
    """The outcome of every scenario below `root` (the features folder), run or not.

    `judged` says by location (`file:line`) what each scenario rests on. Call it in `after_all`, when no clean-up is open.
    """
    loaded = list(features)
    ran = [_outcome(scenario, config, judged) for feature in loaded for scenario in every_scenario(feature)]
    files = {Path(feature.filename).resolve() for feature in loaded}
    unloaded = [path for path in sorted(root.rglob("*.feature")) if path.resolve() not in files]
    return (*ran, *(left_out for path in unloaded for left_out in _never_loaded(path)))


def every_scenario(feature: Feature) -> list[Scenario]:
    """All scenarios of a feature: those inside rules, and the rows of outlines, too."""
    return list(feature.walk_scenarios())


def lines_of(scenario: Scenario) -> tuple[str, ...]:
    """The plan lines a scenario is tagged with, by itself, its rule or its feature; lines of test cases first."""
    ids = {str(tag) for tag in scenario.effective_tags if LINE_ID.fullmatch(str(tag))}
    return tuple(sorted(ids, key=lambda line_id: (not line_id.startswith("TC"), line_id)))


def location_of(scenario: Scenario) -> str:
    """`file:line` of a scenario, the key under which everything about it is kept."""
    return f"{scenario.filename}:{scenario.line}"


def _outcome(scenario: Scenario, config: Configuration, judged: Mapping[str, Judged]) -> ScenarioOutcome:
    truth = truth_of(scenario, config)
    location = location_of(scenario)
    return ScenarioOutcome(
        name=scenario.name,
        location=location,
        lines=lines_of(scenario),
        outcome=truth.outcome,
        reason=truth.reason,
        seconds=scenario.duration,
        judged=judged.get(location, NOTHING),
        shortfalls=tuple(
            _shortfall(step.exception)
            for step in scenario.all_steps
            if isinstance(step.exception, CriterionNotMet) and step.exception.required
        ),
    )


def _shortfall(error: CriterionNotMet) -> Shortfall:
    """Required and observed as the matcher told them; what it says to do, each thing once, stands apart."""
    told = [line.partition(TO_DO) for line in error.observed.splitlines()]
    observed = "\n".join(seen for seen, _, _ in told)
    return Shortfall(
        error.required, observed, "\n".join(dict.fromkeys(remedy for *_, remedy in told if remedy))
    )


def _never_loaded(path: Path) -> list[ScenarioOutcome]:
    feature = parse_file(str(path))
    return [
        ScenarioOutcome(s.name, location_of(s), lines_of(s), Outcome.NOT_SELECTED, NOT_SELECTED)
        for s in (every_scenario(feature) if feature else [])
    ]
