"""Plain facts of an imaginary deployment, for tests of what is judged on them."""

from __future__ import annotations

from readiness.targets.journey import Served
from readiness.targets.platform import Ended, HealthCheck, Limits, Replica, Service

MEBIBYTE = 1 << 20
CHECK = HealthCheck(("CMD", "check"), interval=2, timeout=3, retries=3, start_period=0)
LIMITS = Limits(memory=512 * MEBIBYTE, swap=0, cpu=0.5)
KILLED = Ended("task-1", exit_code=137, out_of_memory=True, message="failed: non-zero exit (137)")


def a_copy(name: str, *, health: str = "healthy", restarts: int = 0) -> Replica:
    return Replica(
        id=f"id-{name}",
        service="shop",
        task=f"task-{name}",
        image_id="sha256:1",
        instance=name,
        created=0.0,
        running=True,
        health=health,
        restarts=restarts,
    )


def a_service(*, desired: int = 2, update_state: str = "") -> Service:
    return Service("shop", "shop:1", desired, LIMITS.memory or 0, 0.5, update_state)


def an_answer(*, status: int = 200, fault: str = "", seconds: float = 0.1, instance: str = "a") -> Served:
    return Served("read an order", asked=1.0, seconds=seconds, status=status, instance=instance, fault=fault)
