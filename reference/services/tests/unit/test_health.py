"""Liveness is about this process alone; readiness is about whether it can do useful work."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

import pytest

from service_common import health as module
from service_common.health import Dependency, Health, watch


@dataclass
class Pretended:
    """A dependency that answers as told."""

    name: str
    required: bool
    answer: str | Exception | None = None
    seconds: float = 0.0
    asked: int = 0

    async def check(self) -> str | None:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def look(monkeypatch: pytest.MonkeyPatch, health: Health, *dependencies: Dependency) -> None:
    """Several rounds of looking, fast."""
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.02)
    monkeypatch.setattr(module, "CHECK_EVERY_SECONDS", 0.01)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(watch(health, list(dependencies)), 0.15)


def test_a_process_that_has_just_begun_is_alive_but_not_ready() -> None:
    health = Health()
    assert health.liveness().healthy
    assert health.readiness().body == {"status": "starting"}
    assert not health.readiness().healthy


def test_a_loop_that_does_not_turn_is_not_alive_and_not_ready(health: Health) -> None:
    health.heartbeat = time.monotonic() - module.STUCK_AFTER_SECONDS - 1
    assert not health.liveness().healthy
    assert not health.readiness().healthy


def test_a_process_that_leaves_is_alive_but_not_ready(health: Health) -> None:
    assert health.readiness().healthy
    health.drain()
    assert health.liveness().healthy
    assert (health.readiness().healthy, health.readiness().body) == (False, {"status": "draining"})


def test_draining_takes_its_time_from_the_first_signal(health: Health) -> None:
    assert not health.drained(0)
    health.drain()
    first = health.draining_since
    health.drain()
    assert health.draining_since == first
    assert health.drained(0)
    assert not health.drained(60)


@pytest.mark.anyio
async def test_a_missing_required_dependency_is_named(
    monkeypatch: pytest.MonkeyPatch, health: Health
) -> None:
    await look(monkeypatch, health, Pretended("PostgreSQL", True, OSError("host postgres, user whoop")))
    answer = health.readiness()
    assert not answer.healthy
    assert answer.body == {"status": "not ready", "problems": {"PostgreSQL": "OSError"}}
    assert health.liveness().healthy


@pytest.mark.anyio
async def test_a_missing_optional_dependency_is_shown_but_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, health: Health
) -> None:
    await look(monkeypatch, health, Pretended("PostgreSQL", True), Pretended("Redis", False, "refused"))
    assert health.readiness().healthy
    assert health.readiness().body == {"status": "degraded", "problems": {"Redis": "refused"}}


@pytest.mark.anyio
async def test_a_dependency_that_hangs_counts_as_away_and_is_asked_only_once(
    monkeypatch: pytest.MonkeyPatch, health: Health
) -> None:
    frozen = Pretended("PostgreSQL", True, seconds=60)
    await look(monkeypatch, health, frozen)
    assert health.readiness().body["problems"] == {"PostgreSQL": "no answer within 0.02 s"}
    assert frozen.asked == 1


@pytest.mark.anyio
async def test_a_dependency_that_comes_back_is_seen(monkeypatch: pytest.MonkeyPatch, health: Health) -> None:
    database = Pretended("PostgreSQL", True, "away")
    await look(monkeypatch, health, database)
    database.answer = None
    await look(monkeypatch, health, database)
    assert health.readiness().body == {"status": "ready", "problems": {}}


def test_a_replica_is_fit_once_all_it_requires_has_answered_and_stays_so() -> None:
    health = Health()
    health.beat()
    assert not health.fitness().healthy
    health.was_complete, health.required_problems = True, {"PostgreSQL": "no answer"}
    assert health.fitness().healthy
    assert not health.readiness().healthy


def test_a_replica_that_leaves_or_is_stuck_is_not_fit() -> None:
    leaving, stuck = Health(was_complete=True), Health(was_complete=True, heartbeat=-1000.0)
    leaving.beat()
    leaving.drain()
    assert leaving.fitness().body == {"status": "draining"}
    assert stuck.fitness().body == {"status": "stuck"}
