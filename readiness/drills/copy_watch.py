"""How many copies of the service were healthy, twice a second, while something goes on."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import TracebackType

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.targets.target import Target

EVERY = 0.5
SOUND = ("healthy", "")


@dataclass(frozen=True)
class CopyLook:
    """One look: how many copies were asked for, and which ran and were healthy, by the id of their image (sorted)."""

    at: float
    asked: int
    healthy: tuple[str, ...]


class CopyWatch:
    """Looks while its block lasts. While the platform does not answer, nothing is seen, and nothing is made up."""

    def __init__(self, target: Target) -> None:
        self._platform = target.platform
        self._service = target.profile.service.name
        self._looks: list[CopyLook] = []
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> CopyWatch:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()

    @property
    def looks(self) -> tuple[CopyLook, ...]:
        """All looks so far, oldest first."""
        return tuple(self._looks)

    def _watch(self) -> None:
        while not self._leaving.wait(EVERY):
            try:
                self._look()
            except CannotLook:
                continue

    def _look(self) -> None:
        at, asked = clock(), self._platform.service(self._service).desired
        copies = self._platform.replicas(self._service)
        self._looks.append(
            CopyLook(at, asked, tuple(sorted(each.image_id for each in copies if each.health in SOUND)))
        )
