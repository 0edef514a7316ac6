"""The Swarm adapter over the deployment on several nodes, where that is up: copies on every node can be looked into."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.config.target import load_target
from readiness.core.errors import CannotLook
from readiness.targets.swarm import SwarmPlatform
from readiness.targets.target import Target

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
PROFILE = load_target(ROOT, "local-cluster")
STACK = str(PROFILE.platform.stack)


@pytest.fixture(scope="module")
def platform() -> SwarmPlatform:
    platform = SwarmPlatform(STACK, PROFILE.platform.engines)
    try:
        platform.services()
    except CannotLook as reason:
        pytest.skip(f"the cluster is not up (`reference/bin/cluster up`): {reason}")
    return platform


def test_every_copy_can_be_looked_into_wherever_it_runs(platform: SwarmPlatform) -> None:
    copies = platform.replicas(PROFILE.service.name)

    names = {platform.run_inside(copy.id, ["hostname"], timeout=10).output.strip() for copy in copies}
    assert names == {copy.instance for copy in copies}
    assert len(copies) == platform.service(PROFILE.service.name).desired


def test_nodes_and_placements_tell_regions(platform: SwarmPlatform) -> None:
    assert PROFILE.regions is not None
    places = {node.place for node in platform.nodes(PROFILE.regions.label) if node.ready}
    assert set(PROFILE.regions.serving) < places

    serving = {
        each.place
        for each in platform.placements(PROFILE.regions.label)
        if each.service == PROFILE.service.name
    }
    assert serving <= set(PROFILE.regions.serving)


def test_a_copy_on_a_node_that_cannot_be_reached_is_not_taken_for_gone() -> None:
    manager_alone = SwarmPlatform(STACK, PROFILE.platform.engines[:1])
    try:
        manager_alone.services()
    except CannotLook as reason:
        pytest.skip(str(reason))

    with pytest.raises(CannotLook, match=r"platform\.engines"):
        manager_alone.replicas(PROFILE.service.name)


def test_every_address_is_a_door_of_its_own() -> None:
    target = Target(PROFILE, ROOT)
    assert [door.url for door in target.doors()] == [target.door.url] * len(PROFILE.door.addresses)
