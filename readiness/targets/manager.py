"""The service that decides who is told of which alert, by Alertmanager's HTTP API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from readiness.core.errors import CannotLook
from readiness.targets.door import Doorway

ANSWERS_IN = 10.0


@dataclass(frozen=True)
class Raised:
    """An alert as it is raised: labels, annotations, and when it is over (Unix seconds; None: it lasts)."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    ended: float | None = None


@dataclass(frozen=True)
class Silence:
    """Alerts that are not told of. `matches`: label, value, whether the value is a regular expression, whether it is negated.

    Unix seconds.
    """

    id: str
    author: str
    reason: str
    begins: float
    ends: float
    matches: tuple[tuple[str, str, bool, bool], ...]


class AlertManager:
    """One of them, behind a way in. CannotLook when it does not answer."""

    def __init__(self, door: Doorway) -> None:
        self._door = door

    def ready(self) -> bool:
        """Whether it takes alerts."""
        return self._door.ask("GET", "/-/ready", timeout=ANSWERS_IN).status == 200

    def raise_alerts(self, alerts: Iterable[Raised]) -> None:
        """Raise alerts, or tell that they are over, as a metrics service does."""
        content = [
            {
                "labels": dict(each.labels),
                "annotations": dict(each.annotations),
                "generatorURL": "http://trial.invalid/graph",
            }
            | (
                {"endsAt": datetime.fromtimestamp(each.ended, UTC).isoformat()}
                if each.ended is not None
                else {}
            )
            for each in alerts
        ]
        answer = self._door.ask("POST", "/api/v2/alerts", json=content, timeout=ANSWERS_IN)
        if answer.status != 200:
            raise CannotLook(f"alerts cannot be raised: {answer.error or f'status {answer.status}'}")

    def silences(self) -> tuple[Silence, ...]:
        """All that are in force or will be."""
        answer = self._door.ask("GET", "/api/v2/silences", timeout=ANSWERS_IN)
        if answer.status != 200:
            raise CannotLook(f"silences cannot be read: {answer.error or f'status {answer.status}'}")
        return tuple(
            Silence(
                each["id"], each.get("createdBy", ""), each.get("comment", ""),
                _seconds(each["startsAt"]), _seconds(each["endsAt"]),
                tuple(
                    (one["name"], one["value"], bool(one["isRegex"]), not one.get("isEqual", True)) for one in each["matchers"]
                ),
            )
            for each in answer.json()
            if each["status"]["state"] != "expired"
        )  # fmt: skip


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
