"""The file of budgets holds every number of the plan, and says where each comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.budgets import FILE, load_budgets
from readiness.config.inventory import PERFORMANCE_LINES
from readiness.core.budgets import Budgets
from tests.unit.config_project import SHIPPED, Project, only_problem_of, problems_of, project_in

ENTRY = """
  - id: {id}
    name: {name}
    lines: [TC1.1.1]
    dimension: duration
    direction: at most
    limit: {limit}
    source: {source}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def written(project: Project, *entries: str) -> Project:
    project.write(FILE, "budgets:" + "".join(entries))
    return project


def entry(id: str = "a", name: str = "a budget", limit: str = "5m", source: str = '"plan: here"') -> str:
    return ENTRY.format(id=id, name=name, limit=limit, source=source)


@pytest.fixture(scope="module")
def shipped() -> Budgets:
    return load_budgets(SHIPPED)


def test_every_performance_criterion_has_its_budget(shipped: Budgets) -> None:
    assert [budget.line for budget in shipped if budget.line.startswith("PC")] == list(PERFORMANCE_LINES)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("container startup", "30 seconds"),
        ("deployment", "5 minutes"),
        ("rollback", "2 minutes"),
        ("scaling", "3 minutes"),
        ("authentication overhead", "10 ms"),
        ("TLS handshake", "500 ms"),
        ("security scan", "10 minutes"),
        ("certificate renewal", "5 minutes"),
        ("metrics collection overhead", "1%"),
        ("alert delivery", "2 minutes"),
        ("log ingestion", "30 seconds"),
        ("dashboard load", "5 seconds"),
        ("memory limit", "512Mi"),
        ("processor limit", "500m"),
        ("fewest replicas", "1 replica"),
        ("most replicas", "10 replicas"),
        ("processor scaling threshold", "70%"),
        ("memory scaling threshold", "80%"),
        ("secret age", "30d"),
        ("requests per minute", "100 requests"),
        ("requests per hour", "1000 requests"),
        ("requests per day", "10000 requests"),
        ("token lifetime", "1h"),
        ("refresh token lifetime", "30d"),
        ("response time alert threshold", "5000ms"),
        ("response time alert window", "5m"),
        ("error rate alert threshold", "5%"),
        ("error rate alert window", "2m"),
        ("throughput alert threshold", "10rps"),
        ("throughput alert window", "10m"),
        ("processor alert threshold", "80%"),
        ("processor alert window", "5m"),
        ("memory alert threshold", "85%"),
        ("memory alert window", "3m"),
        ("disk alert threshold", "90%"),
        ("disk alert window", "1m"),
        ("image size", "500 MB"),
        ("image layer", "20 layers"),
        ("load sample", "100 requests"),
        ("average response time", "1 second"),
        ("95th percentile response time", "5 seconds"),
    ],
)
def test_the_plans_number_is_the_configured_one(shipped: Budgets, name: str, number: str) -> None:
    assert shipped.named(name, number).source.startswith("plan: ")


def test_what_is_not_the_plans_says_why(shipped: Budgets) -> None:
    ours = [budget for budget in shipped if not budget.source.startswith("plan: ")]
    assert len(ours) >= 10
    assert all(budget.source.startswith("ours: ") and len(budget.source) > 80 for budget in ours)


def test_a_limit_of_another_dimension_is_refused_with_what_is_allowed(project: Project) -> None:
    problem = only_problem_of(lambda: load_budgets(written(project, entry(limit="512Mi")).root))
    assert (problem.file, problem.key) == (FILE, "budgets.0")
    assert problem.wrong == "'512Mi' is no duration"
    assert problem.allowed.startswith("a number with ms, s, m, h, d")


def test_an_own_number_without_its_reason_is_refused(project: Project) -> None:
    problem = only_problem_of(lambda: load_budgets(written(project, entry(source="ours")).root))
    assert "has no rationale" in problem.wrong


def test_a_number_from_nowhere_is_refused(project: Project) -> None:
    problem = only_problem_of(lambda: load_budgets(written(project, entry(source="experience")).root))
    assert "has no known source" in problem.wrong


def test_a_number_for_no_line_of_the_plan_is_refused(project: Project) -> None:
    problem = only_problem_of(
        lambda: load_budgets(written(project, entry().replace("[TC1.1.1]", "[TC1.1.1, TC7.1.1]")).root)
    )
    assert (problem.key, problem.wrong) == ("budgets.0.lines.1", "'TC7.1.1' is no line of the plan")


def test_a_number_without_its_unit_is_refused(project: Project) -> None:
    problem = only_problem_of(lambda: load_budgets(written(project, entry(limit="30")).root))
    assert (problem.key, problem.wrong, problem.allowed) == (
        "budgets.0.limit",
        "has a wrong value (30)",
        "a valid string",
    )


def test_repeated_ids_and_names_are_told_beside_other_problems(project: Project) -> None:
    entries = (
        entry(),
        entry(id="b", name="A Budget"),
        entry(name="another"),
        entry(id="c", name="c", limit="x"),
    )
    problems = problems_of(lambda: load_budgets(written(project, *entries).root))
    assert [problem.key for problem in problems] == ["budgets.2.id", "budgets.1.name", "budgets.3"]
