"""Tells what was found: one JSON line per event on standard output, and numbers for Prometheus."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from watch.suspicion import KINDS, Event

KEPT_SECONDS = 600
MOST_KEPT = 50


class Telling:
    """Writes events, and is a collector for the prometheus_client registry."""

    def __init__(self, sources: tuple[str, ...], write: Callable[[str], object] = print) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(KINDS, 0)
        self._sees = dict.fromkeys(sources, False)
        self._last: dict[tuple[str, str, str], float] = {}
        self._instance = socket.gethostname()

    def event(self, event: Event) -> None:
        """Tell of one event."""
        self.line(
            "security event", kind=event.kind, source=event.source, target=event.target, count=event.count,
            seen=datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds"),
        )  # fmt: skip
        with self._lock:
            self._counts[event.kind] += 1
            self._last[event.kind, event.source, event.target] = event.at
            newest = sorted(self._last.items(), key=lambda item: item[1])[-MOST_KEPT:]
            self._last = dict(newest)

    def sees(self, source: str, problem: str) -> None:
        """Tell whether a source can be read ("" as problem), in the log when that changes."""
        with self._lock:
            changed, self._sees[source] = self._sees[source] == bool(problem), not problem
        if changed:
            self.line("source", source=source, sees=not problem, problem=problem)

    def line(self, message: str, **fields: object) -> None:
        """One line of the log."""
        head = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "service": "watch"}
        self._write(json.dumps({**head, "instance": self._instance, "message": message, **fields}))

    def collect(self) -> Iterator[Metric]:
        """All metrics of one scrape."""
        with self._lock:
            counts, sees, last = dict(self._counts), dict(self._sees), dict(self._last)
        events = CounterMetricFamily("security_events", "Events that were told.", labels=("kind",))
        for kind, count in counts.items():
            events.add_metric((kind,), count)
        able = GaugeMetricFamily("watch_source_up", "1 while the source can be read.", labels=("source",))
        for source, up in sees.items():
            able.add_metric((source,), int(up))
        when = GaugeMetricFamily(
            "security_event_timestamp_seconds",
            "When it was last seen, since 1970.",
            labels=("kind", "source", "target"),
        )
        for labels, at in last.items():
            if time.time() - at < KEPT_SECONDS:
                when.add_metric(labels, at)
        yield from (events, able, when)
