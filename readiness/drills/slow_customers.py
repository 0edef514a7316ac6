"""Customers whose requests take seconds, because what they send comes slowly: records, and files."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from readiness.config.journey import JourneyRequest
from readiness.config.placeholders import filled
from readiness.core.waiting import clock, pause
from readiness.targets.target import Target

EVERY = 1.0  # seconds from the begin of one to that of the next
TAKES = 6.0  # seconds from the first byte of a request to its last
PIECES = 12
MOST_AT_ONCE = 30


@dataclass(frozen=True)
class SlowRequest:
    """One request to be sent slowly: `known` fills its path; `mark` is that of a record, "" for a file."""

    request: JourneyRequest
    known: Mapping[str, str]
    body: bytes
    content_type: str
    mark: str


@dataclass(frozen=True)
class SlowAnswer:
    """How a slow request was answered (clock of its begin and end); `fault` "" when rightly."""

    name: str
    began: float
    ended: float
    instance: str
    fault: str
    mark: str


class SlowCustomers:
    """One slow request begins every second, whatever becomes of the others. `end` waits for those that are open."""

    def __init__(self, target: Target, requests: Iterator[SlowRequest]) -> None:
        self._target = target
        self._requests = requests
        self._leaving = threading.Event()
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE)
        self._sent: list[Future[SlowAnswer]] = []
        self._thread = threading.Thread(target=self._send, daemon=True)

    def __enter__(self) -> SlowCustomers:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()
        self._pool.shutdown()

    def end(self) -> tuple[SlowAnswer, ...]:
        """Begin no more of them, and wait for the open ones."""
        self._leaving.set()
        self._thread.join()
        return tuple(each.result() for each in self._sent)

    def _send(self) -> None:
        began = clock()
        while not self._leaving.is_set():
            self._sent.append(self._pool.submit(self._one, next(self._requests)))
            self._leaving.wait(max(0.0, began + len(self._sent) * EVERY - clock()))

    def _one(self, each: SlowRequest) -> SlowAnswer:
        request, began = each.request, clock()
        headers = self._target.headers(request.identity) if request.identity else {}
        answer = self._target.another_door().ask(
            request.method,
            str(filled(request.path, each.known)),
            body=Trickle(each.body),
            headers={**headers, "Content-Type": each.content_type},
            timeout=TAKES + self._target.profile.patience.answer,
            fresh=True,
        )
        fault = "" if answer.status == request.expect_status else answer.error or f"status {answer.status}"
        return SlowAnswer(request.name, began, clock(), answer.instance, fault, each.mark)


class Trickle:
    """A body that is read piece by piece, with a pause before each; its length is known from the beginning."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._piece = max(1, -(-len(content) // PIECES))
        self._at = 0

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read():
            yield piece

    def read(self, _size: int = -1) -> bytes:
        """The next piece; empty at the end."""
        if self._at >= len(self._content):
            return b""
        pause(TAKES / PIECES)
        piece = self._content[self._at : self._at + self._piece]
        self._at += len(piece)
        return piece
