"""The wording rules catch words of tools and errands, and leave the words of the product alone."""

from __future__ import annotations

import pytest

from readiness.lint.gherkin import FeatureFile, parse
from readiness.lint.vocabulary import PlanLine, Vocabulary
from readiness.lint.wording import wording_findings

KNOWN = Vocabulary(
    lines={"TC1.1.1": PlanLine("The image can be built with Docker Compose", own_scenarios=True)},
    test_cases={},
    capabilities=frozenset(),
)


def complaints(
    *, name: str = "s", step: str = "a", background: str = "b", rule_tag: str = "TC9.9.9"
) -> list[str]:
    text = f"""
Feature: f
  Background:
    Given {background}
  @{rule_tag}
  Rule: r
    Scenario: {name}
      Given {step}
"""
    parsed = parse("f.feature", text)
    assert isinstance(parsed, FeatureFile)
    return [finding.what for finding in wording_findings(parsed, KNOWN)]


@pytest.mark.parametrize(
    "sentence",
    [
        "https://shop.example is opened",
        "the page /livez is opened",
        "the visitor sees status 503",
        "the service answers with a 404",
        "Docker restarts the copy",
        "trivy finds nothing",
        "a shell is started in the copy",
        "the process gets a SIGSTOP",
        "Prometheus is asked",
    ],
)
def test_words_of_tools_and_protocols_are_found_everywhere(sentence: str) -> None:
    assert len(complaints(step=sentence)) == 1
    assert len(complaints(name=sentence)) == 1
    assert len(complaints(background=sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "the service answers 200 visitors at once",
        "every page answers within the answer time limit of 500 ms",
        "no layer holds build tools, caches, tests or keys",
        "its own health check allows it",
        "customers and/or partners are served",
        "the scanner finds the hole",
    ],
)
def test_words_of_the_product_are_left_alone(sentence: str) -> None:
    assert complaints(step=sentence) == []


@pytest.mark.parametrize(
    "name", ["Verify the image", "The image should be small", "Test of the image", "It is checked"]
)
def test_errands_are_found_in_names(name: str) -> None:
    assert len(complaints(name=name)) == 1


def test_the_health_check_is_no_errand() -> None:
    assert complaints(name="The health check notices a frozen copy") == []


def test_a_tool_that_the_plan_line_promises_may_be_named() -> None:
    assert complaints(step="the stack starts with docker compose", rule_tag="TC1.1.1") == []
    assert complaints(step="the stack starts with swarm", rule_tag="TC1.1.1") != []
