"""What Prometheus reads of the collector: lines by service and level, the last critical ones, how far behind it is."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from whoop_logs.lines import LEVELS, Line

NEWS_FOR = 900.0  # seconds; older lines are kept, and are no reason for an alarm any more
FORGOTTEN_AFTER = (
    600.0  # seconds after which the numbers of a service without containers are not told any more
)


class Counts:
    """All numbers since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: Counter[tuple[str, str]] = Counter()
        self._critical: dict[str, float] = {}
        self._present: dict[str, float] = {}
        self._late = self._unreadable = self._failures = 0
        self._caught_up = time.time()
        self._oldest: date | None = None

    def present(self, services: Iterable[str]) -> None:
        """These services have containers; they have numbers from now on, be it 0."""
        with self._lock:
            self._present |= dict.fromkeys(services, time.time())

    def kept(self, service: str, lines: Iterable[Line], unreadable: int) -> None:
        """These lines are in the store."""
        now = time.time()
        with self._lock:
            self._unreadable += unreadable
            for line in lines:
                if now - line.at.timestamp() > NEWS_FOR:
                    self._late += 1
                    continue
                self._lines[service, line.level] += 1
                if line.level == "critical":
                    self._critical[service] = now

    def failed(self) -> None:
        """The store did not take what was read."""
        with self._lock:
            self._failures += 1

    def oldest(self, day: date | None) -> None:
        """The oldest day that can be searched."""
        with self._lock:
            self._oldest = day

    def caught_up(self) -> None:
        """Everything that was there is kept."""
        with self._lock:
            self._caught_up = time.time()

    def collect(self) -> Iterator[Metric]:
        """All metrics of one scrape."""
        now = time.time()
        with self._lock:
            self._present = {name: at for name, at in self._present.items() if now - at < FORGOTTEN_AFTER}
            lines, critical, services = dict(self._lines), dict(self._critical), set(self._present)
            behind = max(0.0, now - self._caught_up)
            oldest = self._oldest
            counters = {"late": self._late, "unreadable": self._unreadable, "failures": self._failures}
        told = CounterMetricFamily("log_lines", "Lines in the store.", labels=("log_service", "level"))
        last = GaugeMetricFamily(
            "log_critical_line_timestamp_seconds",
            "When a critical line was last collected.",
            labels=("log_service",),
        )
        for service in sorted(services):
            for level in LEVELS:
                told.add_metric((service, level), lines.get((service, level), 0))
            if service in critical:
                last.add_metric((service,), critical[service])
        yield from (told, last)
        yield GaugeMetricFamily("log_collector_behind_seconds", "Since everything was kept.", behind)
        if oldest:
            at = datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC).timestamp()
            yield GaugeMetricFamily(
                "log_oldest_day_timestamp_seconds", "When the oldest day in the store began.", at
            )
        yield CounterMetricFamily(
            "log_collector_late_lines", "Lines that were old news when they came.", counters["late"]
        )
        yield CounterMetricFamily(
            "log_collector_unreadable_records", "Records that are none.", counters["unreadable"]
        )
        yield CounterMetricFamily(
            "log_collector_failures", "Writings that the store refused.", counters["failures"]
        )
