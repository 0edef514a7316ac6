"""Passers-by: somebody who looks in at the door all the time, and sees whether it answers."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from readiness.core.waiting import pause
from readiness.targets.target import Target

EVERY = 0.2


class Passers:
    """Asks for the page by which the door is known to be ready, five times a second, while the block lasts.

    Beside the few requests that a drill lets fail, these keep the share of errors what it is on a day with customers.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._pass_by, daemon=True)
        self._answers: list[int] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()

    @property
    def answers(self) -> tuple[int, ...]:
        """The statuses of all answers so far; 0 for none."""
        return tuple(self._answers)

    def _pass_by(self) -> None:
        door, ready = self._target.another_door(), self._target.profile.door.ready
        while not self._leaving.is_set():
            answer = door.ask("GET", ready.path, timeout=self._target.profile.patience.answer)
            self._answers.append(answer.status)
            pause(EVERY)
