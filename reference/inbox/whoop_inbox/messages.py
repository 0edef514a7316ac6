"""What was received, newest last, for as long as the process lives."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

CHANNELS = ("mail", "chat", "sms", "heartbeat")


@dataclass(frozen=True)
class Message:
    """One received notification.

    `received_at` is in UTC; `text` is what a person would read; `raw` is the notification as it came in.
    """

    number: int
    channel: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    raw: str

    def as_json(self) -> dict[str, object]:
        """The message as plain JSON values; the time as ISO 8601 and as seconds since 1970."""
        return {
            "number": self.number,
            "channel": self.channel,
            "received_at": self.received_at.isoformat(timespec="milliseconds"),
            "received_at_seconds": self.received_at.timestamp(),
            "sender": self.sender,
            "recipients": list(self.recipients),
            "subject": self.subject,
            "text": self.text,
            "raw": self.raw,
        }


@dataclass(frozen=True)
class Draft:
    """A notification as a receiver understood it, before it is numbered and dated."""

    channel: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    raw: str


class Messages:
    """The messages of this process; the oldest are dropped beyond `capacity`. Safe for several threads."""

    def __init__(self, capacity: int = 5000) -> None:
        self._kept: deque[Message] = deque(maxlen=capacity)
        self._numbers = count(1)
        self._lock = threading.Lock()

    def keep(self, draft: Draft) -> Message:
        """Numbers, dates and keeps a notification."""
        with self._lock:
            message = Message(number=next(self._numbers), received_at=datetime.now(UTC), **vars(draft))
            self._kept.append(message)
        return message

    def find(self, channel: str | None = None, since: datetime | None = None) -> list[Message]:
        """The messages of a channel (all channels: None) received at `since` or later, oldest first."""
        with self._lock:
            kept = list(self._kept)
        return [
            message
            for message in kept
            if (channel is None or message.channel == channel)
            and (since is None or message.received_at >= since)
        ]

    def forget(self, channel: str | None = None) -> int:
        """Drops the messages of a channel (all channels: None) and returns how many there were."""
        with self._lock:
            staying = [
                message for message in self._kept if channel is not None and message.channel != channel
            ]
            dropped = len(self._kept) - len(staying)
            self._kept.clear()
            self._kept.extend(staying)
        return dropped
