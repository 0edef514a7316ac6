"""Secrets in a target profile are references, and one in the wrong place is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.secrets import SecretReference
from readiness.core.errors import CapabilityMissing
from tests.unit.config_project import Project, only_problem_of, project_in, small_target


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


@pytest.mark.parametrize(
    "literal",
    [
        "password: hunter2",
        "token: 12345",
        "note: sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "note: AKIAIOSFODNN7EXAMPLE",
        'note: "Bearer c2VjcmV0LXZhbHVlLWhlcmU="',
        "note: 3b1f9c0d5e7a4b2c8d6f0a1e9c7b5d3f",
        'note: "postgres://whoop:hunter2@db/whoop"',
        'note: "-----BEGIN PRIVATE KEY-----"',
    ],
)
def test_a_secret_in_a_profile_is_noticed_and_never_shown(project: Project, literal: str) -> None:
    body = literal if literal.startswith("note") else literal.replace(": ", ': "') + '"'
    journey = f"journey: [{{name: a, path: /a, expect_status: 200, body: {{{body}}}}}]\n"
    problem = only_problem_of(lambda: small_target(project, journey))
    assert problem.key.startswith("journey.0.body.")
    assert problem.wrong == "looks like a secret itself"
    assert literal.partition(": ")[2].strip('"') not in str(problem)


def test_what_a_journey_makes_up_or_saves_is_no_secret(project: Project) -> None:
    journey = """
journey:
  - {name: sign up, method: POST, path: /a, expect_status: 201, body: {password: "{run}"}, save: {token: access_token}}
  - {name: look, path: "/a?by={token}", expect_status: 200}
"""
    assert len(small_target(project, journey).journey) == 2


@pytest.mark.parametrize("secret", ["{}", "{file: a, env: B}"])
def test_a_secret_is_kept_in_one_place(project: Project, secret: str) -> None:
    problem = only_problem_of(
        lambda: small_target(project, f"identities: {{partner: {{secret: {secret}}}}}\n")
    )
    assert (problem.key, problem.wrong) == ("identities.partner.secret", "names no place, or two")


def test_a_secret_is_read_when_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    assert SecretReference(file=tmp_path / "key").read() == "s3cret"
    assert SecretReference(env="API_KEY").read({"API_KEY": " s3cret "}) == "s3cret"


def test_a_secret_that_is_not_there_is_a_missing_capability(tmp_path: Path) -> None:
    with pytest.raises(CapabilityMissing, match="key cannot be read: No such file"):
        SecretReference(file=tmp_path / "key").read()
    with pytest.raises(CapabilityMissing, match="environment variable API_KEY"):
        SecretReference(env="API_KEY").read({})


def test_an_identity_says_what_to_send(project: Project) -> None:
    identities = (
        "identities: {a: {scheme: Bearer, secret: {env: KEY}}, b: {header: X-Api-Key, secret: {env: KEY}}}\n"
    )
    target = small_target(project, identities)
    assert target.identities["a"].header == "Authorization"
    assert target.identities["a"].header_value({"KEY": "k"}) == "Bearer k"
    assert target.identities["b"].header_value({"KEY": "k"}) == "k"
