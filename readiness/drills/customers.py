"""Customers by the hundred: the load of the profile, sent through the public door by the load engine."""

from __future__ import annotations

from readiness.load.results import Result
from readiness.load.running import RunningLoad
from readiness.load.spec import Request, Spec, steadily
from readiness.probes.sizes import autoscaling_of
from readiness.targets.target import Target

HIGHEST_RATE = 500.0
# Where nobody judges its latency, a request may be sent late (seconds), and many may wait for a copy that is being started.
LATE, WAITING = 1.0, 800


def customers(target: Target, rate: float, seconds: float) -> RunningLoad:
    """That many requests per second for so long, or until the block ends."""
    request, door = autoscaling_of(target).load, target.profile.door
    kind = Request(
        url=f"{str(door.url).rstrip('/')}{request.path}",
        expect_status=request.expect_status,
        headers=target.headers(request.identity) if request.identity else {},
        expect_json=request.expect_json,
    )
    return RunningLoad(
        Spec(
            requests=(kind,),
            stages=steadily(min(rate, HIGHEST_RATE), seconds),
            address=str(door.address or ""),
            ca=str(door.ca or ""),
            timeout=target.profile.patience.answer,
            largest_lag=LATE,
            most_in_flight=WAITING,
        )
    )


def send(target: Target, rate: float, seconds: float) -> Result:
    """Send all of it, and wait for the last answer."""
    with customers(target, rate, seconds) as load:
        return load.wait().conclusive()
