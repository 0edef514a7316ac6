"""Customers who keep arriving, one a second, whatever becomes of those before them: nobody waits for somebody who is stuck."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from readiness.core.waiting import clock, pause
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

BETWEEN_ARRIVALS = 1.0
BETWEEN_REQUESTS = 0.15
MOST_AT_ONCE = 40


class Arrivals:
    """Each customer walks one journey, with a pause after each request; every second one opens new connections for all of them.
    A customer whom one answer fails leaves.

    That makes as many requests per second as a journey has, reads and writes mixed, spread out in time.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._leaving = threading.Event()
        self._served: list[Served] = []
        self._customers: list[Customer] = []
        self._walks: list[Future[None]] = []
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE)
        self._gate = threading.Thread(target=self._let_in, daemon=True)

    def __enter__(self) -> Arrivals:
        self._gate.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._gate.join()
        self._pool.shutdown()
        for customer in self._customers:
            customer.clean_up()
        if problem is None:
            for walk in self._walks:
                walk.result()

    @property
    def served(self) -> tuple[Served, ...]:
        """Every answer so far, in the order in which they came."""
        return tuple(self._served)

    def _let_in(self) -> None:
        began = clock()
        while not self._leaving.is_set():
            customer = Customer(self._target, fresh_connections=len(self._customers) % 2 == 0)
            self._customers.append(customer)
            self._walks.append(self._pool.submit(self._visit, customer))
            pause(max(0.0, began + len(self._customers) * BETWEEN_ARRIVALS - clock()))

    def _visit(self, customer: Customer) -> None:
        for served in customer.walk():
            self._served.append(served)
            if (
                self._leaving.is_set() or not served.right
            ):  # after a lost write, what follows says nothing new
                break
            pause(BETWEEN_REQUESTS)
