"""What is seen of a break-in, and what is required of those who watch."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from readiness.config.watching import Kinds, Watching, WatchLog
from readiness.drills.break_in import Attempt, BreakIn, Noticed, events_in, seen_of
from readiness.matchers.break_in import is_told_to_a_person, leaves_the_honest_alone
from readiness.targets.inbox import Message

WATCHING = Watching(
    service="watch",
    log=WatchLog(message="message", says="event", kind="kind", source="from", target="to", seen="seen"),
    kinds=Kinds(keys="keys", probing="probing", program="program"),
    locked="/locked",
    identity="customer",
    alarm="BreakIn",
    people=("mail",),
)
EVENT = Noticed("keys", "198.51.100.7", "GET /locked", 101.0)
TRIED = Attempt("20 wrong keys", "keys", "", 100.0)
MESSAGE = Message("mail", 130.0, "[FIRING] BreakIn", "keys by 198.51.100.7\nAgainst GET /locked.")
TOLD = replace(TRIED, noticed=EVENT, told_after=30.0)


def seen(*attempts: Attempt, early: tuple[Noticed, ...] = ()) -> BreakIn:
    return BreakIn(examined=1, attempts=attempts, about_the_honest=early)


def test_an_event_and_its_message_are_found() -> None:
    assert seen_of(TRIED, [EVENT], [MESSAGE], WATCHING) == TOLD
    assert seen(TOLD).slowest == 30.0


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (EVENT, replace(MESSAGE, channel="heartbeat")),
        (EVENT, replace(MESSAGE, text="keys by 203.0.113.9\nAgainst GET /locked.")),
        (EVENT, replace(MESSAGE, subject="[FIRING] Another")),
        (replace(EVENT, kind="probing"), MESSAGE),
        (replace(EVENT, seen=50.0), MESSAGE),
    ],
)
def test_other_events_and_messages_do_not_count(event: Noticed, message: Message) -> None:
    untold = seen(seen_of(TRIED, [event], [message], WATCHING))
    assert not is_told_to_a_person().matches(untold)
    with pytest.raises(ValueError, match="nobody was told"):
        _ = untold.slowest


def test_a_program_is_noticed_in_the_container_in_which_it_was_started() -> None:
    attempt = Attempt("a shell", "program", "abc123", 100.0)
    elsewhere = Noticed("program", "engine", "other (def456)", 101.0)
    assert seen_of(attempt, [elsewhere], [], WATCHING).noticed is None
    here = replace(elsewhere, target="api (abc123)")
    assert seen_of(attempt, [elsewhere, here], [], WATCHING).noticed == here


def test_an_attempt_that_is_told_is_left_alone_and_one_without_its_source_is_not() -> None:
    assert is_told_to_a_person().matches(seen(TOLD))
    assert not is_told_to_a_person().matches(seen(replace(TOLD, noticed=replace(EVENT, source=""))))


def test_an_honest_visitor_who_is_told_of_is_a_false_alarm() -> None:
    assert leaves_the_honest_alone().matches(seen(TOLD))
    assert not leaves_the_honest_alone().matches(seen(TOLD, early=(EVENT,)))


def test_events_are_found_among_other_lines() -> None:
    line = {"message": "event", "kind": "keys", "from": "a", "to": "b", "seen": "1970-01-01T00:01:40+00:00"}
    log = "\n".join(["starting", json.dumps({"message": "other"}), "[1]", json.dumps(line)])
    assert list(events_in(log, WATCHING)) == [Noticed("keys", "a", "b", 100.0)]
