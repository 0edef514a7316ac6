"""Qualification's hand on a real Swarm: a service is changed, and brought back to exactly the specification it had."""

from pathlib import Path

import docker
import pytest

from defects.services import SwarmServices
from readiness.config.target import load_target
from readiness.core.errors import CannotLook

pytestmark = pytest.mark.docker
ROOT = Path(__file__).parents[2]
NAME = "readiness-contract-qualification"
LABEL = {"readiness.project": "harness"}


@pytest.fixture(scope="module")
def engine():
    return docker.from_env()


@pytest.fixture
def service(engine):
    """Two copies of a service that sleeps, with a health check and an update policy of their own."""
    update = docker.types.UpdateConfig(
        parallelism=1, delay=5, order="start-first", failure_action="rollback", monitor=5_000_000_000
    )
    made = engine.services.create(
        load_target(ROOT, "local").service.image,
        command=["sleep", "3600"],
        name=NAME,
        labels=LABEL,
        container_labels=LABEL,
        mode=docker.types.ServiceMode("replicated", 2),
        stop_grace_period=200_000_000,
        healthcheck=docker.types.Healthcheck(test=["CMD", "true"], interval=1_000_000_000),
        update_config=update,
    )
    yield made
    made.remove()


def limits(engine):
    tasks = engine.api.tasks(filters={"service": NAME, "desired-state": "running"})
    return [task["Spec"].get("Resources", {}).get("Limits", {}).get("MemoryBytes", 0) for task in tasks]


@pytest.mark.usefixtures("service")
def test_a_service_is_changed_on_every_copy_and_brought_back_exactly(engine):
    services = SwarmServices(patience=60.0)
    before = services.spec(NAME)
    services.update(NAME, ("--limit-memory", "64M", "--env-add", "SEEDED=yes"))
    assert limits(engine) == [64 * 1024**2] * 2
    changed = services.spec(NAME)
    assert changed["UpdateConfig"] == before["UpdateConfig"], (
        "the hurry of the change is not left in the service"
    )
    services.bring_to(NAME, before)
    assert services.spec(NAME) == before
    assert limits(engine) == [0, 0]
    services.bring_to(NAME, before)
    assert services.spec(NAME) == before, "bringing back once more changes nothing"


@pytest.mark.usefixtures("service")
def test_a_change_that_does_not_come_up_is_told_and_can_be_taken_back():
    before = SwarmServices(patience=60.0).spec(NAME)
    with pytest.raises(CannotLook, match=f"service {NAME}: not as wanted after .* of 2 copies run as wanted"):
        SwarmServices(patience=6.0).update(NAME, ("--args", "nosuch"))
    SwarmServices(patience=60.0).bring_to(NAME, before)
    assert SwarmServices(patience=60.0).spec(NAME) == before


@pytest.mark.usefixtures("service")
def test_wrong_arguments_are_told_in_the_words_of_the_engine():
    with pytest.raises(CannotLook, match="unknown flag: --nosuch"):
        SwarmServices(patience=20.0).update(NAME, ("--nosuch", "1"))


def test_a_service_that_is_gone_has_nothing_to_go_back_to():
    services = SwarmServices(patience=5.0)
    assert services.spec("readiness-nosuch") is None
    services.bring_to("readiness-nosuch", {"Name": "readiness-nosuch"})
