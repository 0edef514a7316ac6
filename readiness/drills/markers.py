"""Customers who write all the time and leave what they wrote, so that afterwards it can be seen whether it is still there."""

from __future__ import annotations

import threading
from types import TracebackType

from readiness.targets.journey import Customer, Mark, Served
from readiness.targets.target import Target

CUSTOMERS = 2
PACE = 0.4  # seconds from one request of a customer to the next


class Markers:
    """Two customers, 5 requests/s in all, reads and writes mixed; one keeps his connection, the other opens new ones.

    Each begins with another of the door's addresses. What they wrote is removed at the end.
    """

    def __init__(self, target: Target) -> None:
        self._customers = [
            Customer(target, fresh_connections=place % 2 == 1, door=target.door_beginning_at(place))
            for place in range(CUSTOMERS)
        ]
        self._leaving = threading.Event()
        self._marks: list[Mark] = []
        self._troubles: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._visit, args=[each], daemon=True) for each in self._customers
        ]

    def __enter__(self) -> Markers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for customer in self._customers:
            customer.clean_up()
        if problem is None and self._troubles:
            raise self._troubles[0]

    def stop(self) -> None:
        """Let nobody write any more; what was written stays."""
        self._leaving.set()
        for thread in self._threads:
            thread.join()

    @property
    def served(self) -> tuple[Served, ...]:
        """Every answer so far, by the time of asking; those of unfinished walks come later."""
        return tuple(
            sorted((each for mark in self._marks for each in mark.answers), key=lambda each: each.asked)
        )

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every finished walk, acknowledged or not."""
        return tuple(self._marks)

    def find(self, mark: Mark) -> tuple[Served, ...]:
        """Ask for what a walk left."""
        return self._customers[0].find_mark(mark)

    def _visit(self, customer: Customer) -> None:
        try:
            while not self._leaving.is_set():
                self._marks.append(customer.leave_mark(PACE))
        except BaseException as trouble:  # noqa: BLE001 - raised again where the drill ends
            self._troubles.append(trouble)
