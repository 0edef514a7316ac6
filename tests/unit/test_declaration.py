"""Descriptions of deployments, what is compared with them, and what is required of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hamcrest.core.string_description import StringDescription

from readiness.config.declaration import Scaled
from readiness.config.notations import mark
from readiness.config.stack import part_of, read_stack
from readiness.core.deployments import Bounds, Part
from readiness.core.errors import CannotLook
from readiness.matchers.declaration import (
    have_all_their_secrets,
    run_as_described,
)
from readiness.matchers.requirement import Requirement
from readiness.probes.declaration import Compared, with_bounds
from readiness.targets.swarm_facts import as_described

RENDER = "reference/render.yaml"
SECOND = 1_000_000_000
STACK = """
services:
  shop:
    image: shop:1
    command: [serve, "$$HOME"]
    environment: {LEVEL: info}
    secrets: [{source: key, target: key, uid: "7", gid: "7", mode: 0400}]
    configs: [{source: conf, target: /etc/shop.conf, mode: 0444}]
    volumes: ["goods:/goods", {type: tmpfs, target: /tmp, tmpfs: {size: 1048576}}]
    networks: {front: {aliases: [shop, store]}}
    ports: [{target: 80, published: 8080, protocol: tcp, mode: host}]
    labels: {said: much}
    read_only: true
    stop_grace_period: 15s
    healthcheck: {test: [CMD, check], interval: 3s, timeout: 1m}
    logging: {driver: json-file, options: {max-size: 10m}}
    deploy:
      replicas: 2
      endpoint_mode: dnsrr
      labels: {said: more}
      resources: {limits: {cpus: "0.5", memory: 512M}, reservations: {memory: 64M}}
      restart_policy: {condition: any, delay: 2s}
      update_config: {parallelism: 1, order: start-first}
  scaler:
    image: scaler:1
    environment: {LEAST: "2", MOST: "5", CPU: "70"}
    deploy: {mode: global, placement: {constraints: [node.role == manager]}}
