"""Rules for features: nothing silently left out, nothing that cannot fail, one act at a time, short enough to read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, Scenario

FEWEST_STEPS, MOST_STEPS = 3, 6
ORDER = ("given", "when", "then")
LOOKS_LIKE_KEYWORD = re.compile(r"[A-Za-z]+( [A-Za-z]+)?:")
STEP_WORDS = ("Given", "When", "Then", "And", "But")
NEAR = 0.7


def feature_findings(feature: FeatureFile) -> Iterator[Finding]:
    """All findings of one feature file, apart from tags and words."""
    yield from _swallowed(feature)
    yield from _backgrounds(feature)
    for line in feature.empty_outlines:
        what = "This outline has no row, so it never runs."
        yield Finding(feature.path, line, "no-examples", what, "give it a row.")
    for group in feature.rules:
        if not group.scenarios:
            what = f"The rule {group.name!r} has no scenario."
            yield Finding(feature.path, group.line, "empty-rule", what, "write one, or take the rule out.")
    for scenario in feature.scenarios:
        yield from _scenario_findings(feature.path, scenario)


def repeated_names(features: Sequence[FeatureFile]) -> Iterator[Finding]:
    """Scenario names that stand twice in the suite: reports take the second for a retry of the first."""
    first: dict[str, str] = {}
    for feature in features:
        for scenario in feature.scenarios:
            place = f"{feature.path}:{scenario.line}"
            earlier = first.setdefault(scenario.name.casefold(), place)
            if earlier != place:
                what = f"The name {scenario.name!r} stands at {earlier} already; a report would hide one of the two."
                to_do = "give each its own name (in an outline: with a placeholder)."
                yield Finding(feature.path, scenario.line, "repeated-name", what, to_do)


def _swallowed(feature: FeatureFile) -> Iterator[Finding]:
    """Lines that behave takes for description although somebody meant them to run."""
    for prose in feature.prose:
        if LOOKS_LIKE_KEYWORD.match(prose.text) or (prose.above_steps and _looks_like_step(prose.text)):
            what = f"behave takes {prose.text!r} for description and does not run it."
            to_do = "mend the keyword, or reword the description."
            yield Finding(feature.path, prose.line, "swallowed-line", what, to_do)


def _looks_like_step(text: str) -> bool:
    first_word = text.split()[0].title()
    return bool(difflib.get_close_matches(first_word, STEP_WORDS, n=1, cutoff=NEAR))


def _backgrounds(feature: FeatureFile) -> Iterator[Finding]:
    for step in feature.background:
        if step.kind != "given":
            what = f"The background does more than state what is given: {step.keyword} {step.text!r}."
            yield Finding(feature.path, step.line, "background", what, "move it into the scenarios.")


def _scenario_findings(path: str, scenario: Scenario) -> Iterator[Finding]:
    if not scenario.steps:
        what = f"{scenario.name!r} has no steps of its own; behave calls that passed."
        yield Finding(path, scenario.line, "empty-scenario", what, "write its steps.")
        return
    kinds = [step.kind for step in scenario.steps]
    if "then" not in kinds:
        what = f"{scenario.name!r} has no Then, so it cannot fail."
        yield Finding(path, scenario.line, "no-then", what, "say what must be true.")
    if kinds.count("when") > 1:
        what = f"{scenario.name!r} has {kinds.count('when')} acts (When, or And after it)."
        yield Finding(path, scenario.line, "one-when", what, "split it, or word the acts as one.")
    if kinds != sorted(kinds, key=ORDER.index):
        what = f"{scenario.name!r} mixes the order: {', '.join(kinds)}."
        yield Finding(path, scenario.line, "step-order", what, "Given before When before Then.")
    own, read = len(scenario.steps), len(scenario.all_steps)
    if read < FEWEST_STEPS or own > MOST_STEPS:
        what = f"{scenario.name!r} has {own} steps of its own, {read} with its background."
        to_do = f"say it in at least {FEWEST_STEPS} with and at most {MOST_STEPS} without background, or split it."
        yield Finding(path, scenario.line, "length", what, to_do)
