"""A lookout in the background: who runs where, again and again, while a drill goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.probes.regions import Share

EVERY = 0.5


@dataclass(frozen=True)
class Look:
    """Who ran where at one time (clock)."""

    at: float
    shares: tuple[Share, ...]


class Lookout:
    """Looks twice a second. While the platform does not answer, nothing is seen, and nothing is made up."""

    def __init__(self, look: Callable[[], tuple[Share, ...]]) -> None:
        self._look = look
        self._looks: list[Look] = []
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Lookout:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()

    @property
    def looks(self) -> tuple[Look, ...]:
        """All looks so far, oldest first."""
        return tuple(self._looks)

    def _watch(self) -> None:
        while not self._leaving.wait(EVERY):
            at = clock()
            try:
                self._looks.append(Look(at, self._look()))
            except CannotLook:
                continue
