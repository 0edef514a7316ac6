"""Tells how the last walk went: numbers for Prometheus, and a JSON line on standard output for each step that failed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from robot.walking import Result


class Telling:
    """A collector for the prometheus_client registry. Steps that a walk did not reach have no value."""

    def __init__(self, write: Callable[[str], object] = print) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._walks = {"served": 0, "broken": 0}
        self._last: tuple[Result, ...] = ()
        self._began = 0.0
        self._instance = socket.gethostname()

    def walked(self, results: Sequence[Result], began: float) -> bool:
        """Keep how a walk went that began at this time (Unix seconds); whether every step was answered as it should be."""
        broken = [each for each in results if each.problem]
        for each in broken:
            self.line("step failed", step=each.step, problem=each.problem, request_id=each.request_id)
        with self._lock:
            self._walks["broken" if broken else "served"] += 1
            self._last, self._began = tuple(results), began
        return not broken

    def line(self, message: str, **fields: object) -> None:
        """One line of the log."""
        head = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "service": "robot"}
        self._write(json.dumps({**head, "instance": self._instance, "message": message, **fields}))

    def collect(self) -> Iterator[Metric]:
        """All metrics of one scrape."""
        with self._lock:
            walks, last, began = dict(self._walks), self._last, self._began
        counts = CounterMetricFamily("journey_walks", "Walks that ended.", labels=("result",))
        for result, count in walks.items():
            counts.add_metric((result,), count)
        up = GaugeMetricFamily(
            "journey_step_up",
            "1 when the step was answered as it should be, on the last walk.",
            labels=("step",),
        )
        seconds = GaugeMetricFamily(
            "journey_step_seconds", "How long the step took on the last walk.", labels=("step",)
        )
        for each in last:
            up.add_metric((each.step,), int(not each.problem))
            seconds.add_metric((each.step,), each.seconds)
        when = GaugeMetricFamily(
            "journey_last_walk_timestamp_seconds", "When the last walk began, since 1970."
        )
        when.add_metric((), began)
        yield from (counts, up, seconds, when)
