"""Customers in the background: each in a thread of their own, until they are stopped; what they made is removed at the end."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from readiness.targets.journey import Customer


class Crowd(ABC):
    """Customers who come with the block and leave with it. What went wrong with one of them is raised where the block ends."""

    def __init__(self, customers: Sequence[Customer]) -> None:
        self._customers = customers
        self._leaving = threading.Event()
        self._troubles: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._visit, args=[each], daemon=True) for each in self._customers
        ]

    def __enter__(self) -> Self:
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
        """Let nobody ask for anything any more; what was written stays until the block ends."""
        self._leaving.set()
        for thread in self._threads:
            thread.join()

    @abstractmethod
    def come_once(self, customer: Customer) -> None:
        """One visit of a customer; it is repeated until all are stopped."""

    def _visit(self, customer: Customer) -> None:
        try:
            while not self._leaving.is_set():
                self.come_once(customer)
        except BaseException as trouble:  # noqa: BLE001 - raised again where the drill ends
            self._troubles.append(trouble)
