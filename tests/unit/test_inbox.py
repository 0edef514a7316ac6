"""The inbox is read through a way in, all of it or what is new."""

from __future__ import annotations

import json
from typing import Any

import pytest

from readiness.core.errors import CannotLook
from readiness.drills.alert_desk import ManyLooks
from readiness.targets.door import Answer
from readiness.targets.inbox import Inbox, KeptInbox


class Way:
    """A way in to an inbox with these messages; keeps what it was asked."""

    def __init__(self, *received: float) -> None:
        self.received = list(received)
        self.asked: list[float] = []

    def ask(self, method: str, path: str, **_: Any) -> Answer:
        since = float(path.partition("since=")[2])
        self.asked.append(since)
        messages = [
            {
                "channel": "sms",
                "received_at_seconds": at,
                "subject": "",
                "text": f"at {at}",
                "recipients": ["+1"],
            }
            for at in self.received
            if at >= since
        ]
        return Answer(method, path, 200, 0.0, body=json.dumps({"messages": messages}).encode())


def test_all_since_a_time_is_read() -> None:
    (message,) = Inbox(Way(1.0, 2.0)).since(1.5)
    assert (message.received, message.recipients, message.words) == (2.0, ("+1",), "\nat 2.0")


def test_what_was_read_is_not_asked_for_again() -> None:
    way = Way(1.0, 2.0)
    inbox = KeptInbox(way)
    assert [each.received for each in inbox.since(0)] == [1.0, 2.0]
    way.received.append(3.0)
    assert [each.received for each in inbox.since(2)] == [2.0, 3.0]
    assert [each.received for each in inbox.since(0)] == [1.0, 2.0, 3.0]
    assert way.asked == pytest.approx([0.0, 1.99, 2.99])


@pytest.mark.parametrize(
    "answer", [Answer("GET", "/", 0, 0.0, error="refused"), Answer("GET", "/", 200, 0.0, body=b"{}")]
)
def test_what_cannot_be_read_is_said(answer: Answer) -> None:
    way = Way()
    way.ask = lambda *_, **__: answer  # type: ignore[method-assign]  # for this test only
    with pytest.raises(CannotLook, match="cannot be read"):
        Inbox(way).since(0)


class Silent:
    """A way in that answers only the third time."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, method: str, path: str, **_: Any) -> Answer:
        self.asked += 1
        return Answer(method, path, 200 if self.asked == 3 else 0, 0.0)


def test_a_look_is_repeated_but_nothing_that_changes_something() -> None:
    look, act = Silent(), Silent()
    assert ManyLooks(look).ask("GET", "/").status == 200
    assert ManyLooks(act).ask("POST", "/").status == 0
    assert (look.asked, act.asked) == (3, 1)
