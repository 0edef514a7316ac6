"""Customers who write all the time and leave what they wrote, so that afterwards it can be seen whether it is still there."""

from __future__ import annotations

from readiness.drills.crowd import Crowd
from readiness.targets.journey import Customer, Mark, Served
from readiness.targets.target import Target

CUSTOMERS = 2
PACE = 0.4  # seconds from one request of a customer to the next


class Markers(Crowd):
    """Two customers, 5 requests/s in all, reads and writes mixed; one keeps his connection, the other opens new ones.

    Each begins with another of the door's addresses. What they wrote is removed at the end.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(
            [
                Customer(target, fresh_connections=place % 2 == 1, door=target.door_beginning_at(place))
                for place in range(CUSTOMERS)
            ]
        )
        self._marks: list[Mark] = []

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

    def come_once(self, customer: Customer) -> None:
        """One mark that is left, or tried to be."""
        self._marks.append(customer.leave_mark(PACE))
