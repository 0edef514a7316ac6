"""A target profile is read strictly, its secrets stay references, and what it refers to exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.target import PlatformKind, load_target, target_names
from readiness.core.errors import Problem
from tests.unit.config_project import (
    SHIPPED,
    SMALLEST_TARGET,
    Project,
    only_problem_of,
    problems_of,
    project_in,
    small_target,
)

LOCAL = "config/targets/local.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def refused(project: Project, old: str, new: str) -> Problem:
    """The only problem after a change of the shipped profile."""
    project.change(LOCAL, old, new)
    return only_problem_of(lambda: load_target(project.root, "local"))


def test_the_shipped_profile_has_real_types() -> None:
    target = load_target(SHIPPED, "local")
    assert target.platform.kind is PlatformKind.SWARM
    assert target.door.ca == SHIPPED / "reference/.state/ca.pem"
    assert target.patience.answer == 10.0
    assert target.procedures.up is not None
    assert target.procedures.up.timeout == 900.0
    assert target.identities["partner"].secret.file == SHIPPED / "reference/.state/secrets/partner_api_key"


def test_nothing_is_allowed_and_nothing_is_offered_unless_the_profile_says_so(project: Project) -> None:
    target = small_target(project)
    assert (target.allows.load, target.allows.disruption) == (False, False)
    assert (target.metrics, target.alerts, target.inbox, target.service.build) == (None, None, None, None)
    assert target.procedures.deploy is None
    assert target.journey == ()


def test_an_unknown_target_is_answered_with_the_targets_there_are(project: Project) -> None:
    problem = only_problem_of(lambda: load_target(project.root, "nosuch"))
    assert (problem.wrong, problem.allowed) == (
        "there is no target named 'nosuch'",
        "local, local-cluster, remote",
    )
    assert target_names(project.root) == ("local", "local-cluster", "remote")


def test_a_path_is_no_name_of_a_target(project: Project) -> None:
    project.write("config/elsewhere.yaml", SMALLEST_TARGET)
    assert "there is no target" in only_problem_of(lambda: load_target(project.root, "../elsewhere")).wrong


def test_the_name_is_that_of_the_file(project: Project) -> None:
    problem = refused(project, "name: local\n", "name: production\n")
    assert (problem.key, problem.allowed) == ("name", "local")


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ("kind: swarm", "kind: swamp", "platform.kind", "'swarm', 'render' or 'none'"),
        ("  stack: whoop\n", "", "platform", "stack: NAME and services: {role: name}"),
        ("port: 8001", "port: 80010", "service.health.port", "less than or equal to 65535"),
        ("port: 8001", 'port: "8001"', "service.health.port", "a valid integer"),
        ("load: true", "load: maybe", "allows.load", "a valid boolean"),
        ("address: 127.0.0.1", "address: here", "door.address", "an IPv4 or IPv6 address, such as 127.0.0.1"),
        (
            "timeout: 15m",
            "timeout: 15",
            "procedures.up.timeout",
            'text with a unit, such as "30 seconds", 5m',
        ),
        ("timeout: 15m", "timeout: soon", "procedures.up.timeout", "a number with ms, s, m, h, d"),
        ("command: [reference/bin/up]", "command: []", "procedures.up.command", "at least one entry"),
        ("method: POST", "method: PUSH", "journey.0.method", "'GET', 'POST', 'PUT', 'PATCH' or 'DELETE'"),
        (
            "expect_status: 201",
            "expect_status: 99",
            "journey.0.expect_status",
            "greater than or equal to 100",
        ),
        (
            "liveness: /livez",
            "liveness: livez",
            "service.health.liveness",
            "a path that begins with / and has no blanks",
        ),
        ("dockerfile: whoop", "dockerfile: ../whoop", "service.build.dockerfile", "a path inside the folder"),
        ("stack: whoop", "stack: Whoop", "platform.stack", "small letters and digits"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(
    project: Project, old: str, new: str, key: str, allowed: str
) -> None:
    problem = refused(project, old, new)
    assert (problem.file, problem.key) == (LOCAL, key)
    assert problem.allowed.startswith(allowed)


@pytest.mark.parametrize(
    "url", ["whoop.localhost", "ftp://a.org", "https://", "https://a:b:c", "https://a.org/?q=1"]
)
def test_a_door_has_an_address(project: Project, url: str) -> None:
    problem = refused(project, "url: https://whoop.localhost:8443", f'url: "{url}"')
    assert (problem.key, problem.wrong) == ("door.url", "is no address of a service")


def test_a_mistyped_key_is_answered_with_the_known_ones(project: Project) -> None:
    problem = refused(project, "allows: {load", "allows: {lod")
    assert (problem.key, problem.wrong) == ("allows.lod", "is not a known key")
    assert problem.allowed == "one of the keys load, disruption"


def test_known_keys_are_told_inside_lists_and_named_entries(project: Project) -> None:
    project.change(LOCAL, "    scheme: Bearer\n", "    schema: Bearer\n")
    project.change(LOCAL, "required: true", "require: true")
    known = {
        problem.key: problem.allowed for problem in problems_of(lambda: load_target(project.root, "local"))
    }
    assert known == {
        "identities.partner.schema": "one of the keys header, scheme, secret",
        "service.dependencies.0.require": "one of the keys service, required, beside",
    }


def test_all_problems_of_a_profile_are_told_at_once(project: Project) -> None:
    project.change(LOCAL, "name: local\n", "name: other\n")
    project.change(LOCAL, "kind: swarm", "kind: swamp")
    project.change(LOCAL, "scale: {command", "scael: {command")
    project.change(LOCAL, "secret: {file: reference/.state/secrets/partner_api_key}", "secret: hunter2")
    problems = problems_of(lambda: load_target(project.root, "local"))
    assert {problem.key for problem in problems} == {
        "name",
        "platform.kind",
        "procedures.scael",
        "identities.partner.secret",
    }


def test_values_can_come_from_the_environment(project: Project) -> None:
    target = small_target(project, "metrics: {url: {env: METRICS}}\n", {"METRICS": "http://metrics:9090/"})
    assert target.metrics is not None
    assert target.metrics.url == "http://metrics:9090"


def test_a_variable_that_is_not_set_is_named(project: Project) -> None:
    problem = only_problem_of(lambda: small_target(project, "metrics: {url: {env: METRICS}}\n"))
    assert (problem.key, problem.wrong) == ("metrics.url", "the environment variable METRICS is not set")


def test_a_journey_uses_what_it_saved_before(project: Project) -> None:
    problem = refused(project, "save: {workout: id}", "save: {training: id}")
    assert problem.wrong == "request 'read the workout back' uses workout that no earlier request saved"
    assert problem.allowed == "member, run, training"


def test_requests_have_names_of_their_own(project: Project) -> None:
    problem = refused(project, "- name: record a workout", "- name: register a member")
    assert (problem.key, problem.wrong) == ("journey", "two requests are named 'register a member'")


def test_a_journey_uses_identities_that_the_profile_declares(project: Project) -> None:
    problem = refused(project, "identity: partner", "identity: stranger")
    assert problem.wrong == "requests use the identities stranger"
    assert problem.allowed == "identities: partner"


def test_a_service_depends_on_services_of_the_platform(project: Project) -> None:
    problem = refused(project, "service: redis,", "service: memcached,")
    assert problem.wrong == "the service depends on memcached"


def test_a_procedure_uses_placeholders_that_are_filled(project: Project) -> None:
    problem = refused(project, '"{service}", "{replicas}"', '"{service}", "{count}"')
    assert problem.key == "procedures.scale"
    assert problem.wrong == "the command uses unknown placeholders: {count}"
    assert problem.allowed == "{replicas}, {service}"


def test_a_procedure_is_filled_when_it_is_run() -> None:
    scale = load_target(SHIPPED, "local").procedures.scale
    assert scale is not None
    assert scale.argv(service="api", replicas="3") == ("reference/bin/scale", "api", "3")
    with pytest.raises(KeyError):
        scale.argv(service="api")


def test_a_line_is_ruled_out_with_a_reason_and_a_name(project: Project) -> None:
    (ruled_out,) = small_target(
        project, "not_applicable: [{line: RM1.1, reason: One machine., declared_by: Jo}]\n"
    ).not_applicable
    assert (ruled_out.line, ruled_out.declared_by) == ("RM1.1", "Jo")
    problems = problems_of(lambda: small_target(project, "not_applicable: [{line: RM9.1}]\n"))
    assert [problem.key.rpartition(".")[2] for problem in problems] == ["line", "reason", "declared_by"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("  most: 10\n  shrinks_after", "  most: 3\n  shrinks_after", "autoscaling"),
        (
            "    path: /v1/members/a0b426bc-017b-15a6-fb47-d1d631c3a7ec/health-monitor",
            '    path: "/v1/workouts/{workout}"',
            "autoscaling",
        ),
        (
            "    path: /v1/members/a0b426bc-017b-15a6-fb47-d1d631c3a7ec/health-monitor\n",
            "    path: /v1/members/a0b426bc-017b-15a6-fb47-d1d631c3a7ec/health-monitor\n    method: POST\n",
            "autoscaling",
        ),
        ("  shrinks_after: 20s", "  shrinks_after: 20", "autoscaling.shrinks_after"),
    ],
)
def test_a_service_that_cannot_grow_and_a_load_that_does_not_only_read_are_refused(
    project: Project, old: str, new: str, key: str
) -> None:
    assert refused(project, old, new).key == key


def test_who_decides_on_the_size_is_a_service_of_the_platform(project: Project) -> None:
    assert (
        refused(project, "  decided_by: autoscaler", "  decided_by: somebody").wrong
        == "autoscaling names somebody"
    )
