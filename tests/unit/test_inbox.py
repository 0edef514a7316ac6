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
    """A way in that answers only the third time, or as often as it is said."""

    def __init__(self, answers_at: int = 3) -> None:
        self.answers_at, self.asked = answers_at, 0

    def ask(self, method: str, path: str, **_: Any) -> Answer:
        self.asked += 1
        return Answer(method, path, 200 if self.asked == self.answers_at else 0, 0.0)


def test_what_brings_no_answer_is_asked_again_but_not_for_ever() -> None:
    late, never = Silent(), Silent(answers_at=0)
    assert ManyLooks(late).ask("GET", "/").status == 200
    assert ManyLooks(never).ask("POST", "/").status == 0
    assert (late.asked, never.asked) == (3, 3)
