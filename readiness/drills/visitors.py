"""Customers in the background: while a drill disturbs the target, they go on walking their journey and remember every answer."""

from __future__ import annotations

import threading
from types import TracebackType

from readiness.core.waiting import clock, pause
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

REQUESTS_PER_SECOND = 5.0


class Visitors:
    """Two customers, one that keeps its connection and one that opens a new one for each request; about 5 requests/s in all."""

    def __init__(self, target: Target) -> None:
        self._customers = [Customer(target, fresh_connections=fresh) for fresh in (False, True)]
        self._pace = len(self._customers) / REQUESTS_PER_SECOND
        self._leaving = threading.Event()
        self._served: list[Served] = []
        self._troubles: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._visit, args=[each], daemon=True) for each in self._customers
        ]

    def __enter__(self) -> Visitors:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        for thread in self._threads:
            thread.join()
        for customer in self._customers:
            customer.clean_up()
        if problem is None and self._troubles:
            raise self._troubles[0]

    @property
    def served(self) -> tuple[Served, ...]:
        """Every answer so far, in the order in which they came."""
        return tuple(self._served)

    def served_between(self, begin: float, end: float) -> tuple[Served, ...]:
        """The answers to what was asked between two readings of the clock."""
        return tuple(served for served in self._served if begin <= served.asked < end)

    def _visit(self, customer: Customer) -> None:
        try:
            while not self._leaving.is_set():
                for served in customer.walk():
                    self._served.append(served)
                    pause(max(0.0, served.asked + self._pace - clock()))
                    if self._leaving.is_set():
                        break
        except BaseException as trouble:  # noqa: BLE001 - raised again where the drill ends
            self._troubles.append(trouble)
