"""Every copy of every part calls every other part: those that its own needs, and all that it need not reach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from readiness.actions.copies import renew_copies
from readiness.actions.lookouts import post_lookouts
from readiness.config.connections import Connections as Declared
from readiness.config.connections import EngineUse, Speaks
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.calling import Call, calls_of
from readiness.drills.outage import required_dependency
from readiness.harness.undo import UndoStack
from readiness.probes.places import CallOut, Heard, Place, look_around, make_calls
from readiness.probes.steady import out_of_order
from readiness.targets.platform import Platform, Replica, Service
from readiness.targets.target import Target

AT_ONCE = 4
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class EngineInSight:
    """A socket or a port of the engine that runs the copies, seen from a copy, and how a call there went."""

    client: str
    copy: str
    where: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ConnectionsSeen(Observation):
    """All calls of all copies; where `about` names a service, those to it. Examined: calls.

    `tolerated`: what is open although nobody needs it, as the profile accepts. `engine`: where a copy could look for the engine.
    """

    about: str
    declared: Declared
    calls: tuple[Call, ...]
    tolerated: tuple[Call, ...]
    engine: tuple[EngineInSight, ...]


def look_at_connections(target: Target, undo: UndoStack, *, about: str = "") -> ConnectionsSeen:
    """Post a lookout beside every copy, let all look around, then let each call the others. Undo: remove the lookouts."""
    platform, declared = target.platform, declared_connections(target)
    copies = [copy for service in platform.services() for copy in platform.replicas(service.name)]
    posts = post_lookouts(platform, undo, declared.image, copies)
    places = _all_at_once(lambda copy: look_around(platform, copy, posts[copy.id]), copies)
    by_place = list(zip(copies, places, strict=True))
    made = _all_at_once(lambda each: _calls_from(platform, declared, *each, places, about), by_place)
    calls = [call for calls in made for call in calls]
    engine = _all_at_once(lambda each: _engine_from(platform, declared.engine, *each), by_place)
    tolerated = {
        call for call in calls if not call.needed and declared.tolerates(call.client, call.server, call.port)
    }
    return ConnectionsSeen(
        examined=len(calls),
        about=about,
        declared=declared,
        calls=tuple(call for call in calls if call not in tolerated),
        tolerated=tuple(call for call in calls if call in tolerated and call.outcome == "open"),
        engine=tuple(each for seen in engine for each in seen),
    )


def replace_what_is_needed(target: Target, undo: UndoStack) -> ConnectionsSeen:
    """Replace every copy of the first thing that the service needs, wait for the new ones, look at its connections again."""
    platform, service = target.platform, required_dependency(target)
    before = {copy.id for copy in platform.replicas(service)}
    renew_copies(platform, service)
    waited = wait_until(
        lambda: platform.replicas(service),
        lambda copies: _is_new(platform.service(service), copies, before),
        patience=target.profile.patience.change,
    )
    if not waited.happened:
        raise CannotLook(f"{service} was not replaced within {waited.seconds:.0f} s")
    return look_at_connections(target, undo, about=service)


def _is_new(service: Service, copies: tuple[Replica, ...], before: Collection[str]) -> bool:
    return all(copy.id not in before for copy in copies) and not list(out_of_order(service, copies))


def declared_connections(target: Target) -> Declared:
    """What the profile says of connections. CapabilityMissing where it says nothing."""
    if target.profile.connections is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say which part may talk to which.")
    return target.profile.connections


def _all_at_once(look: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(look, items))


def _calls_from(
    platform: Platform, declared: Declared, copy: Replica, own: Place, places: Sequence[Place], about: str
) -> list[Call]:
    planned = [call for call in calls_of(declared, own, places) if about in ("", call.server)]
    outs = [CallOut(call.address, call.port, call.speaks) for call in planned if not call.outcome]
    heard = iter(make_calls(platform, copy, own.lookout, outs))
    return [call if call.outcome else _made(call, heard) for call in planned]


def _made(call: Call, heard: Iterator[Heard]) -> Call:
    answer = next(heard)
    return replace(call, outcome=answer.outcome, said=answer.said)


def _engine_from(
    platform: Platform, engine: EngineUse, copy: Replica, own: Place
) -> tuple[EngineInSight, ...]:
    outs = [CallOut(gateway, port, Speaks.TCP) for gateway in own.gateways for port in engine.ports]
    heard = make_calls(platform, copy, own.lookout, outs)
    ports = ((f"{out.host}:{out.port}", each.outcome) for out, each in zip(outs, heard, strict=True))
    return tuple(EngineInSight(own.service, own.instance, *each) for each in (*own.sockets, *ports))
