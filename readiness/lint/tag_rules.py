"""Rules for tags: every scenario proves a known plan line, says how safe it is and what it needs; unknown tags are typos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, Group, Scenario
from readiness.lint.vocabulary import AHEAD, NEEDS, SAFETY, SEVERITIES, TEST_CASE, Vocabulary

BANNED = {
    "wip": "behave passes a scenario with this tag although its steps do not exist",
    "skip": "what does not run must say why in the verdict, not vanish from the run",
}


def tag_findings(feature: FeatureFile, known: Vocabulary) -> Iterator[Finding]:
    """All findings on the tags and the place of one feature file."""
    yield from _test_case(feature, known)
    for scenario in feature.feature.scenarios:
        what = f"{scenario.name!r} stands outside every rule, so it proves no plan line."
        yield Finding(feature.path, scenario.line, "no-rule", what, "put it under the rule of its plan line.")
    for rule in feature.rules:
        yield from _rule(feature, rule, known)
    for scenario in feature.scenarios:
        yield from _scenario(feature.path, scenario, known)


def repeated_lines(features: Sequence[FeatureFile], known: Vocabulary) -> Iterator[Finding]:
    """Plan lines with more than one rule, and test cases with more than one feature file."""
    first: dict[str, str] = {}
    for feature in features:
        for group in (feature.feature, *feature.rules):
            for tag in group.tags:
                place = f"{feature.path}:{group.line}"
                if (tag in known.lines or tag in known.test_cases) and first.setdefault(tag, place) != place:
                    what = f"@{tag} has its place at {first[tag]} already."
                    yield Finding(
                        feature.path, group.line, "repeated-line", what, "bring them together in one place."
                    )


def _test_case(feature: FeatureFile, known: Vocabulary) -> Iterator[Finding]:
    group = feature.feature
    test_case = group.tags[0] if len(group.tags) == 1 else ""
    if test_case not in known.test_cases:
        what = f"The feature has the tags {_shown(group.tags)}."
        to_do = "give it exactly one tag: its test case, such as @TC1.1."
        yield Finding(feature.path, group.line, "test-case", what, to_do)
        return
    name = test_case.lower().replace(".", "_")
    section = test_case.removeprefix("TC").split(".")[0] if TEST_CASE.match(test_case) else ""
    folder = section or "[1-9]"  # that of its section; a step of a phase is in the one where it fits
    if not re.search(rf"(^|/){folder}_\w+/{name}_\w+\.feature$", feature.path):
        what = f"The file of {test_case} lies at {feature.path}."
        to_do = f"name it {section or 'SECTION'}_…/{name}_….feature."
        yield Finding(feature.path, group.line, "file-name", what, to_do)
    if not group.name.startswith(f"{test_case} "):
        to_do = f"start its name with {test_case}."
        yield Finding(
            feature.path, group.line, "feature-name", f"The feature is named {group.name!r}.", to_do
        )


def _rule(feature: FeatureFile, rule: Group, known: Vocabulary) -> Iterator[Finding]:
    line_id = rule.tags[0] if len(rule.tags) == 1 else ""
    line = known.lines.get(line_id)
    if line is None:
        what = f"The rule {rule.name!r} has the tags {_shown(rule.tags)}."
        to_do = "give it exactly one tag: its line of config/plan.yaml, such as @TC1.1.1."
        yield Finding(feature.path, rule.line, "plan-line", what, to_do)
    elif not line.own_scenarios:
        what = f"@{line_id} has no scenarios of its own: config/plan.yaml computes it from other lines."
        yield Finding(feature.path, rule.line, "plan-line", what, "tag the line that the rule proves.")
    elif (
        line_id.rpartition(".")[0] in known.test_cases
        and line_id.rpartition(".")[0] not in feature.feature.tags
    ):
        what = f"@{line_id} stands in the feature of {_shown(feature.feature.tags)}."
        yield Finding(
            feature.path, rule.line, "plan-line", what, "move the rule to the feature of its test case."
        )


def _scenario(path: str, scenario: Scenario, known: Vocabulary) -> Iterator[Finding]:
    for tag in scenario.tags:
        reason = _wrong(tag, known)
        if reason:
            yield Finding(
                path, scenario.line, "unknown-tag", f"@{tag} on {scenario.name!r}: {reason}.", "mend the tag."
            )
    yield from _exactly_one(path, scenario, SAFETY, "one-safety")
    yield from _exactly_one(path, scenario, SEVERITIES, "one-severity")


def _exactly_one(path: str, scenario: Scenario, words: frozenset[str], rule: str) -> Iterator[Finding]:
    present = [tag for tag in scenario.all_tags if tag in words]
    if len(present) != 1:
        what = f"{scenario.name!r} has {_shown(present)} of {_shown(sorted(words))}, inherited ones counted."
        yield Finding(path, scenario.line, rule, what, "give it exactly one of them.")


def _wrong(tag: str, known: Vocabulary) -> str:
    """Why the tag may not stand on a scenario; empty when it may."""
    if tag in BANNED:
        return BANNED[tag]
    if tag.startswith(NEEDS):
        names = ", ".join(sorted(known.capabilities))
        return "" if tag.removeprefix(NEEDS) in known.capabilities else f"the capabilities there are: {names}"
    if tag in SEVERITIES or tag in SAFETY or tag == AHEAD:
        return ""
    line = known.lines.get(tag)
    if line is None:
        return "it is no plan line, severity, safety level, @ahead or @needs.… of a known capability"
    return "the line of a rule belongs on the rule" if line.own_scenarios else ""


def _shown(tags: Iterable[str]) -> str:
    return ", ".join(f"@{tag}" for tag in tags) or "none"
