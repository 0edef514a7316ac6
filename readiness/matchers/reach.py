"""What is required of the ports that can be reached from outside."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.reach import ReachedPorts
from readiness.matchers.requirement import Requirement, Violation, requires


def are_those_of_the_front_door() -> Requirement[ReachedPorts]:
    """Every port of the deployment that is reached from outside belongs to the front door, whose ports are all reached."""
    return requires("from outside the front door is reached, and nothing else of ours", _others)


def _others(seen: ReachedPorts) -> Iterator[Violation]:
    for each in seen.reached:
        if each.part and each.port not in seen.allowed:
            yield Violation(
                f"{each.address}, port {each.port}",
                "not to be reached from outside",
                f"open ({each.owner or 'nobody says whose it is'})",
                "do not publish it, publish it on the loopback only, or have the engine listen there",
            )
    for port in seen.allowed:
        if port not in {each.port for each in seen.reached}:
            where = ", ".join(seen.addresses)
            yield Violation(
                where, f"port {port} of the front door is reached", "it is not", "publish the front door"
            )
