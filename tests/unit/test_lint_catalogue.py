"""The catalogues say what proves each line, and loudly what proves nothing; they know when they are stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.plan import Plan
from readiness.core.budgets import Budget, Budgets, Direction
from readiness.core.units import Dimension
from readiness.core.units import parse as quantity
from readiness.lint.catalogue import cases, catalogues, stale
from readiness.lint.gherkin import FeatureFile, parse
from readiness.lint.step_matching import load_steps
from readiness.lint.tree import Specification, not_covered

PLAN = {
    "sections": [
        {
            "id": "TC1",
            "title": "Containers",
            "groups": [
                {
                    "id": "TC1.1",
                    "title": "The image",
                    "lines": [
                        {"id": "TC1.1.1", "text": "The image is small.", "disposition": "automated"},
                        {"id": "TC1.1.2", "text": "The image is safe.", "disposition": "automated"},
                        {"id": "TC1.1.3", "text": "People know the image.", "disposition": "attested"},
                    ],
                }
            ],
        },
        {
            "id": "PC",
            "title": "Criteria",
            "groups": [
                {
                    "id": "PC1",
                    "title": "Speed",
                    "lines": [
                        {
                            "id": "PC1.1",
                            "text": "Copies start soon.",
                            "disposition": "measured",
                            "budget": "startup",
                            "measured_by": ["TC1.1.1"],
                        }
                    ],
                }
            ],
        },
    ]
}
FEATURE = """
@TC1.1
Feature: TC1.1 The image
  @TC1.1.1
  Rule: The image holds little
    @normal @readonly
    Scenario: The image is weighed and found light
      Then the image is small
"""
STEP = '''
from behave import then

@then("the image is small")
def small(context):
    """Require a small image."""
'''


@pytest.fixture
def specification(tmp_path: Path) -> Specification:
    for folder in ("steps", "docs", "defects/TC1.1.1"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "steps" / "big_images.py").write_text(STEP)
    (tmp_path / "defects/TC1.1.1/fat.yaml").write_text("name: fat\nkind: defect\nchange: {}\n")
    (tmp_path / "defects/TC1.1.1/unseeded.yaml").write_text(
        "name: unseeded\nkind: defect\ncannot_seed: why\n"
    )
    feature = parse("features/f.feature", FEATURE)
    assert isinstance(feature, FeatureFile)
    limit = quantity("30 seconds", Dimension.DURATION)
    budget = Budget(
        "startup", ("PC1.1",), "container startup", limit, "30 seconds", Direction.LESS_THAN, "plan"
    )
    plan = Plan.model_validate(PLAN, strict=False)
    return Specification(tmp_path, plan, Budgets((budget,)), (feature,), (), load_steps(tmp_path))


def test_the_plan_catalogue_names_rule_scenarios_and_cases(specification: Specification) -> None:
    catalogue = catalogues(specification)["docs/catalogue.md"]
    assert "- Rule: The image holds little (`features/f.feature`)" in catalogue
    assert "  - The image is weighed and found light *(normal, readonly)*" in catalogue
    assert "- Defects that it must catch: fat\n- Decoys that it must leave alone: **NONE YET**" in catalogue


def test_only_cases_that_can_be_seeded_count(specification: Specification) -> None:
    assert cases(specification.root, "TC1.1.1", "defect") == ["fat"]


def test_a_line_without_scenario_is_said_loudly(specification: Specification) -> None:
    catalogue = catalogues(specification)["docs/catalogue.md"]
    assert not_covered(specification) == ["TC1.1.2"]
    assert "**Lines that no scenario proves yet: 1.**" in catalogue
    assert "**TC1.1.2** The image is safe.\n- **NO SCENARIO YET: not verified**" in catalogue


def test_lines_that_no_scenario_has_to_prove_say_what_they_stand_on(specification: Specification) -> None:
    catalogue = catalogues(specification)["docs/catalogue.md"]
    assert "- measured by TC1.1.1: container startup less than 30 seconds" in catalogue
    assert "- stands on a signed statement" in catalogue


def test_the_step_catalogue_shows_each_sentence_with_its_meaning(specification: Specification) -> None:
    catalogue = catalogues(specification)["docs/steps.md"]
    assert "## big images\n\n- **Then** the image is small  \n  Require a small image.\n" in catalogue


def test_catalogues_are_stale_until_they_are_written(specification: Specification) -> None:
    assert stale(specification) == ["docs/steps.md", "docs/catalogue.md"]
    for file, text in catalogues(specification).items():
        (specification.root / file).write_text(text)
    assert stale(specification) == []
