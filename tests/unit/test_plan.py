"""The plan is complete, numbered as it should be, and says of each line how it comes to its verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from readiness.config.inventory import EXPECTED_LINES, TEST_LINES
from readiness.config.plan import FILE, Disposition, Plan, load_plan
from readiness.core.errors import Problem
from tests.unit.config_project import SHIPPED, Project, only_problem_of, problems_of, project_in

LAST_OF_TC111 = "is one more way in.\n            disposition: automated\n"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(SHIPPED)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def refused(project: Project, old: str, new: str) -> Problem:
    """The only problem after a change of the plan."""
    project.change(FILE, old, new)
    return only_problem_of(lambda: load_plan(project.root))


def test_the_plan_has_its_148_lines() -> None:
    kinds = Counter(line[:2] for line in EXPECTED_LINES)
    assert kinds == {"TC": 72, "PH": 36, "PC": 12, "SC": 16, "RM": 12}
    assert len(EXPECTED_LINES) == 148
    assert TEST_LINES[0] == "TC1.1.1"
    assert TEST_LINES[-1] == "TC6.3.4"


def test_the_shipped_plan_has_them_all_in_their_order(plan: Plan) -> None:
    assert sorted(line.id for line in plan.lines) == sorted(EXPECTED_LINES)
    tests = [line.id for line in plan.lines if line.id.startswith("TC")]
    assert tests == list(TEST_LINES)


def test_each_line_is_a_claim_of_its_own(plan: Plan) -> None:
    texts = [line.text for line in plan.lines]
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if not text.endswith(".") or len(text.split()) < 4]
    assert not [text for text in texts if text.split()[0] in ("Test", "Verify", "Confirm", "Validate")]


def test_every_line_that_is_looked_at_says_what_customers_have_to_bear_otherwise(plan: Plan) -> None:
    looked_at = [line for line in plan.lines if line.disposition is not Disposition.COMPUTED]
    told = [line.otherwise or "" for line in looked_at]
    assert [line.id for line in looked_at if not line.otherwise] == []
    assert len(set(told)) == len(told)
    assert not [text for text in told if not text.endswith(".") or len(text.split()) < 6]


def test_a_computed_line_has_no_sentence_of_its_own_on_what_it_means(project: Project) -> None:
    old = "            text: Break-in attempts are seen and reported.\n"
    problem = refused(project, old, f"{old}            otherwise: Customers suffer.\n")
    assert problem.wrong == "PH1.2.4 is computed"


def test_reports_find_titles_by_the_id_of_a_line_or_a_group(plan: Plan) -> None:
    assert plan.section_of("TC1.1.3").title == "Containers and infrastructure"
    assert plan.group_of("TC1.1.3").id == "TC1.1"
    assert plan.group_of("TC1.1").title == "The container image"
    assert plan.section_of("PC2.3").id == "PC"
    assert plan.group_of("PH1.3.2").planned == 2 * 3600
    with pytest.raises(KeyError):
        plan.group_of("TC9.9.9")
    with pytest.raises(KeyError):
        plan.line("TC9.9.9")


def test_every_test_line_and_every_budget_counts_for_success(plan: Plan) -> None:
    counted = {each for line in plan.lines if line.id.startswith("SC") for each in line.rests_on}
    for line in plan.lines:
        if line.id.startswith(("TC", "PC")):
            used = [other.id for other in plan.lines if line.id in other.rests_on]
            assert line.id in counted or used, f"{line.id} counts for nothing"


def test_what_no_test_line_covers_has_scenarios_of_its_own(plan: Plan) -> None:
    own = [
        line.id
        for line in plan.lines
        if line.disposition is Disposition.AUTOMATED and line.id not in TEST_LINES
    ]
    assert own == ["PH2.1.4", "PH2.3.1", "PH2.3.2", "PH2.3.3", "PH2.3.4", "RM1.1"]


def test_a_missing_line_is_told_by_its_id(project: Project) -> None:
    text = (project.root / FILE).read_text(encoding="utf-8")
    start = text.index("          - id: TC1.1.2")
    end = text.index("          - id: TC1.1.3")
    project.write(FILE, text[:start] + text[end:])
    problem = only_problem_of(lambda: load_plan(project.root))
    assert (problem.key, problem.wrong) == ("sections", "1 lines are missing: TC1.1.2")


def test_a_line_that_stands_there_twice_leaves_another_missing(project: Project) -> None:
    project.change(FILE, "id: TC1.1.2", "id: TC1.1.1")
    repeated, missing = problems_of(lambda: load_plan(project.root))
    assert (repeated.key, repeated.wrong) == ("lines.1.id", "'TC1.1.1' stands at lines.0 already")
    assert missing.wrong == "1 lines are missing: TC1.1.2"


def test_an_unknown_line_is_refused(project: Project) -> None:
    project.change(FILE, "id: TC1.1.2", "id: TC1.1.5")
    missing, unknown = problems_of(lambda: load_plan(project.root))
    assert missing.wrong == "1 lines are missing: TC1.1.2"
    assert (unknown.key, unknown.wrong) == (
        "sections.0.groups.0.lines.1.id",
        "'TC1.1.5' is no line of the plan",
    )


def test_a_line_in_the_wrong_group_is_refused(project: Project) -> None:
    project.change(FILE, "- id: TC1.1.4", "- id: TC1.2.9")
    project.change(FILE, "- id: TC1.2.1", "- id: TC1.1.4")
    project.change(FILE, "- id: TC1.2.9", "- id: TC1.2.1")
    first, second = problems_of(lambda: load_plan(project.root))
    assert first.wrong == "TC1.2.1 stands in TC1.1"
    assert second.wrong == "TC1.1.4 stands in TC1.2"


def test_a_group_in_the_wrong_section_is_refused(project: Project) -> None:
    problems = refused_all(project, "- id: TC1.3\n", "- id: TC2.4\n")
    assert "TC2.4 stands in TC1" in [problem.wrong for problem in problems]


def refused_all(project: Project, old: str, new: str) -> tuple[Problem, ...]:
    project.change(FILE, old, new)
    return problems_of(lambda: load_plan(project.root))


def test_a_line_cannot_rest_on_an_unknown_one(project: Project) -> None:
    problem = refused(project, "rolls_up: [TC2.3.3]", "rolls_up: [TC2.3.3, TC2.3.9]")
    assert problem.key.endswith("lines.3.rolls_up.1")
    assert problem.wrong == "'TC2.3.9' is no line of the plan"


def test_lines_cannot_rest_on_each_other_in_a_circle(project: Project) -> None:
    project.change(FILE, "rolls_up: [TC1.1.1, TC1.1.2, TC1.1.3, TC1.1.4]", "rolls_up: [RM1.4]")
    problem = refused(project, "rolls_up: [TC1.1.3, TC1.2.4, TC3.2.3]", "rolls_up: [PH1.1.1]")
    assert "PH1.1.1" in problem.wrong
    assert "RM1.4" in problem.wrong


@pytest.mark.parametrize(
    ("disposition", "wrong"),
    [
        ("disposition: computed\n            rolls_up: [TC1.1.2]", "TC1.1.1 cannot be computed"),
        ("disposition: automated\n            rolls_up: [TC1.1.2]", "TC1.1.1 is automated"),
        ("disposition: automated\n            budget: rollback", "TC1.1.1 is automated"),
    ],
)
def test_a_test_line_has_scenarios_and_nothing_else(project: Project, disposition: str, wrong: str) -> None:
    new = LAST_OF_TC111.replace("disposition: automated", disposition)
    problem = refused(project, LAST_OF_TC111, new)
    assert (problem.key, problem.wrong) == ("sections.0.groups.0.lines.0", wrong)


def test_a_computed_line_says_from_what(project: Project) -> None:
    problem = refused(project, "            rolls_up: [TC2.3.3]\n", "")
    assert problem.wrong == "PH1.2.4 is computed"
    assert problem.allowed == "rolls_up on every computed line, no other"


def test_a_measured_line_says_by_which_budget_and_lines(project: Project) -> None:
    problem = refused(project, "            measured_by: [TC1.1.4]\n", "")
    assert problem.wrong == "PC1.1 is measured"
    assert problem.allowed == "budget and measured_by on every measured line, no other"


def test_a_mistyped_key_is_answered_with_the_known_ones(project: Project) -> None:
    problem = refused(
        project, "            budget: rollback\n", "            budget: rollback\n            budge: x\n"
    )
    assert problem.wrong == "is not a known key"
    assert (
        problem.allowed == "one of the keys id, text, otherwise, disposition, budget, measured_by, rolls_up"
    )
