"""The inbox in which notifications for people arrive: what came in since a time, by `GET /messages?since=TIME`."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.targets.door import Door, Doorway

ANSWERS_IN = 10.0
OVERLAP = 0.01  # seconds: times are rounded on their way


@dataclass(frozen=True)
class Message:
    """One notification as a person would read it. `received`: Unix seconds; `recipients`: to whom it is addressed."""

    channel: str
    received: float
    subject: str
    text: str
    recipients: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All that stands in it."""
        return f"{self.subject}\n{self.text}"


class Inbox:
    """One inbox, at an address or behind a way in. CannotLook when it does not answer."""

    def __init__(self, at: str | Doorway) -> None:
        self._door = Door(at) if isinstance(at, str) else at

    def since(self, time: float) -> tuple[Message, ...]:
        """Everything that came in since a time (Unix seconds), oldest first."""
        answer = self._door.ask("GET", f"/messages?since={time:.3f}", timeout=ANSWERS_IN)
        try:
            if answer.status != 200:
                raise ValueError(answer.error or f"status {answer.status}")
            return tuple(
                Message(
                    each["channel"],
                    float(each["received_at_seconds"]),
                    each["subject"],
                    each["text"],
                    tuple(each.get("recipients") or ()),
                )
                for each in answer.json()["messages"]
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise CannotLook(f"the inbox cannot be read: {type(problem).__name__}: {problem}") from problem


class KeptInbox(Inbox):
    """The same, and asks only for what it has not read yet: for a way in that is slow, or breaks long answers."""

    def __init__(self, at: str | Doorway) -> None:
        super().__init__(at)
        self._read: dict[Message, None] = {}

    def since(self, time: float) -> tuple[Message, ...]:
        """Everything that came in since a time (Unix seconds), oldest first; nothing that came before the first question."""
        last = max((each.received - OVERLAP for each in self._read), default=time)
        self._read |= dict.fromkeys(super().since(last))
        return tuple(each for each in self._read if each.received >= time)
