"""Accepted risks and attestations: two persons, a reason, an end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from readiness.config.attestations import Attestation, load_attestations
from readiness.config.risks import FILE, AcceptedRisk, load_accepted_risks
from tests.unit.config_project import Project, only_problem_of, problems_of, project_in

RISK = {
    "id": "texts",
    "line": "TC3.3.1",
    "owner": "Kim Example",
    "approver": "Lee Example",
    "reason": "The contract begins next month.",
    "accepted_on": "2026-03-02",
    "expires_on": "2026-04-15",
}
ATTESTATION = {
    "line": "TC6.3.3",
    "release": "3f9c1e0a7b21",
    "statement": "The seeded fault was mended in 24 minutes.",
    "author": "Sam Example",
    "signer": "Alex Example",
    "signed_on": "2026-03-03",
    "expires_on": "2026-06-01",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def risks(project: Project, *entries: dict[str, str]) -> tuple[AcceptedRisk, ...]:
    listed = "".join(
        "\n  - " + "\n    ".join(f"{key}: {value}" for key, value in entry.items()) for entry in entries
    )
    project.write(FILE, f"risks:{listed}\n")
    return load_accepted_risks(project.root)


def attestations(project: Project, **files: dict[str, str]) -> tuple[Attestation, ...]:
    for name, entry in files.items():
        text = "".join(f"{key}: {value}\n" for key, value in entry.items())
        project.write(f"config/attestations/{name}.yaml", text)
    return load_attestations(project.root)


def without(entry: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in entry.items() if name != key}


def test_a_risk_with_everything_is_accepted(project: Project) -> None:
    (risk,) = risks(project, RISK | {"gap": "text messages abroad"})
    assert (risk.line, risk.gap, risk.expires_on) == ("TC3.3.1", "text messages abroad", date(2026, 4, 15))


@pytest.mark.parametrize(
    ("today", "in_force"),
    [("2026-03-01", False), ("2026-03-02", True), ("2026-04-15", True), ("2026-04-16", False)],
)
def test_a_risk_counts_from_its_first_to_its_last_day(project: Project, today: str, in_force: bool) -> None:
    (risk,) = risks(project, RISK)
    assert risk.in_force(date.fromisoformat(today)) is in_force


@pytest.mark.parametrize("key", ["id", "line", "owner", "approver", "reason", "accepted_on", "expires_on"])
def test_a_risk_lacks_nothing(project: Project, key: str) -> None:
    problem = only_problem_of(lambda: risks(project, without(RISK, key)))
    assert (problem.file, problem.key, problem.wrong) == (FILE, f"risks.0.{key}", "is missing")


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("line", "TC3.3.9", "'TC3.3.9' is no line of the plan"),
        ("reason", "''", "has a wrong value ('')"),
        ("expires_on", "never", "has a wrong value ('never')"),
        ("expires_on", "2026-02-30", "has a wrong value ('2026-02-30')"),
        ("expires_on", "20260415", "has a wrong value (20260415)"),
        ("expires_on", "null", "has a wrong value (None)"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(project: Project, key: str, value: str, wrong: str) -> None:
    problem = only_problem_of(lambda: risks(project, RISK | {key: value}))
    assert (problem.key, problem.wrong) == (f"risks.0.{key}", wrong)


@pytest.mark.parametrize("approver", ["Kim Example", "kim  example", " KIM EXAMPLE "])
def test_nobody_approves_their_own_risk(project: Project, approver: str) -> None:
    problem = only_problem_of(lambda: risks(project, RISK | {"approver": approver}))
    assert problem.allowed == "an approver who is not the owner"


def test_a_risk_ends_after_it_began(project: Project) -> None:
    problem = only_problem_of(lambda: risks(project, RISK | {"expires_on": "2026-03-01"}))
    assert problem.wrong == "it expires on 2026-03-01, before it was accepted"


def test_all_risks_are_looked_at(project: Project) -> None:
    problems = problems_of(
        lambda: risks(project, without(RISK, "owner"), RISK | {"line": "X"}, RISK | {"id": "other"})
    )
    assert [problem.key for problem in problems] == ["risks.1.id", "risks.0.owner", "risks.1.line"]


def test_an_attestation_counts_for_its_release_and_its_time(project: Project) -> None:
    (attestation,) = attestations(project, one=ATTESTATION)
    release = ("3f9c1e0a7b21", "sha256:3f9c1e0a7b21")
    assert attestation.in_force(date(2026, 3, 3), release)
    assert attestation.in_force(date(2026, 6, 1), release)
    assert not attestation.in_force(date(2026, 6, 2), release)
    assert not attestation.in_force(date(2026, 3, 2), release)
    assert not attestation.in_force(date(2026, 4, 1), ("another",))


@pytest.mark.parametrize("key", list(ATTESTATION))
def test_an_attestation_lacks_nothing(project: Project, key: str) -> None:
    problem = only_problem_of(lambda: attestations(project, one=without(ATTESTATION, key)))
    assert (problem.file, problem.key, problem.wrong) == ("config/attestations/one.yaml", key, "is missing")


def test_nobody_signs_their_own_statement(project: Project) -> None:
    problem = only_problem_of(lambda: attestations(project, one=ATTESTATION | {"signer": "sam example"}))
    assert problem.allowed == "a signer who is not the author"


def test_an_attestation_ends_after_it_was_signed(project: Project) -> None:
    problem = only_problem_of(lambda: attestations(project, one=ATTESTATION | {"expires_on": "2026-03-02"}))
    assert problem.wrong == "it expires on 2026-03-02, before it was signed"


def test_the_files_of_all_attestations_are_looked_at(project: Project) -> None:
    bad, worse = without(ATTESTATION, "line"), ATTESTATION | {"line": "TC0"}
    problems = problems_of(lambda: attestations(project, a=bad, b=ATTESTATION, c=worse))
    assert [(problem.file, problem.key) for problem in problems] == [
        ("config/attestations/a.yaml", "line"),
        ("config/attestations/c.yaml", "line"),
    ]
