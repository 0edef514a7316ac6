"""`python -m readiness.lint` on a small project: its exit status, its words, the catalogues that it writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import readiness.lint.__main__ as command

FEATURE = """
@TC1.1
Feature: TC1.1 The image is fit
  @TC1.1.4
  Rule: A new copy serves soon
    @normal @readonly
    Scenario: A cold copy serves soon
      Given the release is running
      When a copy starts
      Then it serves within the container startup budget of 30 seconds
"""
STEPS = '''
from behave import given, then, when

from readiness.harness.world import context_world


@given("the release is running")
@when("a copy starts")
def act(context):
    """Look at the copies."""
    context_world(context)


@then("it serves within the {budget:Budget}")
def serves(context, budget):
    """Require a fast start."""
    context_world(context).measure(context_world(context), budget)
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(command.ROOT / "config", tmp_path / "config")
    for folder in ("features/1_containers", "steps", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "features/1_containers/tc1_1_image.feature").write_text(FEATURE)
    (tmp_path / "steps/copies.py").write_text(STEPS)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["lint"])
    return tmp_path


@pytest.mark.usefixtures("project")
def test_a_clean_project_exits_with_0_and_lists_what_is_not_covered(capsys: pytest.CaptureFixture[str]):
    assert command.main() == 0
    words = capsys.readouterr().out
    assert "Not covered yet" in words
    assert "TC1.1.1" in words
    assert "0 findings in 1 features, 1 scenarios, 3 steps." in words


def test_findings_from_every_kind_of_file_exit_with_1(project: Path, capsys: pytest.CaptureFixture[str]):
    feature = project / "features/1_containers/tc1_1_image.feature"
    feature.write_text(FEATURE.replace("30 seconds", "40 seconds").replace("@readonly", ""))
    (project / "steps/copies.py").write_text(
        STEPS.replace("given, then, when", "given, then, when\nimport os")
    )
    assert command.main() == 1
    words = capsys.readouterr().out
    place = "features/1_containers/tc1_1_image.feature"
    assert f"{place}:7: one-safety:" in words
    assert f"{place}:10: budget:" in words
    assert "'40 seconds'" in words
    assert "'30 seconds'" in words
    assert "steps/copies.py:3: step-import:" in words


def test_a_feature_that_cannot_be_read_does_not_hide_the_others(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    (project / "features/1_containers/broken.feature").write_text("Feeture: f")
    assert command.main() == 1
    words = capsys.readouterr().out
    assert "features/1_containers/broken.feature:1: unreadable:" in words
    assert "1 findings in 1 features" in words


def test_a_plan_that_cannot_be_read_exits_with_2(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "config/plan.yaml").write_text("sections: []")
    assert command.main() == 2
    assert "config/plan.yaml" in capsys.readouterr().out


def test_catalogues_are_written_when_asked_for(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["lint", "--write-docs"])
    assert command.main() == 0
    assert "A cold copy serves soon" in (project / "docs/catalogue.md").read_text()
    assert "it serves within the {budget:Budget}" in (project / "docs/steps.md").read_text()
