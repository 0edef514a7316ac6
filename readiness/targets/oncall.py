"""The on-call service: who is on duty when, the incidents, and what becomes of them, by its HTTP API.

Unix seconds everywhere. GET /incidents?since=TIME, /incidents/N, /figures, /reviews?at=TIME, /schedule?from=TIME&until=TIME;
POST /incidents/N/acknowledge, /incidents/N/review, and /alerts in the format of Alertmanager's webhooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from readiness.core.errors import CannotLook
from readiness.targets.door import Doorway

ANSWERS_IN = 10.0

Read = TypeVar("Read")


@dataclass(frozen=True)
class Incident:
    """One incident. Unix seconds; None: not yet. `source`: where its alert can be looked at."""

    id: int
    title: str
    service: str
    severity: str
    summary: str
    runbook: str
    source: str
    began: float
    opened: float
    notices: int
    acknowledged: float | None
    resolved: float | None


@dataclass(frozen=True)
class Person:
    """Somebody on duty, and where he is reached."""

    name: str
    phone: str
    mail: str


@dataclass(frozen=True)
class Duty:
    """From one time to another these are on duty, in the order in which they are called."""

    begins: float
    ends: float
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Figures:
    """Mean seconds from the beginning of a problem until it was acknowledged, and until it was over; None: of none."""

    acknowledge: float | None
    recover: float | None


class OnCallService:
    """One on-call service behind a way in. CannotLook when it does not answer as it should."""

    def __init__(self, door: Doorway) -> None:
        self._door = door

    def incidents(self, since: float = 0.0) -> tuple[Incident, ...]:
        """Those that lasted at a time or began later, oldest first."""
        told = self._ask("GET", f"/incidents?since={since:.3f}")
        return self._read(lambda: tuple(_incident(each) for each in told["incidents"]))

    def figures(self) -> Figures:
        """The mean times over all incidents."""
        told = self._ask("GET", "/figures")
        return self._read(lambda: Figures(told["mtta_seconds"], told["mttr_seconds"]))

    def overdue(self, at: float) -> tuple[int, ...]:
        """The incidents whose review is overdue, seen from a time."""
        told = self._ask("GET", f"/reviews?at={at:.3f}")
        return self._read(lambda: tuple(int(each["id"]) for each in told["overdue"]))

    def schedule(self, begins: float, ends: float) -> tuple[Duty, ...]:
        """Who is on duty from one time to another, in order of time."""
        told = self._ask("GET", f"/schedule?from={begins:.3f}&until={ends:.3f}")
        return self._read(
            lambda: tuple(
                Duty(
                    float(each["from"]),
                    float(each["until"]),
                    tuple(Person(one["name"], one["phone"], one["mail"]) for one in each["people"]),
                )
                for each in told["schedule"]
            )
        )

    def notify(self, notification: Mapping[str, Any]) -> None:
        """Tell it of a problem, as Alertmanager would."""
        self._ask("POST", "/alerts", notification)

    def acknowledge(self, number: int, by: str) -> None:
        """Take an incident over."""
        self._ask("POST", f"/incidents/{number}/acknowledge", {"by": by})

    def review(self, number: int, by: str, lesson: str) -> None:
        """Write down what was learned from an incident."""
        self._ask("POST", f"/incidents/{number}/review", {"by": by, "lesson": lesson})

    def _ask(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        answer = self._door.ask(method, path, json=content, timeout=ANSWERS_IN)
        if answer.status != 200:
            seen = answer.error or f"status {answer.status}: {answer.body.decode(errors='replace')[:300]}"
            raise CannotLook(f"the on-call service does not answer {method} {path}: {seen}")
        return answer.json()

    def _read(self, read: Callable[[], Read]) -> Read:
        try:
            return read()
        except (KeyError, TypeError, ValueError) as problem:
            words = f"{type(problem).__name__}: {problem}"
            raise CannotLook(f"the on-call service tells something else than expected: {words}") from problem


def _incident(told: Mapping[str, Any]) -> Incident:
    return Incident(
        id=int(told["id"]), title=told["title"], service=told["service"], severity=told["severity"],
        summary=told["summary"], runbook=told["runbook"], source=told["source"], began=float(told["began"]),
        opened=float(told["opened"]), notices=int(told["notices"]), acknowledged=told["first_acknowledged"],
        resolved=told["resolved"],
    )  # fmt: skip
