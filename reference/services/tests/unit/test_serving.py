"""Leaving in order: not ready first, then still serving, then the end."""

import signal

import pytest
import uvicorn

from service_common.health import Health
from service_common.serving import DrainingServer

pytestmark = pytest.mark.anyio


async def nothing(scope: object, receive: object, send: object) -> None:
    raise AssertionError("no request is made in these tests")


def server(health: Health, drain_seconds: float) -> DrainingServer:
    return DrainingServer(uvicorn.Config(nothing), health, drain_seconds)


async def test_the_loop_shows_that_it_turns() -> None:
    health = Health()
    assert not await server(health, 3).on_tick(1)
    assert health.heartbeat is not None


async def test_a_signal_turns_readiness_red_and_serving_goes_on(health: Health) -> None:
    leaving = server(health, 60)
    leaving.handle_exit(signal.SIGTERM, None)
    assert not health.readiness().healthy
    assert not leaving.should_exit
    assert not await leaving.on_tick(1)


async def test_after_the_drain_serving_ends(health: Health) -> None:
    leaving = server(health, 0)
    leaving.handle_exit(signal.SIGTERM, None)
    assert await leaving.on_tick(1)


async def test_a_second_signal_ends_it_at_once(health: Health) -> None:
    leaving = server(health, 60)
    leaving.handle_exit(signal.SIGTERM, None)
    leaving.handle_exit(signal.SIGTERM, None)
    assert await leaving.on_tick(1)
