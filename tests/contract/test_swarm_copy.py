"""A copy of a stack beside it, and where data lies, over a small stack of its own, made here and removed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from readiness.actions.undoing import undo_table
from readiness.config.target import load_target
from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.targets.engine import OURS
from readiness.targets.platform import Replica
from readiness.targets.swarm import SwarmPlatform
from readiness.targets.swarm_copy import STACK_LABEL

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
STACK, COPY, HOLDER = "readiness-originals", "readiness-originals-copy", "readiness-originals-holder"
MINE = {**OURS, STACK_LABEL: STACK}
SHOP = "import time; open('/goods/{0}', 'w').close(); open('/var/tmp/{0}', 'w').close(); time.sleep(1000)"


def the_copy(platform: SwarmPlatform) -> Replica:
    waited = wait_until(lambda: platform.replicas("shop"), bool, patience=60)
    assert waited.happened, f"the shop did not open: {platform.ended('shop')}"
    return waited.last[0]


@pytest.fixture(scope="module")
def engine() -> docker.APIClient:
    engine = docker.from_env().api
    if engine.info()["Swarm"]["LocalNodeState"] != "active":
        pytest.skip("the engine is in no swarm; `reference/bin/up` puts it in one")
    return engine


@pytest.fixture(scope="module")
def platform(engine: docker.APIClient) -> Iterator[SwarmPlatform]:
    """A stack with one service on a network of its own, which keeps goods on a volume and writes beside it, too."""
    network = engine.create_network(f"{STACK}_street", driver="overlay", labels=MINE)["Id"]
    template = {
        "ContainerSpec": {
            "Image": load_target(ROOT, "local").service.image,
            "Command": ["python3", "-c", SHOP.format("opened")],
            "User": "0",
            "Init": True,
            "Healthcheck": {"Test": ["NONE"]},
            "Labels": MINE,
            "Mounts": [
                {
                    "Type": "volume",
                    "Source": f"{STACK}_goods",
                    "Target": "/goods",
                    "VolumeOptions": {"Labels": MINE},
                }
            ],
        },
        "Networks": [{"Target": network, "Aliases": ["shop"]}],
    }
    platform = SwarmPlatform(STACK)
    engine.create_service(
        template, name=f"{STACK}_shop", labels=MINE, endpoint_spec={"Ports": [{"TargetPort": 80}]}
    )
    try:
        the_copy(platform)
        yield platform
    finally:
        undo_table(lambda: platform)["remove_copy"](name=COPY)
        undo_table(lambda: platform)["remove_copy"](name=STACK)


@pytest.fixture(scope="module")
def copied(platform: SwarmPlatform) -> SwarmPlatform:
    platform.make_copy(COPY, {"shop": 1})
    return platform.copied(COPY)


def test_a_copy_of_a_stack_is_a_stack_of_the_same_services(
    platform: SwarmPlatform, copied: SwarmPlatform
) -> None:
    assert [each.image for each in copied.services()] == [each.image for each in platform.services()]
    assert the_copy(copied).image_id == the_copy(platform).image_id


def test_its_volume_is_empty_and_its_own(platform: SwarmPlatform, copied: SwarmPlatform) -> None:
    platform.run_inside(the_copy(platform).id, ["touch", "/goods/only-here"], timeout=10)
    assert platform.run_inside(the_copy(platform).id, ["ls", "/goods"], timeout=10).output.split() == [
        "only-here",
        "opened",
    ]
    assert copied.run_inside(the_copy(copied).id, ["ls", "/goods"], timeout=10).output.split() == ["opened"]


def test_its_names_lead_to_its_own_copies_and_nowhere_else(
    engine: docker.APIClient, copied: SwarmPlatform
) -> None:
    copy = the_copy(copied)
    found = copied.run_inside(copy.id, ["getent", "hosts", "shop"], timeout=10).output
    virtual = {
        each["Addr"].split("/")[0]
        for each in engine.inspect_service(f"{COPY}_shop")["Endpoint"]["VirtualIPs"]
    }
    assert found.split()[0] in virtual
    assert "00000000" not in [
        line.split()[1] for line in (copied.read_inside(copy.id, "/proc/net/route") or "").splitlines()
    ]


@pytest.mark.usefixtures("copied")
def test_it_publishes_no_port(engine: docker.APIClient) -> None:
    assert not engine.inspect_service(f"{COPY}_shop")["Endpoint"].get("Ports")


@pytest.mark.usefixtures("copied")
def test_a_second_copy_of_the_same_name_is_refused(platform: SwarmPlatform) -> None:
    with pytest.raises(CannotLook, match="already"):
        platform.make_copy(COPY, {"shop": 1})


@pytest.mark.usefixtures("copied")
def test_removing_it_leaves_nothing_and_the_original_alone(
    engine: docker.APIClient, platform: SwarmPlatform
) -> None:
    undo = undo_table(lambda: platform)["remove_copy"]
    undo(name=COPY)
    undo(name=COPY)
    mark = {"label": f"{STACK_LABEL}={COPY}"}
    assert not engine.services(filters=mark)
    assert not engine.containers(all=True, filters=mark)
    assert not engine.networks(filters=mark)
    assert not engine.volumes(filters=mark)["Volumes"]
    assert len(platform.replicas("shop")) == 1


def test_a_copy_tells_where_its_files_lie_and_what_it_wrote_beside(platform: SwarmPlatform) -> None:
    copy = the_copy(platform)
    goods, scratch = platform.store(copy, "/goods/opened"), platform.store(copy, "/var/tmp")
    assert (goods.kind, goods.name, goods.outlives) == ("a volume", f"{STACK}_goods", True)
    assert (scratch.kind, scratch.outlives) == ("the container's own layer", False)
    assert platform.written(copy.id) == ("/var/tmp/opened",)


def test_a_volume_that_is_held_cannot_be_removed(engine: docker.APIClient, platform: SwarmPlatform) -> None:
    platform.hold_volumes([the_copy(platform).id], HOLDER)
    try:
        (held,) = engine.inspect_container(HOLDER)["Mounts"]
        assert (held["Name"], held["RW"]) == (f"{STACK}_goods", False)
    finally:
        platform.remove_container(HOLDER)
