"""Each rule for feature files catches a bad feature and leaves a good one alone."""

from __future__ import annotations

import pytest

from readiness.lint.feature_rules import feature_findings, repeated_names
from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, parse

GOOD = """
@TC1.1
Feature: TC1.1 The image is fit

  What we ship is what we examined: no more, no less.

  Background:
    Given the release is running

  @TC1.1.1
  Rule: The image holds what it needs

    @normal @readonly
    Scenario: The image is small
      Given the image was built
      When the image is weighed
      Then the image is small
      But it is not empty

    @normal @readonly
    Scenario Outline: The image builds on <base>
      When the image is built on <base>
      Then it works

      Examples:
        | base |
        | slim |
        | tiny |
"""


def feature(text: str) -> FeatureFile:
    parsed = parse("features/f.feature", text)
    assert isinstance(parsed, FeatureFile), parsed
    return parsed


def rules_broken(text: str) -> list[str]:
    return [finding.rule for finding in feature_findings(feature(text))]


def scenario(*steps: str) -> str:
    return "\n".join(["Feature: f", "  Rule: r", "    Scenario: s", *steps])


def test_a_good_feature_has_no_finding() -> None:
    assert list(feature_findings(feature(GOOD))) == []
    assert list(repeated_names([feature(GOOD)])) == []


def test_outlines_are_expanded_to_what_runs() -> None:
    names = [each.name for each in feature(GOOD).scenarios]
    assert names == ["The image is small", "The image builds on slim", "The image builds on tiny"]


def test_scenarios_know_the_tags_they_inherit() -> None:
    first = feature(GOOD).scenarios[0]
    assert first.inherited == ("TC1.1", "TC1.1.1")
    assert first.tags == ("normal", "readonly")


@pytest.mark.parametrize("text", ["", "Feeture: f", "Feature: f\n  Scenario: s\n    Given a\n    Wenn b"])
def test_what_behave_cannot_read_is_a_finding(text: str) -> None:
    found = parse("features/f.feature", text)
    assert isinstance(found, Finding)
    assert found.rule == "unreadable"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Feature: f\n  Scenaario: s\n    Given a", 2),
        ("Feature: f\n\n  As a reader\n  Background s: x", 4),
        ("Feature: f\n  Rule: r\n    Scenari: s", 3),
        ("Feature: f\n  Scenario: s\n    Wehn a\n    Given b\n    Then c", 3),
        ("Feature: f\n  Background:\n    Givn a\n  Scenario: s\n    Given b\n    When c\n    Then d", 3),
    ],
)
def test_a_misspelt_keyword_is_found_where_behave_takes_it_for_description(text: str, line: int) -> None:
    found = [finding for finding in feature_findings(feature(text)) if finding.rule == "swallowed-line"]
    assert [finding.line for finding in found] == [line]


def test_prose_under_a_scenario_is_allowed() -> None:
    text = scenario(
        "      A visitor who pays twice is angry.", "      Given a", "      When b", "      Then c"
    )
    assert rules_broken(text) == []


def test_a_scenario_without_steps_of_its_own_is_found() -> None:
    text = "Feature: f\n  Background:\n    Given a\n  Rule: r\n    Scenario: s"
    assert rules_broken(text) == ["empty-scenario"]


def test_a_rule_without_scenario_is_found() -> None:
    assert rules_broken("Feature: f\n  Rule: r") == ["empty-rule"]


def test_an_outline_without_rows_is_found() -> None:
    text = "Feature: f\n  Rule: r\n    Scenario Outline: <x>\n      Given <x>\n      Examples:\n        | x |"
    assert "no-examples" in rules_broken(text)


def test_a_scenario_that_judges_nothing_is_found() -> None:
    assert rules_broken(scenario("Given a", "Given b", "When c")) == ["no-then"]


@pytest.mark.parametrize("second", ["When c", "And c"])
def test_two_acts_are_found(second: str) -> None:
    assert rules_broken(scenario("Given a", "When b", second, "Then d")) == ["one-when"]


@pytest.mark.parametrize(
    "steps",
    [("When a", "Given b", "Then c"), ("Then a", "When b", "Then c"), ("Given a", "Then b", "When c")],
)
def test_a_mixed_order_is_found(steps: tuple[str, ...]) -> None:
    assert rules_broken(scenario(*steps)) == ["step-order"]


@pytest.mark.parametrize("count", [1, 6])
def test_too_few_and_too_many_steps_are_found(count: int) -> None:
    assert rules_broken(scenario("When a", *["Then b"] * count)) == ["length"]


def test_an_act_in_the_background_is_found() -> None:
    text = "Feature: f\n  Background:\n    Given a\n    When b\n  Rule: r\n    Scenario: s\n      Then c"
    assert rules_broken(text) == ["background"]


def test_a_name_that_stands_in_two_files_is_found() -> None:
    text = scenario("Given a", "When b", "Then c")
    other = parse("features/g.feature", text.replace("Scenario: s", "Scenario: S"))
    assert isinstance(other, FeatureFile)
    found = list(repeated_names([feature(text), other]))
    assert [(finding.file, finding.rule) for finding in found] == [("features/g.feature", "repeated-name")]


def test_rows_of_an_outline_that_run_under_one_name_are_found() -> None:
    text = GOOD.replace("builds on <base>", "builds", 1)
    assert {finding.rule for finding in repeated_names([feature(text)])} == {"repeated-name"}
