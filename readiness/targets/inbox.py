"""The inbox in which notifications for people arrive: what came in since a time, by `GET /messages?since=TIME`."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from readiness.core.errors import CannotLook

ANSWERS_IN = 10.0


@dataclass(frozen=True)
class Message:
    """One notification as a person would read it. `received`: Unix seconds."""

    channel: str
    received: float
    subject: str
    text: str


class Inbox:
    """One inbox. CannotLook when it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def since(self, time: float) -> tuple[Message, ...]:
        """Everything that came in since a time (Unix seconds), oldest first."""
        try:
            answer = requests.get(
                f"{self._url}/messages", params={"since": f"{time:.3f}"}, timeout=ANSWERS_IN
            )
            answer.raise_for_status()
            told = answer.json()["messages"]
            return tuple(
                Message(each["channel"], float(each["received_at_seconds"]), each["subject"], each["text"])
                for each in told
            )
        except (requests.RequestException, ValueError, KeyError, TypeError) as problem:
            raise CannotLook(f"the inbox {self._url} cannot be read: {problem}") from problem