secrets: {key: {file: ./key, name: shop_key_1}}
configs: {conf: {file: ./conf, name: shop_conf_1}}
"""
SHOP: dict[str, Any] = {
    "Name": "mall_shop",
    "Labels": {"com.docker.stack.image": "shop:1"},
    "TaskTemplate": {
        "ContainerSpec": {
            "Image": "shop:1",
            "Args": ["serve", "$HOME"],
            "Env": ["LEVEL=info"],
            "Labels": {"said": "much"},
            "ReadOnly": True,
            "StopGracePeriod": 15 * SECOND,
            "Healthcheck": {"Test": ["CMD", "check"], "Interval": 3 * SECOND, "Timeout": 60 * SECOND},
            "Secrets": [
                {"SecretName": "shop_key_1", "SecretID": "s", "File": {"Name": "key", "UID": "7", "GID": "7", "Mode": 256}}
            ],
            "Configs": [
                {"ConfigName": "shop_conf_1", "ConfigID": "c", "File": {"Name": "/etc/shop.conf", "Mode": 292}}
            ],
            "Mounts": [
                {"Type": "volume", "Source": "mall_goods", "Target": "/goods", "VolumeOptions": {"Labels": {}}},
                {"Type": "tmpfs", "Target": "/tmp", "TmpfsOptions": {"SizeBytes": 1048576}},
            ],
            "Isolation": "default",
            "DNSConfig": {},
        },
        "Resources": {
            "Limits": {"NanoCPUs": SECOND // 2, "MemoryBytes": 512 << 20},
            "Reservations": {"MemoryBytes": 64 << 20},
        },
        "RestartPolicy": {"Condition": "any", "Delay": 2 * SECOND, "MaxAttempts": 0},
        "Placement": {"Platforms": [{"OS": "linux"}]},
        "Networks": [{"Target": "n1", "Aliases": ["shop", "store"]}],
        "LogDriver": {"Name": "json-file", "Options": {"max-size": "10m"}},
        "ForceUpdate": 3,
        "Runtime": "container",
    },
    "Mode": {"Replicated": {"Replicas": 2}},
    "UpdateConfig": {
        "Parallelism": 1, "FailureAction": "pause", "Monitor": 5 * SECOND, "MaxFailureRatio": 0, "Order": "start-first",
    },
    "EndpointSpec": {
        "Mode": "dnsrr",
        "Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8080, "PublishMode": "host"}],
    },
}  # fmt: skip
DESCRIBED = Part(
    "shop",
    image="shop:1",
    plan="starter",
    region="virginia",
    health_path="/health",
    copies=2,
    settings={"variable LEVEL": "info"},
    secrets={"key": None},
)
RUNNING = replace(DESCRIBED, secrets={"key": True, "LEVEL": True})


def words_of(requirement: Requirement[Any], observation: Any) -> str:
    """What the requirement says against the observation; "" when it is content."""
    words = StringDescription()
    requirement.describe_mismatch(observation, words)
    assert requirement.matches(observation) is (not str(words))
    return str(words)


def compared(running: Part, described: Part = DESCRIBED) -> Compared:
    return Compared(examined=1, described=(described,), running=(running,))


def running_in_swarm(**changes: Any) -> Part:
    """The shop as Swarm has it, with changes of its container."""
    spec = yaml.safe_load(yaml.safe_dump(SHOP))
    spec["TaskTemplate"]["ContainerSpec"] |= changes
    return part_of("shop", as_described(spec, {"n1": "mall_front"}, "mall"), {})


def test_a_stack_and_what_swarm_makes_of_it_are_the_same() -> None:
    described = next(part for part in read_stack(STACK) if part.name == "shop")
    assert described == running_in_swarm()
    assert described.secrets == {"key": None}
    assert described.settings["secret key"] == "shop_key_1"
    assert described.settings["command"] == '["serve", "$HOME"]'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Env": ["LEVEL=debug"]}, "environment LEVEL: required info; observed debug"),
        ({"Env": ["LEVEL=info", "MORE=1"]}, "environment MORE: required nothing; observed 1"),
        ({"Image": "shop:2"}, "image: required shop:1; observed shop:2"),
        ({"ReadOnly": False}, "read_only: required true; observed nothing"),
        ({"Secrets": []}, "secret key: required shop_key_1; observed nothing"),
        ({"User": "0"}, "user: required nothing; observed 0"),
        ({"CapabilityAdd": ["NET_ADMIN"]}, "cap_add: required nothing; observed NET_ADMIN"),
        ({"Mounts": []}, "volume /goods: required goods; observed nothing"),
        ({"Args": ["serve"]}, "command: required"),
        ({"Healthcheck": {"Test": ["NONE"]}}, "healthcheck test: required"),
    ],
)
def test_what_was_changed_by_hand_is_told(change: dict[str, Any], said: str) -> None:
    (_, described) = sorted(read_stack(STACK), key=lambda part: part.name == "shop")
    assert said in words_of(run_as_described(), compared(running_in_swarm(**change), described))


def test_labels_make_no_difference() -> None:
    assert running_in_swarm(Labels={"owner": "somebody", "cost": "42"}) == running_in_swarm()


def test_an_autoscaler_s_settings_are_the_bounds() -> None:
    scaled = Scaled(service="shop", by="scaler", least="LEAST", most="MOST", processor="CPU")
    by_name = {part.name: part for part in with_bounds(read_stack(STACK), (scaled,))}
    assert by_name["shop"].bounds == Bounds(2, 5, processor=70, memory=None)
    assert by_name["scaler"].copies is None
    with pytest.raises(CannotLook, match="do not tell its bounds"):
        with_bounds(read_stack(STACK), (scaled.model_copy(update={"least": "SMALLEST"}),))


def test_a_description_that_is_none_is_told() -> None:
    for text in ("services: [", "a: 1"):
        with pytest.raises(ValueError, match=r"YAML|services"):
            read_stack(text)


def test_what_runs_as_described_is_in_order() -> None:
    assert words_of(run_as_described(), compared(RUNNING)) == ""
    hidden = replace(RUNNING, settings={"variable LEVEL": mark("info"), "variable key": mark("k")})
    assert words_of(run_as_described(), compared(hidden)) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plan": "standard"}, "shop, plan: required starter; observed standard"),
        ({"region": "ohio"}, "shop, region: required virginia; observed ohio"),
        ({"health_path": "/"}, "shop, health check path: required /health; observed /"),
        ({"copies": 1}, "shop, number of copies: required 2; observed 1"),
        ({"bounds": Bounds(1, 3)}, "shop, bounds: required None; observed 1 to 3 copies (no target)"),
        ({"settings": {"variable LEVEL": mark("debug")}}, "variable LEVEL: required info; observed (hidden"),
        (
            {"settings": {"variable LEVEL": "info", "variable MORE": mark("1")}},
            "variable MORE: required nothing",
        ),
        ({"name": "shop-2"}, "shop: required a service as described; observed it does not run"),
        ({"name": "shop-2"}, "shop-2: required only what is described"),
    ],
)
def test_every_difference_is_told(change: dict[str, Any], said: str) -> None:
    assert said in words_of(run_as_described(), compared(replace(RUNNING, **change)))


def test_any_number_within_the_bounds_is_in_order() -> None:
    bounds = Bounds(2, 5)
    for copies, in_order in ((1, False), (2, True), (4, True), (6, False)):
        seen = compared(replace(RUNNING, bounds=bounds, copies=copies), replace(DESCRIBED, bounds=bounds))
        assert run_as_described().matches(seen) is in_order


@pytest.mark.parametrize(
    ("secrets", "said"), [({}, "not there"), ({"key": False}, "it is empty"), ({"key": True}, "")]
)
def test_a_secret_needs_a_value_where_it_runs(secrets: dict[str, bool], said: str) -> None:
    words = words_of(have_all_their_secrets(), compared(replace(RUNNING, secrets=secrets)))
    assert said in words
    assert bool(said) is bool(words)
