"""What the watch makes of what it is given."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import pytest

from watch.settings import known_programs
from watch.sources import Blind, lines_of, programs_of, visits_of
from watch.suspicion import PROBING, PROGRAM, WRONG_KEYS, Event, Started, Suspicion, Visit
from watch.telling import MOST_KEPT, Telling


def suspicion(**known: str) -> Suspicion:
    return Suspicion(wrong_keys=10, probes=10, window=60, known=known_programs(known.get("known", "")))


def visit(
    at: float, status: int = 401, client: str = "198.51.100.7", backend: str = "whoop", attack: bool = False
) -> Visit:
    return Visit(at, client, "GET", "/v1/members", status, backend, attack)


def kinds(events: list[Event]) -> list[str]:
    return [each.kind for each in events]


def test_keys_that_are_tried_are_told_of_once() -> None:
    (event,) = suspicion().of_visits(visit(at) for at in range(20))
    assert (event.kind, event.source, event.target, event.count) == (
        WRONG_KEYS,
        "198.51.100.7",
        "GET /v1/members",
        10,
    )


def test_three_mistyped_keys_are_nothing() -> None:
    assert not list(suspicion().of_visits(visit(at) for at in range(3)))


def test_keys_are_counted_over_several_looks_and_within_a_minute() -> None:
    watch = suspicion()
    assert not list(watch.of_visits(visit(at) for at in range(9)))
    assert kinds(list(watch.of_visits([visit(59)]))) == [WRONG_KEYS]
    slow = suspicion()
    assert not list(slow.of_visits(visit(7.0 * at) for at in range(30)))


def test_each_source_is_counted_by_itself() -> None:
    assert not list(suspicion().of_visits(visit(at, client=f"198.51.100.{at}") for at in range(30)))


def test_whoever_goes_on_is_told_of_again() -> None:
    events = list(suspicion().of_visits(visit(at) for at in range(130)))
    assert [event.at for event in events] == [9, 69, 129]


@pytest.mark.parametrize(
    "probe",
    [visit(0, 404, backend="nothing"), visit(0, 421, backend="https"), visit(0, 200, attack=True)],
    ids=["nothing there", "another host", "signs of an attack"],
)
def test_probing_is_told_of(probe: Visit) -> None:
    assert kinds(list(suspicion().of_visits(replace(probe, at=at) for at in range(10)))) == [PROBING]


def test_records_that_are_not_there_are_no_probing() -> None:
    assert not list(suspicion().of_visits(visit(at, status=404) for at in range(50)))


def test_a_program_that_nobody_knows_is_told_of() -> None:
    watch = suspicion(known="# ours\npg_isready -q.*\n\n")
    own, strange = (
        Started(1, "database", "a" * 64, command) for command in ("pg_isready -q -h x", "sh -c pg_isready -q")
    )
    (event,) = watch.of_programs([own, strange])
    assert (event.kind, event.target) == (PROGRAM, "database (aaaaaaaaaaaa)")


def frame(text: str) -> bytes:
    body = text.encode()
    return struct.pack(">BxxxI", 1, len(body)) + body


def test_the_door_s_log_is_read() -> None:
    request = {
        "message": "request",
        "client": "::1",
        "method": "GET",
        "path": "/",
        "status": 404,
        "backend": "nothing",
        "attack": "1",
    }
    stamp = "2026-01-02T03:04:05.123456789Z"
    stream = (
        frame(f"{stamp} {json.dumps(request)}\n")
        + frame(f"{stamp} Proxy started.\n")
        + frame(f"{stamp} {{}}\n")
    )
    (seen,) = visits_of(stream)
    assert (seen.client, seen.status, seen.attack, round(seen.at, 3)) == ("::1", 404, True, 1767323045.123)


@pytest.mark.parametrize("stream", [b"{}", b"\x09\0\0\0\0\0\0\1x"])
def test_what_is_no_log_is_no_silence(stream: bytes) -> None:
    with pytest.raises(Blind):
        list(lines_of(stream))


def test_started_programs_are_read() -> None:
    told = {
        "Action": "exec_create: sh -c id", "timeNano": 5_000_000_000,
        "Actor": {"ID": "b" * 64, "Attributes": {"name": "x.1.y", "com.docker.swarm.service.name": "x"}},
    }  # fmt: skip
    other = {**told, "Action": "exec_start: sh -c id"}
    body = "\n".join(json.dumps(each) for each in (told, other)).encode()
    assert list(programs_of(body)) == [Started(5, "x", "b" * 64, "sh -c id")]
    with pytest.raises(Blind):
        list(programs_of(b"<html>"))


def test_what_is_told_is_a_line_and_a_number() -> None:
    lines: list[str] = []
    telling = Telling(("door",), lines.append)
    telling.sees("door", "")
    telling.sees("door", "")
    for number in range(MOST_KEPT + 5):
        telling.event(Event(number, PROBING, f"10.0.0.{number}", "GET /", 10))
    source, first, *_ = map(json.loads, lines)
    assert (source["sees"], first["message"], first["source"]) == (True, "security event", "10.0.0.0")
    events, able, _ = telling.collect()
    assert {sample.labels["kind"]: sample.value for sample in events.samples}[PROBING] == MOST_KEPT + 5
    assert [sample.value for sample in able.samples] == [1]
