"""What belongs to a project beside the target is seen and removed, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import docker
import pytest

from readiness.targets.engine import OURS, PROJECT_LABEL, SERVICE_LABEL, Engine

pytestmark = pytest.mark.docker

MINE, THEIRS = "readiness-contract-mine", "readiness-contract-theirs"


@pytest.fixture(scope="module")
def image() -> str:
    """Any image that is there: no container of these tests is started."""
    found = docker.from_env().api.images(quiet=True)
    if not found:
        pytest.skip("the engine holds no image; `reference/bin/up` makes some")
    return str(found[0])


@pytest.fixture
def engine(image: str) -> Iterator[Engine]:
    """Two projects, each with a container, a volume and a network."""
    api = docker.from_env().api
    platform = Engine()
    for project in (MINE, THEIRS):
        labels = {**OURS, PROJECT_LABEL: project}
        api.create_network(f"{project}-net", labels=labels)
        api.create_volume(f"{project}-data", labels=labels)
        api.create_container(
            image, command=["true"], name=f"{project}-shop", labels={**labels, SERVICE_LABEL: "shop"}
        )
    yield platform
    for project in (MINE, THEIRS):
        platform.remove_belongings(project)


def test_containers_volumes_and_networks_of_a_project_are_seen(engine: Engine, image: str) -> None:
    container, *others = engine.belongings(MINE)
    assert (container.name, container.service, container.image_id) == (f"{MINE}-shop", "shop", image)
    assert [(each.kind, each.name) for each in others] == [
        ("volume", f"{MINE}-data"),
        ("network", f"{MINE}-net"),
    ]


def test_a_project_is_removed_and_its_neighbour_stays(engine: Engine) -> None:
    engine.remove_belongings(MINE)
    assert engine.belongings(MINE) == ()
    assert len(engine.belongings(THEIRS)) == 3
    engine.remove_belongings(MINE)
