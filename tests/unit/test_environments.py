"""Environments beside production: how a profile names them, how they are described, and their stay beside production."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from readiness.actions.undoing import undo_table
from readiness.config.environments import Declared, load_declared_differences
from readiness.config.target import load_target
from readiness.core.errors import CannotLook, NotSteady
from readiness.drills.environments import let_each_environment_stay
from readiness.harness.undo import Journal, UndoStack
from readiness.probes.environments import describe_environments
from readiness.targets.platform import Belonging, ImageFacts, Platform, Replica, RunsAs, Service
from readiness.targets.target import Target
from tests.unit.config_project import SHIPPED, Project, only_problem_of, project_in
from tests.unit.deployment_facts import CHECK, a_copy, a_service

LOCAL = "config/targets/local.yaml"
SMALL = """
name: small
title: A target with one environment beside it
platform: {{kind: swarm, stack: shop, services: {{api: shop}}}}
door: {{url: "https://shop.example", ready: {{path: /}}}}
service: {{name: shop, image: "shop:1"}}
journey: [{{name: look, path: /, expect_status: 200}}]
patience: {{answer: 500ms}}
environments:
  declared: [config/policies/environments.yaml]
  production: {{command: [sh, -c, "echo 'services: {{shop: {{image: a}}}}' >$0", "{{output}}"], timeout: 5s}}
  others:
    staging:
      project: shop-staging
      describe: {{command: [sh, -c, {describe}, "{{output}}"], timeout: 5s}}
      up: {{command: [sh, -c, {up}], timeout: 5s}}
      down: {{command: [sh, -c, {down}], timeout: 5s}}
      door: {{url: {door}, ready: {{path: /}}}}
"""
DESCRIBE = "echo 'services: {shop: {image: a}}' >$0"


class Engine:
    """An engine whose project is there while the file `up` is, with a volume that stays when `down` leaves it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.removed: list[str] = []

    def services(self) -> tuple[Service, ...]:
        return (a_service(),)

    def replicas(self, _service: str) -> tuple[Replica, ...]:
        return (a_copy("a"),)

    def runs_as(self, _container: str) -> RunsAs:
        return RunsAs("sha256:1", ("serve",), "7", {"LEVEL": "info"}, 0, 0.0)

    def image(self, reference: str) -> ImageFacts:
        return ImageFacts(reference, 1, (), (), "", CHECK)

    def belongings(self, project: str) -> tuple[Belonging, ...]:
        there = [kind for kind in ("container", "volume") if (self.root / kind).exists()]
        return tuple(Belonging(kind, f"{project}-{kind}") for kind in there)

    def remove_belongings(self, project: str) -> None:
        self.removed += [each.name for each in self.belongings(project)]
        for kind in ("container", "volume"):
            (self.root / kind).unlink(missing_ok=True)


class EngineTarget(Target):
    """A target on that engine."""

    @property
    def platform(self) -> Platform:  # type: ignore[override]  # the base caches it
        return self.engine  # type: ignore[return-value]  # only what the drill asks for

    engine: Engine


@pytest.fixture
def door() -> Iterator[str]:
    """The address of a door that says yes to everything."""

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def target_in(project: Project, **commands: str) -> EngineTarget:
    usual = {"describe": DESCRIBE, "up": "touch container volume", "down": "rm -f container volume"}
    values = {**usual, "door": "http://127.0.0.1:9", **commands}
    text = SMALL.format(**{name: json.dumps(value) for name, value in values.items()})
    project.write("config/targets/small.yaml", text)
    target = EngineTarget(load_target(project.root, "small"), project.root)
    target.engine = Engine(project.root)
    return target


def undo_in(project: Project, target: EngineTarget) -> UndoStack:
    return UndoStack(Journal(project.root / "journal.jsonl"), undo_table(lambda: target.platform))


def test_a_stay_is_told_from_its_beginning_to_its_end(project: Project, door: str) -> None:
    target = target_in(project, door=door)
    undo = undo_in(project, target)
    (stay,) = let_each_environment_stay(target, undo).stays
    assert [answer.right for answer in stay.answers] == [True]
    assert [each.kind for each in stay.there] == ["container", "volume"]
    assert (stay.words, stay.left, stay.goodbye) == ("", (), "")
    assert undo.owed == []


def test_what_is_left_is_told_and_then_removed(project: Project, door: str) -> None:
    target = target_in(project, door=door, down="rm -f container")
    (stay,) = let_each_environment_stay(target, undo_in(project, target)).stays
    assert [each.name for each in stay.left] == ["shop-staging-volume"]
    assert target.engine.removed == ["shop-staging-volume"]


