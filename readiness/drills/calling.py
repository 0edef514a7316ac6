"""Which calls a copy has to make: to all that its service needs, by name and copy by copy, and to all that it need not reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.config.connections import Connections, Speaks
from readiness.probes.places import Place

BY_NAME = "by its name"
APART = "apart"


@dataclass(frozen=True)
class Call:
    """One call from a copy: to whom, to which of its copies (or by name), where, in which protocol, how it went, what was said.

    `outcome`: "answered", "open", "mute", "refused", "silent", "unknown" (see `dialling.call`), or "apart": the two have no
    network in common, so there is nothing to call; "" while the call is not made.
    """

    client: str
    copy: str
    server: str
    callee: str
    address: str
    port: int
    speaks: str
    needed: bool
    outcome: str = ""
    said: str = ""


def calls_of(declared: Connections, own: Place, places: Sequence[Place]) -> Iterator[Call]:
    """All calls of one copy, first those to what its service needs."""
    yield from _needed(declared, own, places)
    for other in places:
        if other.service != own.service:
            for port in sorted({*other.ports, *declared.ports_of(other.service)}):
                if not declared.needs(own.service, other.service, port):
                    yield from _to(own, other, port, Speaks.TCP, needed=False)


def _needed(declared: Connections, own: Place, places: Sequence[Place]) -> Iterator[Call]:
    for need in declared.needed:
        if need.client == own.service:
            for port in need.ports:
                yield Call(
                    own.service,
                    own.instance,
                    need.server,
                    BY_NAME,
                    need.called,
                    port,
                    need.speaks,
                    needed=True,
                )
                for other in places:
                    if other.service == need.server:
                        yield from _to(own, other, port, need.speaks, needed=True)


def _to(own: Place, other: Place, port: int, speaks: Speaks, *, needed: bool) -> Iterator[Call]:
    ways = own.ways_to(other)
    for address in ways or ("",):
        yield Call(
            client=own.service,
            copy=own.instance,
            server=other.service,
            callee=other.instance,
            address=address,
            port=port,
            speaks=speaks.value,
            needed=needed,
            outcome="" if ways else APART,
        )
