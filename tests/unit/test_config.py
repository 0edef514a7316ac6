"""The shipped configuration loads; a spoilt one is refused before anything runs, with every problem at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readiness.config.configuration import configuration_hash, load_configuration
from readiness.config.documents import read_document
from readiness.config.inventory import EXPECTED_LINES
from readiness.config.target import load_target
from tests.unit.config_project import (
    SHIPPED,
    SMALLEST_TARGET,
    Project,
    only_problem_of,
    problems_of,
    project_in,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def test_the_shipped_configuration_is_complete() -> None:
    configuration = load_configuration(SHIPPED, "local")
    assert {line.id for line in configuration.plan.lines} == set(EXPECTED_LINES)
    assert configuration.target.name == "local"
    assert configuration.accepted_risks == ()
    assert configuration.budgets.by_id("container_startup").sentence() == "less than 30 seconds"


def test_the_shipped_example_of_a_remote_target_loads_when_its_address_is_told() -> None:
    environment = {"READINESS_URL": "https://api.example.org"}
    target = load_configuration(SHIPPED, "remote", environment).target
    assert target.door.url == "https://api.example.org"
    assert not target.allows.load
    assert not target.allows.disruption


def test_problems_of_all_files_are_reported_together(project: Project) -> None:
    project.change("config/plan.yaml", "disposition: automated", "disposition: automatic")
    project.change("config/budgets.yaml", "limit: 30 seconds", "limit: 30 parsecs")
    project.change("config/targets/local.yaml", "kind: swarm", "kind: swamp")
    project.write("config/accepted_risks.yaml", "risks: none\n")
    project.write("config/attestations/one.yaml", "line: TC6.3.3\n")
    project.write("config/policies/broken.yaml", "headers: [\n")
    problems = problems_of(lambda: load_configuration(project.root, "local"))
    assert {problem.file for problem in problems} == {
        "config/plan.yaml",
        "config/budgets.yaml",
        "config/targets/local.yaml",
        "config/accepted_risks.yaml",
        "config/attestations/one.yaml",
        "config/policies/broken.yaml",
    }
    assert all(problem.wrong and problem.allowed for problem in problems)


def test_a_measured_line_needs_a_budget_that_exists(project: Project) -> None:
    project.change("config/plan.yaml", "budget: container_startup", "budget: container_start")
    problem = only_problem_of(lambda: load_configuration(project.root, "local"))
    assert (problem.file, problem.key) == ("config/plan.yaml", "PC1.1")
    assert "'container_start'" in problem.wrong


def test_a_measured_line_needs_a_budget_of_its_own(project: Project) -> None:
    project.change("config/plan.yaml", "budget: container_startup", "budget: rollback")
    problem = only_problem_of(lambda: load_configuration(project.root, "local"))
    assert "belongs to PC1.3, TC6.1.3" in problem.wrong


def test_nobody_can_accept_or_rule_out_a_computed_line(project: Project) -> None:
    project.write("config/accepted_risks.yaml", f"risks: [{{{RISK.replace('TC3.3.1', 'SC1.1')}}}]\n")
    project.change(
        "config/targets/local.yaml",
        "not_applicable:",
        "not_applicable:\n  - {line: RM1.4, reason: none, declared_by: Jo}",
    )
    risk, ruled_out = problems_of(lambda: load_configuration(project.root, "local"))
    assert (risk.key, risk.wrong) == ("risks.0.line", "SC1.1 is computed from other lines")
    assert (ruled_out.key, ruled_out.allowed) == ("not_applicable.0.line", "TC1.1.3, TC1.2.4, TC3.2.3")


RISK = (
    "id: r, line: TC3.3.1, owner: A, approver: B, reason: C, accepted_on: 2026-01-01, expires_on: 2026-02-01"
)


@pytest.mark.parametrize("name", ["container_startup", "image_size", "nosuch"])
def test_only_windows_run_faster_never_the_performance_criteria(project: Project, name: str) -> None:
    project.change("config/targets/local.yaml", "patience:", f"time_compression: {{{name}: 60}}\npatience:")
    problem = only_problem_of(lambda: load_configuration(project.root, "local"))
    assert problem.key == f"time_compression.{name}"
    assert "token_lifetime" in problem.allowed


def test_the_hash_follows_the_content_and_neither_place_nor_layout(project: Project) -> None:
    def current() -> str:
        return configuration_hash(load_configuration(project.root, "local"))

    shipped = configuration_hash(load_configuration(SHIPPED, "local"))
    assert current() == shipped
    project.change("config/budgets.yaml", "limit: 30 seconds", "limit:   30 seconds  # half a minute")
    assert current() == shipped
    seen = {shipped}
    for file, old, new in (
        ("config/budgets.yaml", "limit: 30 seconds", "limit: 31 seconds"),
        ("config/plan.yaml", "text: The shipped image", "text: An image"),
        ("config/targets/local.yaml", "load: true", "load: false"),
    ):
        project.change(file, old, new)
        seen.add(current())
    project.write("config/accepted_risks.yaml", f"risks: [{{{RISK}}}]\n")
    seen.add(current())
    project.write("config/policies/headers.yaml", "headers: [Content-Security-Policy]\n")
    seen.add(current())
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("text", "key", "wrong"),
    [
        ("a: [1\n", "line 2", "expected ',' or ']'"),
        ("a: 1\nb: 2\na: 3\n", "line 3", "the key 'a' stands here again"),
        ("a: {x: 1,\n x: 2}\n", "line 2", "the key 'x' stands here again"),
        ("a: 1\non: 2\n", "line 2", "a key that is no text"),
        ("- a\n- b\n", "line 1", "the file holds no mapping"),
        ("", "line 1", "the file holds no mapping"),
        ("a: &x 1\nb: *x\n", "line 2", "an alias"),
        ("a: !!python/object:os.system 1\n", "line 1", "could not determine a constructor"),
        ("a: \x07\n", "file", "special characters are not allowed"),
    ],
)
def test_what_yaml_would_let_pass_or_break_on_is_told_with_its_line(
    tmp_path: Path, text: str, key: str, wrong: str
) -> None:
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    problem = only_problem_of(lambda: read_document(tmp_path, "file.yaml"))
    assert (problem.file, problem.key) == ("file.yaml", key)
    assert wrong in problem.wrong


def test_every_repeated_key_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_text("a: 1\na: 2\nb: 3\nb: 4\n", encoding="utf-8")
    problems = problems_of(lambda: read_document(tmp_path, "file.yaml"))
    assert [problem.key for problem in problems] == ["line 2", "line 4"]


def test_a_file_that_is_not_there_or_is_no_text_is_a_problem(tmp_path: Path) -> None:
    missing = only_problem_of(lambda: read_document(tmp_path, "file.yaml"))
    assert missing.wrong == f"cannot be read: {os.strerror(2)}"
    (tmp_path / "file.yaml").write_bytes(b"\xff\xfe\x00")
    assert (
        only_problem_of(lambda: read_document(tmp_path, "file.yaml")).wrong
        == "cannot be read: not UTF-8 text"
    )


def test_a_profile_may_lie_anywhere_when_its_file_is_named(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(SMALLEST_TARGET, encoding="utf-8")

    assert load_target(project.root, str(elsewhere)).name == "small"
