"""What is seen from outside and whose it is."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from typing import cast

import psutil
import pytest

from readiness.actions.sweeping import sweep
from readiness.drills.reach import Reached, ReachedPorts, owner_of
from readiness.matchers.reach import are_those_of_the_front_door
from readiness.targets.platform import Platform, Published

DOOR = Reached("198.18.0.1", 443, "edge", part=True)
SEEN = ReachedPorts(examined=65535, allowed=(443,), addresses=("198.18.0.1",), reached=(DOOR,))


class NoPart:
    """A platform to which no container belongs."""

    def is_part(self, container_id: str) -> bool:
        return container_id == "never"


def platform() -> Platform:
    return cast(Platform, NoPart())


def test_an_open_port_is_seen_and_a_closed_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        opened, closed = listener.getsockname()[1], bound.getsockname()[1]
        assert sweep("127.0.0.1", [opened, closed]) == ([opened], [])


def test_a_front_door_alone_is_left_alone() -> None:
    assert are_those_of_the_front_door().matches(SEEN)


def test_a_stranger_on_the_same_machine_is_left_alone() -> None:
    other = Reached("198.18.0.1", 22, "sshd", part=False)
    assert are_those_of_the_front_door().matches(replace(SEEN, reached=(DOOR, other)))


@pytest.mark.parametrize("address", ["198.18.0.1", "fd72::1"])
def test_a_part_of_ours_is_told_of_over_each_kind_of_address(address: str) -> None:
    database = Reached(address, 5432, "database", part=True)
    assert not are_those_of_the_front_door().matches(replace(SEEN, reached=(DOOR, database)))


def test_a_front_door_that_is_not_reached_is_told_of() -> None:
    assert not are_those_of_the_front_door().matches(replace(SEEN, reached=()))


def test_a_published_port_belongs_to_whom_the_engine_says() -> None:
    assert owner_of(platform(), Published(5432, "database", part=True), None) == ("database", True)
    assert owner_of(platform(), Published(5432, "mine", part=False), None) == ("mine", False)


def test_a_program_beside_the_deployment_is_no_part_of_it() -> None:
    name, part = owner_of(platform(), None, psutil.Process(os.getpid()))
    assert name
    assert not part


def test_nobody_is_blamed_for_a_port_whose_owner_is_unknown() -> None:
    assert owner_of(platform(), None, None) == ("unknown", False)
