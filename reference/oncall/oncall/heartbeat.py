"""A sign of life of the alerting: when it stops, somebody is called, for then nobody would hear of anything else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from oncall.incidents import CRITICAL, Notice, NotUnderstood

TITLE = "HeartbeatStopped"
SAID = "said_at"


class Heartbeat:
    """The newest sign of life. `patience`: seconds without one after which the alerting counts as dead.

    Each sign says when it was made, so that one which Alertmanager repeats by itself does not count as a new one.
    """

    def __init__(self, patience: float, now: float) -> None:
        self._patience = patience
        self._last = now
        self._lock = threading.Lock()

    def receive(self, told: Mapping[str, Any]) -> None:
        """A notification of the alert that always fires. NotUnderstood when it does not say when it was made."""
        try:
            made = max(float(each["annotations"][SAID]) for each in told["alerts"])
        except (KeyError, TypeError, ValueError) as problem:
            raise NotUnderstood(
                f"a heartbeat without {SAID}: {type(problem).__name__}: {problem}"
            ) from problem
        with self._lock:
            self._last = max(self._last, made)

    def age(self, now: float) -> float:
        """Seconds since the newest sign of life."""
        with self._lock:
            return now - self._last

    def notice(self, now: float) -> Notice:
        """What there is to tell: that it stopped, or (`ended`) that it is there."""
        age = self.age(now)
        return Notice(
            problem=TITLE, title=TITLE, service="prometheus", severity=CRITICAL, owner="platform",
            summary="Prometheus or Alertmanager gives no sign of life; other alerts do not come",
            value=f"{age:.0f} s", runbook="runbooks/alerts.md#watchdog", source="",
            began=now - age, ended=now if age <= self._patience else None,
        )  # fmt: skip
