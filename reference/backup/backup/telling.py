"""Tells what was done: one JSON line per event on standard output, and numbers for Prometheus."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from backup.database import Copy

DATABASE, FILES, DRILL = "database", "files", "drill"
KINDS = (DATABASE, FILES, DRILL)


class Telling:
    """Writes events, and is a collector for the prometheus_client registry. `limits`: how old, in seconds, each may become."""

    def __init__(self, limits: Mapping[str, float], write: Callable[[str], object] = print) -> None:
        self._limits = limits
        self._write = write
        self._lock = threading.Lock()
        self._succeeded: dict[str, float] = {}
        self._failing: dict[str, bool] = dict.fromkeys(KINDS, False)
        self._failures: dict[str, int] = dict.fromkeys(KINDS, 0)
        self._waiting: float | None = None
        self._newest: Copy | None = None
        self._copies = 0

    def succeeded(self, what: str) -> float | None:
        """When it last succeeded, Unix seconds; None when it never did."""
        with self._lock:
            return self._succeeded.get(what) or None

    def done(self, what: str, at: float | None = None) -> None:
        """Something succeeded (at a moment of the past)."""
        with self._lock:
            self._succeeded[what] = time.time() if at is None else at
            self._failing[what] = False
        if at is None and what != FILES:
            self.line("done", kind=what)

    def failed(self, what: str, problem: str, at: float | None = None) -> None:
        """Something failed (at a moment of the past)."""
        with self._lock:
            self._failing[what] = True
            self._failures[what] += at is None
        self.line("failed", kind=what, problem=problem)

    def waiting(self, since: float | None) -> None:
        """A segment of the log has not been taken into the repository since then; None when none waits."""
        with self._lock:
            self._waiting = since

    def sized(self, newest: Copy) -> None:
        """How large the newest copy is."""
        with self._lock:
            self._newest = newest

    def told_of(self, copies: int) -> None:
        """How many copies of the database there are."""
        with self._lock:
            self._copies = copies

    def line(self, message: str, **fields: object) -> None:
        """One line of the log."""
        head = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "service": "backup"}
        self._write(json.dumps({**head, "instance": socket.gethostname(), "message": message, **fields}))

    def collect(self) -> Iterator[Metric]:
        """All metrics of one scrape."""
        with self._lock:
            succeeded, failing, failures = dict(self._succeeded), dict(self._failing), dict(self._failures)
            waiting, newest, copies = self._waiting, self._newest, self._copies
        yield _by_kind(
            "backup_last_success_timestamp_seconds", "When it last succeeded, since 1970.", succeeded
        )
        yield _by_kind("backup_limit_seconds", "How old the last success may be.", self._limits)
        yield _by_kind("backup_failing", "1 when the last try failed.", failing)
        failed = CounterMetricFamily("backup_failures", "Tries that failed.", labels=("kind",))
        for kind, number in failures.items():
            failed.add_metric((kind,), number)
        yield failed
        yield GaugeMetricFamily(
            "backup_log_waiting_seconds",
            "For how long a segment of the database's log has waited to be taken in.",
            value=0.0 if waiting is None else max(0.0, time.time() - waiting),
        )
        yield GaugeMetricFamily("backup_copies", "Copies of the database.", value=copies)
        if newest:
            yield GaugeMetricFamily(
                "backup_size_bytes", "The database in the newest copy.", value=newest.size
            )
            yield GaugeMetricFamily(
                "backup_stored_bytes", "What the newest copy added to the repository.", value=newest.stored
            )


def _by_kind(name: str, words: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    metric = GaugeMetricFamily(name, words, labels=("kind",))
    for kind, value in values.items():
        metric.add_metric((kind,), float(value))
    return metric
