"""Each rule for tags catches a bad feature and leaves a good one alone."""

from __future__ import annotations

import pytest

from readiness.lint.gherkin import FeatureFile, parse
from readiness.lint.tag_rules import repeated_lines, tag_findings
from readiness.lint.vocabulary import PlanLine, Vocabulary

PATH = "features/1_containers/tc1_1_image.feature"
KNOWN = Vocabulary(
    lines={
        "TC1.1.1": PlanLine("The image is small", own_scenarios=True),
        "TC1.2.1": PlanLine("Services find each other", own_scenarios=True),
        "PH2.3.1": PlanLine("Logs are brought together", own_scenarios=True),
        "PH2.1.4": PlanLine("Dashboards are soon there", own_scenarios=True),
        "PC1.1": PlanLine("Copies start in time", own_scenarios=False),
    },
    test_cases={"TC1.1": "Image", "TC1.2": "Network", "PH2.3": "Logs"},
    capabilities=frozenset({"containers", "door"}),
)
GOOD = """
@TC1.1
Feature: TC1.1 The image is fit

  @TC1.1.1
  Rule: The image is small

    @critical @readonly @needs.containers @PC1.1
    Scenario: It is weighed
      Given a
"""


def feature(text: str, path: str = PATH) -> FeatureFile:
    parsed = parse(path, text)
    assert isinstance(parsed, FeatureFile), parsed
    return parsed


def rules_broken(old: str, new: str, path: str = PATH) -> list[str]:
    assert old in GOOD
    return [finding.rule for finding in tag_findings(feature(GOOD.replace(old, new), path), KNOWN)]


def test_good_tags_have_no_finding() -> None:
    assert list(tag_findings(feature(GOOD), KNOWN)) == []
    assert list(repeated_lines([feature(GOOD)], KNOWN)) == []


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("features/3_monitoring/ph2_3_logs.feature", []),
        ("features/3_monitoring/tc2_3_logs.feature", ["file-name"]),
    ],
)
def test_a_step_of_a_phase_with_scenarios_of_its_own_has_a_feature_where_it_fits(
    path: str, broken: list[str]
) -> None:
    text = GOOD.replace("TC1.1.1", "PH2.3.1").replace("TC1.1", "PH2.3")
    assert [finding.rule for finding in tag_findings(feature(text, path), KNOWN)] == broken


@pytest.mark.parametrize(
    "tag", ["wip", "skip", "critcal", "needs.magic", "TC9.9.9", "TC1.1.1", "safety:readonly"]
)
def test_tags_that_mean_nothing_here_are_found(tag: str) -> None:
    assert rules_broken("@PC1.1", f"@{tag}") == ["unknown-tag"]


@pytest.mark.parametrize("tags", ["@critical", "@critical @readonly @disruptive", "@critical @load @load"])
def test_a_scenario_has_exactly_one_safety_level(tags: str) -> None:
    assert rules_broken("@critical @readonly", tags) == ["one-safety"]


@pytest.mark.parametrize("tags", ["@readonly", "@minor @blocker @readonly"])
def test_a_scenario_has_exactly_one_severity(tags: str) -> None:
    assert rules_broken("@critical @readonly", tags) == ["one-severity"]


def test_inherited_safety_counts() -> None:
    assert "one-safety" in rules_broken("@TC1.1.1\n", "@TC1.1.1 @disruptive\n")


@pytest.mark.parametrize("tags", ["", "@TC1.1.9", "@PC1.1", "@TC1.2.1", "@TC1.1.1 @TC1.2.1"])
def test_a_rule_names_the_one_plan_line_that_it_proves(tags: str) -> None:
    assert rules_broken("@TC1.1.1", tags) == ["plan-line"]


def test_a_rule_may_prove_a_line_that_no_test_case_covers() -> None:
    assert rules_broken("@TC1.1.1", "@PH2.1.4") == []


@pytest.mark.parametrize("tags", ["", "@TC9.9", "@TC1.1 @TC1.2", "@TC1.1 @readonly"])
def test_a_feature_names_its_one_test_case(tags: str) -> None:
    assert "test-case" in rules_broken("@TC1.1\n", f"{tags}\n")


@pytest.mark.parametrize(
    "path",
    ["features/image.feature", "features/2_security/tc1_1_image.feature", "features/1_c/tc1_2_image.feature"],
)
def test_the_file_is_named_after_its_test_case(path: str) -> None:
    assert rules_broken("@TC1.1", "@TC1.1", path) == ["file-name"]


def test_the_feature_is_named_after_its_test_case() -> None:
    assert rules_broken("Feature: TC1.1 ", "Feature: ") == ["feature-name"]


def test_a_scenario_outside_every_rule_is_found() -> None:
    assert "no-rule" in rules_broken("  @TC1.1.1\n  Rule: The image is small\n", "")


def test_a_plan_line_with_two_rules_is_found() -> None:
    twice = feature(GOOD + "\n  @TC1.1.1\n  Rule: Again\n")
    assert [finding.rule for finding in repeated_lines([twice], KNOWN)] == ["repeated-line"]


def test_a_test_case_with_two_features_is_found() -> None:
    other = feature(GOOD.replace("@TC1.1.1", "@PH2.3.1"), "features/1_containers/tc1_1_again.feature")
    assert [finding.file for finding in repeated_lines([feature(GOOD), other], KNOWN)] == [other.path]
