"""Sentences and steps must meet: undefined, unused and ambiguous steps and drifted limits are found without running anything."""

from __future__ import annotations

from pathlib import Path

from readiness.core.budgets import Budget, Budgets, Direction
from readiness.core.units import Dimension
from readiness.core.units import parse as quantity
from readiness.harness.steps import register_types
from readiness.lint.gherkin import FeatureFile, parse
from readiness.lint.step_matching import load_steps, matching_findings

BUDGETS = Budgets(
    (
        Budget(
            id="startup",
            lines=("TC1.1.4",),
            name="container startup",
            limit=quantity("30 seconds", Dimension.DURATION),
            limit_text="30 seconds",
            direction=Direction.LESS_THAN,
            source="plan",
        ),
    )
)
STEPS = '''
from behave import given, then

@given("the release is running")
def running(context):
    """Requires the release."""

@then("a copy serves within the {budget:Budget}")
def serves(context, budget):
    """Requires the start to be fast."""
'''


def rules_broken(root: Path, *sentences: str, steps: str = STEPS) -> list[str]:
    register_types(lambda: BUDGETS)
    (root / "steps").mkdir()
    (root / "steps" / "copies.py").write_text(steps)
    text = "\n".join(["Feature: f", "  Scenario: s", *sentences])
    feature = parse("features/f.feature", text)
    assert isinstance(feature, FeatureFile)
    library = load_steps(root)
    found = [*library.findings, *matching_findings([feature], library)]
    return [finding.rule for finding in found]


GIVEN = "Given the release is running"
THEN = "Then a copy serves within the container startup budget of 30 seconds"


def test_sentences_and_steps_that_meet_have_no_finding(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN) == []


def test_a_sentence_without_a_step_is_found(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN, "And nobody notices") == ["undefined-step"]


def test_a_step_does_not_serve_another_keyword(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN, "Then the release is running") == ["undefined-step"]


def test_a_step_without_a_sentence_is_found(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, THEN) == ["unused-step"]


def test_a_sentence_with_two_steps_is_found(tmp_path: Path) -> None:
    second = (
        '\n@given("the {thing} is running")\ndef thing_runs(context, thing):\n    """Requires a thing."""\n'
    )
    assert rules_broken(tmp_path, GIVEN, THEN, steps=STEPS + second) == ["ambiguous-step"]


def test_a_limit_that_differs_from_its_budget_is_found(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN.replace("30", "31")) == ["budget"]


def test_a_limit_that_no_budget_has_is_found(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN.replace("startup", "arrival")) == ["budget"]


def test_a_limit_that_the_step_does_not_compare_is_found(tmp_path: Path) -> None:
    untyped = STEPS.replace("{budget:Budget}", "{budget}")
    assert rules_broken(tmp_path, GIVEN, THEN, steps=untyped) == ["budget"]


def test_a_step_file_that_cannot_be_loaded_is_a_finding(tmp_path: Path) -> None:
    broken = "import no_such_module\n"
    assert rules_broken(tmp_path, steps=broken) == ["step-file"]


def test_a_step_knows_where_it_stands_and_what_it_says(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, GIVEN, THEN) == []
    first, second = load_steps(tmp_path).definitions
    assert (first.kind, first.file, first.docstring) == ("given", "steps/copies.py", "Requires the release.")
    assert (second.pattern, second.line) == ("a copy serves within the {budget:Budget}", 8)
