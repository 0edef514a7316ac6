"""Copies on trial and rollouts of a small stack of its own: told something else, ended, taken back, removed without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from readiness.actions.undoing import undo_table
from readiness.config.target import load_target
from readiness.core.waiting import wait_until
from readiness.targets.engine import LABEL, OURS
from readiness.targets.platform import TrialEnd
from readiness.targets.swarm import STACK_LABEL, SwarmPlatform

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
STACK, TRIAL = "readiness-trials", "readiness-trial-contract"
SECOND = 1_000_000_000
SHOP = """
import os, sys, time
if os.environ.get("SIZE") != "4":
    sys.exit("SIZE is wrong")
print("the key is", open("/run/secrets/key").read().strip(), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def platform() -> Iterator[SwarmPlatform]:
    """A stack with one service that is told a size and a key, and has a config."""
    engine = docker.from_env().api
    if engine.info()["Swarm"]["LocalNodeState"] != "active":
        pytest.skip("the engine is in no swarm; `reference/bin/up` puts it in one")
    secret = engine.create_secret(f"{STACK}_key", b"the-true-key", labels=OURS)["ID"]
    config = engine.create_config(f"{STACK}_page", b"welcome to the shop", labels=OURS)["ID"]
    file = {"UID": "0", "GID": "0", "Mode": 0o400}
    template = {
        "ContainerSpec": {
            "Image": load_target(ROOT, "local").service.image,
            "Command": ["python3", "-c", SHOP],
            "Env": ["SIZE=4", "COLOUR=red"],
            "User": "0",
            "Labels": {STACK_LABEL: STACK},
            "Secrets": [{"File": {**file, "Name": "key"}, "SecretID": secret, "SecretName": f"{STACK}_key"}],
            "Configs": [
                {"File": {**file, "Name": "/page"}, "ConfigID": config, "ConfigName": f"{STACK}_page"}
            ],
            "StopGracePeriod": SECOND,
            "Healthcheck": {"Test": ["NONE"]},
        },
        "RestartPolicy": {"Condition": "any", "Delay": SECOND // 10},
    }
    name = f"{STACK}_shop"
    rolled_back = {
        "Parallelism": 1,
        "FailureAction": "rollback",
        "Monitor": 2 * SECOND,
        "Order": "start-first",
    }
    engine.create_service(
        template, name=name, labels={**OURS, STACK_LABEL: STACK}, mode={"Replicated": {"Replicas": 1}}, update_config=rolled_back
    )  # fmt: skip
    platform = SwarmPlatform(STACK)
    try:
        assert wait_until(lambda: platform.replicas("shop"), bool, patience=60).happened
        yield platform
    finally:
        engine.remove_service(name)
        engine.remove_secret(secret)
        engine.remove_config(config)


def end_of_a_trial(
    platform: SwarmPlatform, settings: dict[str, str | None], secrets: dict[str, bytes | None]
) -> TrialEnd | None:
    platform.start_trial("shop", TRIAL, settings, secrets)
    return wait_until(lambda: platform.trial_end(TRIAL), bool, patience=30).last


def test_a_trial_is_told_something_else_and_its_end_is_seen(platform: SwarmPlatform) -> None:
    try:
        end = end_of_a_trial(platform, {"SIZE": None}, {})
        assert end is not None
        assert (end.exit_code, "SIZE is wrong" in end.words) == (1, True)
        assert 0 <= end.seconds < 20
    finally:
        platform.remove_trial(TRIAL)


def test_a_trial_has_a_secret_of_its_own_and_leaves_none(platform: SwarmPlatform) -> None:
    try:
        platform.start_trial(
            "shop", TRIAL, {}, {"/run/secrets/key": b"another-key\n", "/run/secrets/more": b"more"}
        )
        (copy,) = wait_until(lambda: platform.replicas(TRIAL), bool, patience=30).last
        log = wait_until(lambda: platform.logs(copy.id, 5), bool, patience=10).last
        assert "the key is another-key" in log
        assert platform.read_inside(copy.id, "/run/secrets/more") == "more"
        assert platform.trial_end(TRIAL) is None
    finally:
        undo = undo_table(lambda: platform)["remove_trial"]
        undo(name=TRIAL)
        undo(name=TRIAL)
    api = docker.from_env().api
    assert api.secrets(filters={"name": TRIAL, "label": [f"{LABEL}={OURS[LABEL]}"]}) == []


def test_what_cannot_start_is_taken_back_with_its_settings(platform: SwarmPlatform) -> None:
    assert platform.settings("shop") == {"SIZE": "4", "COLOUR": "red"}
    platform.change_settings("shop", {"SIZE": None})
    waited = wait_until(
        lambda: platform.update_state("shop"), lambda state: state == "rollback_completed", patience=60
    )
    assert waited.happened, f"the rollout is {waited.last}"
    assert platform.settings("shop") == {"SIZE": "4", "COLOUR": "red"}
    assert wait_until(lambda: platform.replicas("shop"), bool, patience=20).happened


def test_the_writings_of_a_stack_are_its_services_configs_and_containers(platform: SwarmPlatform) -> None:
    writings = dict(platform.writings())
    assert "COLOUR=red" in writings[f"service {STACK}_shop"]
    assert "welcome to the shop" in writings[f"config {STACK}_page"]
    assert any(name.startswith("container ") and "COLOUR=red" in text for name, text in writings.items())
    assert not any("the-true-key" in text for text in writings.values())
