"""Where the copies of a deployment stand: their addresses, the ports they listen on, and what calls from there come to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

from readiness.core.errors import CannotLook
from readiness.probes import dialling
from readiness.targets.platform import Platform, Replica

DIALLING = Path(dialling.__file__)
PATIENCE = 60.0
MOST_CALLS = 1500


@dataclass(frozen=True)
class Place:
    """A copy and its surroundings, seen by its lookout. `sockets`: paths of the engine's sockets in sight -> open or refused."""

    service: str
    instance: str
    lookout: str
    own: tuple[IPv4Interface, ...]
    gateways: tuple[str, ...]
    ports: tuple[int, ...]
    sockets: tuple[tuple[str, str], ...]

    def ways_to(self, other: Place) -> tuple[str, ...]:
        """The addresses of another place on networks that this one is on, too. There is no other way between two places."""
        near = {interface.network for interface in self.own}
        return tuple(str(interface.ip) for interface in other.own if interface.network in near)


@dataclass(frozen=True)
class CallOut:
    """One call to make: a name or an address, a port, and the protocol to be spoken ("tcp": only the connection)."""

    host: str
    port: int
    speaks: str


@dataclass(frozen=True)
class Heard:
    """How a call went (see `dialling.call`), and what was said."""

    outcome: str
    said: str


def look_around(platform: Platform, copy: Replica, lookout: str) -> Place:
    """What the lookout sees. CannotLook when it does not even hear a listener of its own."""
    seen = _order(platform, copy, lookout, {})
    if seen["deaf"]:
        raise CannotLook(
            f"the lookout beside copy {copy.instance} of {copy.service} does not hear its own listener at "
            f"{', '.join(seen['deaf'])}, so what it does not reach says nothing"
        )
    return Place(
        service=copy.service,
        instance=copy.instance,
        lookout=lookout,
        own=tuple(IPv4Interface(each) for each in seen["own"]),
        gateways=tuple(seen["gateways"]),
        ports=tuple(seen["ports"]),
        sockets=tuple((path, outcome) for path, outcome in seen["sockets"]),
    )


def make_calls(
    platform: Platform, copy: Replica, lookout: str, calls: Sequence[CallOut]
) -> tuple[Heard, ...]:
    """Make all calls at once, each bounded in time; the answers in the same order."""
    if len(calls) > MOST_CALLS:
        raise CannotLook(
            f"{len(calls)} calls from copy {copy.instance} of {copy.service} are too many; at most {MOST_CALLS} are made"
        )
    order = {"calls": [[each.host, each.port, each.speaks] for each in calls]}
    return tuple(Heard(*each) for each in _order(platform, copy, lookout, order))


def _order(platform: Platform, copy: Replica, lookout: str, order: dict[str, Any]) -> Any:
    program = DIALLING.read_text(encoding="utf-8")
    ran = platform.run_inside(lookout, ["python3", "-I", "-c", program, json.dumps(order)], timeout=PATIENCE)
    try:
        return json.loads(ran.output)
    except ValueError:
        words = " ".join(ran.output.split()[-30:]) or "no word"
        raise CannotLook(
            f"the lookout beside copy {copy.instance} of {copy.service} cannot look (exit status {ran.exit_code}): {words}. "
            "connections.image in the target's profile must name an image with python3."
        ) from None
