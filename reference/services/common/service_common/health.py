"""What a process knows about itself: written by its event loop, read by the operational listener's thread."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import Gauge

STUCK_AFTER_SECONDS = 10.0
"""A loop that has not turned for so long will not recover: generous, for a machine short of CPU."""

CHECK_SECONDS = 2.0
"""A dependency that has not answered within this time counts as away."""

CHECK_EVERY_SECONDS = 1.0

DEPENDENCY_UP = Gauge("dependency_up", "1 while the dependency answers.", ["dependency"])


class Dependency(Protocol):
    """Something the service needs; `required` says whether it can do useful work without it."""

    name: str
    required: bool

    async def check(self) -> str | None:
        """None when it answers as it should, otherwise what is wrong in a few words (no secrets)."""


@dataclass(frozen=True)
class Answer:
    """An answer of the operational listener: `healthy` decides between 200 and 503."""

    healthy: bool
    body: dict[str, object]


@dataclass
class Health:
    """Heartbeat, state of the dependencies, and whether this replica is leaving. Times: monotonic seconds."""

    started: float = field(default_factory=time.monotonic)
    heartbeat: float | None = None
    draining_since: float | None = None
    required_problems: dict[str, str] | None = None
    optional_problems: dict[str, str] = field(default_factory=dict)
    was_complete: bool = False

    def beat(self) -> None:
        """Called by the event loop each time it turns."""
        self.heartbeat = time.monotonic()

    def drain(self) -> None:
        """From now on this replica is not ready; what it has begun and what still arrives is served."""
        if self.draining_since is None:
            self.draining_since = time.monotonic()

    def drained(self, seconds: float) -> bool:
        """Whether the announced time of leaving has passed."""
        return self.draining_since is not None and time.monotonic() - self.draining_since >= seconds

    def liveness(self) -> Answer:
        """Alive as long as the event loop turns; says nothing about dependencies."""
        age = time.monotonic() - (self.heartbeat or self.started)
        alive = age < STUCK_AFTER_SECONDS
        return Answer(
            alive, {"status": "alive" if alive else "stuck", "heartbeat_age_seconds": round(age, 1)}
        )

    def readiness(self) -> Answer:
        """Ready when it can do useful work: alive, not leaving, and everything it requires answers."""
        missing = self.required_problems
        if self.draining_since is not None:
            return Answer(False, {"status": "draining"})
        if missing is None:
            return Answer(False, {"status": "starting"})
        if not self.liveness().healthy:
            return Answer(False, {"status": "stuck"})
        problems = {**missing, **self.optional_problems}
        status = "not ready" if missing else "degraded" if problems else "ready"
        return Answer(not missing, {"status": status, "problems": problems})

    def fitness(self) -> Answer:
        """For a platform with one check for everything: alive, not leaving, and all it needs answered once.

        A release that cannot reach its database never becomes fit, and an outage of the database later does
        not have every replica restarted.
        """
        if self.draining_since is not None:
            return Answer(False, {"status": "draining"})
        if not self.liveness().healthy:
            return Answer(False, {"status": "stuck"})
        return Answer(self.was_complete, {"status": "fit" if self.was_complete else "starting"})


async def watch(health: Health, dependencies: list[Dependency]) -> None:
    """Look at every dependency once a second, for ever.

    A check that hangs is left hanging and counts as "no answer" until it returns: a dependency that is
    frozen costs one waiting task, not a new one every second.
    """
    running: dict[str, asyncio.Task[str | None]] = {}
    try:
        while True:
            await _look(health, dependencies, running)
            await asyncio.sleep(CHECK_EVERY_SECONDS)
    finally:
        for task in running.values():
            task.cancel()


async def _look(
    health: Health, dependencies: list[Dependency], running: dict[str, asyncio.Task[str | None]]
) -> None:
    for dependency in dependencies:
        if dependency.name not in running:
            running[dependency.name] = asyncio.create_task(_outcome(dependency))
    await asyncio.wait(running.values(), timeout=CHECK_SECONDS)
    required: dict[str, str] = {}
    optional: dict[str, str] = {}
    for dependency in dependencies:
        problem: str | None = f"no answer within {CHECK_SECONDS:g} s"
        if running[dependency.name].done():
            problem = running.pop(dependency.name).result()
        DEPENDENCY_UP.labels(dependency.name).set(0 if problem else 1)
        if problem:
            (required if dependency.required else optional)[dependency.name] = problem
    health.required_problems, health.optional_problems = required, optional
    health.was_complete = health.was_complete or not required


async def _outcome(dependency: Dependency) -> str | None:
    try:
        return await dependency.check()
    except Exception as failure:
        return type(failure).__name__