def test_one_that_does_not_come_up_is_told_in_its_own_words_and_taken_down(project: Project) -> None:
    target = target_in(project, up="touch container; echo no port is free; exit 3")
    (stay,) = let_each_environment_stay(target, undo_in(project, target)).stays
    assert (stay.words, stay.answers, stay.left) == ("no port is free", (), ())


def test_one_that_cannot_be_taken_down_stays_owed(project: Project, door: str) -> None:
    target = target_in(project, door=door, down="echo it is busy; exit 1")
    undo = undo_in(project, target)
    (stay,) = let_each_environment_stay(target, undo).stays
    assert "it is busy" in stay.goodbye
    assert [step.does for step in undo.owed] == ["run_command"]


def test_an_environment_that_somebody_uses_is_left_alone(project: Project) -> None:
    project.write("container", "")
    target = target_in(project)
    with pytest.raises(NotSteady, match="staging is there already"):
        let_each_environment_stay(target, undo_in(project, target))
    assert (project.root / "container").exists()


def test_an_environment_on_another_engine_cannot_be_looked_at(project: Project) -> None:
    target = target_in(project, up="true")
    with pytest.raises(CannotLook, match="no container of project shop-staging"):
        let_each_environment_stay(target, undo_in(project, target))


def test_descriptions_hold_what_was_written_and_complaints_what_was_said(project: Project) -> None:
    describe = (
        f"{DESCRIBE}; echo 'The A variable is not set. Defaulting to a blank string.'; echo 'all is well'"
    )
    seen = describe_environments(target_in(project, describe=describe))
    assert seen.production.settings == {"shop": "present", "shop: image": "a"}
    assert seen.others[0].complaints == ("The A variable is not set. Defaulting to a blank string.",)
    assert seen.examined == 4


def test_an_empty_setting_is_a_complaint_though_nobody_said_a_word(project: Project) -> None:
    describe = "echo 'services: {shop: {image: a, environment: {LEVEL: \"\"}}}' >$0"
    (staging,) = describe_environments(target_in(project, describe=describe)).others
    assert staging.complaints == ("shop: environment LEVEL is empty",)


@pytest.mark.parametrize(
    ("describe", "complaint"),
    [
        ("echo no such file; exit 1", "it cannot be described (exit status 1): no such file"),
        ("true", "it cannot be described (exit status 0): no word"),
        ("echo nonsense >$0", "its description cannot be read: it has no services"),
    ],
)
def test_what_cannot_be_described_is_a_complaint(project: Project, describe: str, complaint: str) -> None:
    (staging,) = describe_environments(target_in(project, describe=describe)).others
    assert staging.complaints == (complaint,)
    assert staging.settings == {}


def refused(project: Project, old: str, new: str) -> tuple[str, str]:
    """Key and words of the only problem after a change of the shipped profile."""
    project.change(LOCAL, old, new)
    problem = only_problem_of(lambda: load_target(project.root, "local"))
    return problem.key, problem.wrong


@pytest.mark.parametrize(
    ("old", "new", "key", "wrong"),
    [
        ("project: whoop-staging", "project: whoop-development", "environments", "the same project"),
        ("dev.whoop.localhost:18443", "staging.whoop.localhost:19443", "environments", "the same door"),
        (
            'staging, config, "{output}"',
            "staging, config",
            "environments",
            "description of staging is written nowhere",
        ),
        ("dev.whoop.localhost:18443", "whoop.localhost:8443", "file", "development is the target itself"),
        ("project: whoop-staging", "project: whoop", "file", "staging is the target itself"),
        (
            "      identities:\n        partner:",
            "      identities:\n        tester:",
            "file",
            "development has no identity partner",
        ),
    ],
)
def test_environments_are_kept_apart(project: Project, old: str, new: str, key: str, wrong: str) -> None:
    told = refused(project, old, new)
    assert told[0] == key
    assert wrong in told[1]


def declared_with(*files: Path) -> tuple[Declared, ...]:
    """What these lists declare for the shipped environments; the shipped list without any."""
    environments = load_target(SHIPPED, "local").environments
    assert environments is not None
    lists = {"declared": files} if files else {}
    return load_declared_differences(SHIPPED, environments.model_copy(update=lists))


def test_the_shipped_differences_are_declared_with_reasons() -> None:
    declared = declared_with()
    assert all(entry.reason for entry in declared)
    assert any(entry.own and entry.covers("staging", "postgres: secret db") for entry in declared)


def test_further_lists_may_lie_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("differences: [{environments: [staging], keys: [x], reason: why}]")
    assert [entry.keys for entry in declared_with(file)] == [("x",)]


def test_a_declaration_for_an_environment_that_there_is_not_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("differences: [{environments: [stagign], keys: [x], reason: why}]")
    problem = only_problem_of(lambda: declared_with(file))
    assert (problem.wrong, problem.allowed) == ("there is no environment 'stagign'", "development, staging")
