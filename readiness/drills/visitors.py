"""Customers in the background: while a drill disturbs the target, they go on walking their journey and remember every answer."""

from __future__ import annotations

from readiness.core.waiting import clock, pause
from readiness.drills.crowd import Crowd
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

REQUESTS_PER_SECOND = 5.0


class Visitors(Crowd):
    """Two customers, one that keeps its connection and one that opens a new one for each request; about 5 requests/s in all."""

    def __init__(self, target: Target) -> None:
        super().__init__([Customer(target, fresh_connections=fresh) for fresh in (False, True)])
        self._pace = len(self._customers) / REQUESTS_PER_SECOND
        self._served: list[Served] = []

    @property
    def served(self) -> tuple[Served, ...]:
        """Every answer so far, in the order in which they came."""
        return tuple(self._served)

    def served_between(self, begin: float, end: float) -> tuple[Served, ...]:
        """The answers to what was asked between two readings of the clock."""
        return tuple(served for served in self._served if begin <= served.asked < end)

    def come_once(self, customer: Customer) -> None:
        """One walk, with a pause after each request."""
        for served in customer.walk():
            self._served.append(served)
            pause(max(0.0, served.asked + self._pace - clock()))
            if self._leaving.is_set():
                break
