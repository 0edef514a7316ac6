"""Who has to call whom, and what is required of the answers, on an imaginary deployment of three parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Interface

import pytest
from hamcrest.core.string_description import StringDescription
from pydantic import ValidationError

from readiness.config.connections import Connections
from readiness.drills.calling import APART, BY_NAME, Call, calls_of
from readiness.drills.connections import ConnectionsSeen, EngineInSight
from readiness.matchers.connections import leave_the_engine_alone, reach_nothing_else, reach_what_they_need
from readiness.matchers.requirement import Requirement
from readiness.probes.places import Place

NEEDS = {"client": "shop", "server": "database", "ports": [5432], "speaks": "postgresql"}
DECLARED = Connections.model_validate_json(
    """{"image": "shop:1",
        "needed": [
          {"client": "door", "server": "shop", "name": "tasks.shop", "ports": [8000], "speaks": "http"},
          {"client": "shop", "server": "database", "ports": [5432], "speaks": "postgresql"}],
        "tolerated": [{"clients": ["shop"], "servers": ["door"], "ports": [443], "reason": "It is public."}],
        "engine": {"used_by": ["door"]}}"""
)
ENGINE = (EngineInSight("door", "d", "/run/docker.sock", "open"),)


def a_place(service: str, instance: str, *own: str, ports: Iterable[int]) -> Place:
    return Place(service, instance, "", tuple(map(IPv4Interface, own)), (), tuple(ports), ())


DOOR = a_place("door", "d", "10.0.1.2/24", ports=[443])
SHOP_1 = a_place("shop", "s1", "10.0.1.3/24", "10.0.2.3/24", ports=[8000])
SHOP_2 = a_place("shop", "s2", "10.0.1.4/24", "10.0.2.4/24", ports=[8000])
DATABASE = a_place("database", "b", "10.0.2.2/24", ports=[5432, 9999])
ALL = (DOOR, SHOP_1, SHOP_2, DATABASE)


def planned(places: tuple[Place, ...]) -> list[Call]:
    return [call for own in places for call in calls_of(DECLARED, own, places)]


def seen_in(places: tuple[Place, ...], *, open_to_all: bool = False) -> ConnectionsSeen:
    """What is seen where everything needed answers and, unless `open_to_all`, nothing else is open."""
    unneeded = "open" if open_to_all else "refused"
    calls = tuple(
        replace(call, outcome=call.outcome or ("answered" if call.needed else unneeded))
        for call in planned(places)
        if call.needed or not DECLARED.tolerates(call.client, call.server, call.port)
    )
    return ConnectionsSeen(
        examined=len(calls), about="", declared=DECLARED, calls=calls, tolerated=(), engine=ENGINE
    )


def words_of(requirement: Requirement[ConnectionsSeen], seen: ConnectionsSeen) -> str:
    assert not requirement.matches(seen)
    words = StringDescription()
    requirement.describe_mismatch(seen, words)
    return str(words)


def test_a_copy_calls_what_it_needs_by_name_and_copy_by_copy() -> None:
    needed = [(call.address, call.callee) for call in calls_of(DECLARED, DOOR, ALL) if call.needed]
    assert needed == [("tasks.shop", BY_NAME), ("10.0.1.3", "s1"), ("10.0.1.4", "s2")]


def test_a_copy_calls_every_port_of_the_others_that_it_does_not_need() -> None:
    others = {(call.server, call.port) for call in calls_of(DECLARED, SHOP_1, ALL) if not call.needed}
    assert others == {("door", 443), ("database", 9999)}


def test_without_a_common_network_there_is_nothing_to_call() -> None:
    to_database = [call for call in calls_of(DECLARED, DOOR, ALL) if call.server == "database"]
    assert {(call.address, call.outcome) for call in to_database} == {("", APART)}


def test_a_deployment_whose_parts_reach_what_they_need_is_in_order() -> None:
    seen = seen_in(ALL)
    for requirement in (reach_what_they_need(), reach_nothing_else(), leave_the_engine_alone()):
        assert requirement.matches(seen)


def test_a_single_copy_without_its_network_is_named() -> None:
    lonely = replace(SHOP_2, own=SHOP_2.own[:1])
    seen = seen_in((DOOR, SHOP_1, lonely, DATABASE))
    words = words_of(reach_what_they_need(), seen)
    assert "copy s2 of shop to database (b), port 5432" in words
    assert "no network in common" in words
    assert "s1" not in words


def test_a_name_that_leads_nowhere_is_named_although_each_copy_answers() -> None:
    seen = seen_in(ALL)
    deaf = tuple(
        replace(call, outcome="unknown", said="no such name") if call.callee == BY_NAME else call
        for call in seen.calls
    )
    assert "tasks.shop: unknown (no such name)" in words_of(reach_what_they_need(), replace(seen, calls=deaf))


def test_who_connects_and_does_not_speak_is_not_reached() -> None:
    seen = seen_in(ALL)
    mute = tuple(replace(call, outcome="mute") if call.server == "database" else call for call in seen.calls)
    assert "an answer in postgresql" in words_of(reach_what_they_need(), replace(seen, calls=mute))


def test_one_of_several_ways_is_enough() -> None:
    seen = seen_in(ALL)
    second = [
        replace(call, address="172.19.0.9", outcome="silent") for call in seen.calls if call.callee == "b"
    ]
    assert reach_what_they_need().matches(replace(seen, calls=(*seen.calls, *second)))


@pytest.mark.parametrize("missing", ["shop", "database"])
def test_a_part_without_any_copy_is_missed(missing: str) -> None:
    seen = seen_in(tuple(place for place in ALL if place.service != missing))
    assert "no copy runs" in words_of(reach_what_they_need(), seen)


def test_only_the_replaced_part_is_asked_for_where_a_drill_is_about_it() -> None:
    seen = seen_in(ALL)
    about = tuple(call for call in seen.calls if call.server == "database")
    assert reach_what_they_need().matches(replace(seen, about="database", calls=about))


def test_one_flat_network_is_too_open_and_every_open_port_is_named() -> None:
    words = words_of(reach_nothing_else(), seen_in(ALL, open_to_all=True))
    assert "copy s1 of shop: required no way to database, port 9999; observed open at 10.0.2.2" in words
    assert "to door" not in words, "that is tolerated"


def test_silence_says_nothing_where_no_call_gets_through() -> None:
    seen = seen_in(ALL)
    silent = tuple(replace(call, outcome="silent") for call in seen.calls)
    assert "no call got through" in words_of(reach_nothing_else(), replace(seen, calls=silent))


def test_the_engine_within_reach_of_others_is_named_and_a_closed_socket_is_not() -> None:
    stranger = EngineInSight("shop", "s1", "172.19.0.1:2375", "open")
    closed = EngineInSight("shop", "s2", "/run/docker.sock", "refused")
    seen = replace(seen_in(ALL), engine=(*ENGINE, stranger, closed))
    words = words_of(leave_the_engine_alone(), seen)
    assert "copy s1 of shop" in words
    assert "s2" not in words


def test_a_declared_user_of_the_engine_that_reaches_none_shows_that_we_do_not_see() -> None:
    assert "reaches it nowhere" in words_of(leave_the_engine_alone(), replace(seen_in(ALL), engine=()))


def test_a_connection_is_declared_once() -> None:
    with pytest.raises(ValidationError, match="said more than once: shop to database:5432"):
        Connections.model_validate({"image": "shop:1", "needed": [NEEDS, NEEDS]}, strict=False)
