"""Counts what becomes of each request, in this second and in all."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from hdrh.histogram import HdrHistogram

from readiness.load.results import Second, Serving, Total

MICROSECONDS = 1_000_000
LONGEST = 3600 * MICROSECONDS
DIGITS = 3


@dataclass(frozen=True)
class Exchange:
    """One request that has ended: when it was due, sent and answered, by which copy of which release; `fault` "" for the right
    answer. `number`: of one that is like no other.
    """

    due: float
    sent: float
    answered: float
    instance: str
    fault: str
    release: str = ""
    number: int | None = None


class Tally:
    """`began` is the clock when the load began; `largest_lag` is only passed on."""

    def __init__(self, began: float, largest_lag: float) -> None:
        self._began = began
        self._largest_lag = largest_lag
        self._latencies, self._lags = _histogram(), _histogram()
        self._due = self._sent = self._answered = self._right = 0
        self._errors: Counter[str] = Counter()
        self._known: set[str] = set()
        self._copies: dict[tuple[str, str], tuple[float, float, int]] = {}
        self._numbers: list[int] = []
        self._processor = time.process_time()
        self._open_second()

    def _open_second(self) -> None:
        self._second = Counter[str]()
        self._second_latencies = _histogram()
        self._second_lag = 0.0
        self._second_errors: Counter[str] = Counter()
        self._instances: Counter[str] = Counter()
        self._newcomers: dict[str, float] = {}
        self._releases: Counter[str] = Counter()

    def due(self, *, sent_late_by: float | None) -> None:
        """A request was due, and was sent so many seconds late; None where it was not sent at all."""
        self._due += 1
        self._second["due"] += 1
        if sent_late_by is not None:
            self._sent += 1
            self._second["sent"] += 1
            self._second_lag = max(self._second_lag, sent_late_by)
            _record(self._lags, sent_late_by)

    def ended(self, exchange: Exchange) -> None:
        """A request was answered, or given up."""
        self._answered += 1
        self._second["answered"] += 1
        for histogram in (self._latencies, self._second_latencies):
            _record(histogram, exchange.answered - exchange.due)
        if exchange.instance:
            key = (exchange.instance, exchange.release)
            first, _, count = self._copies.get(key, (exchange.sent, 0.0, 0))
            self._copies[key] = (min(first, exchange.sent), exchange.answered, count + 1)
            self._releases[exchange.release] += 1
        if exchange.fault:
            self._errors[exchange.fault] += 1
            self._second_errors[exchange.fault] += 1
            return
        self._right += 1
        if exchange.number is not None:
            self._numbers.append(exchange.number)
        self._instances[exchange.instance] += 1
        if exchange.instance not in self._known:
            self._known.add(exchange.instance)
            self._newcomers[exchange.instance] = exchange.answered

    def close_second(self, at: float, in_flight: int) -> Second:
        """The second that ends now; the next one begins."""
        latencies, counts = self._second_latencies, self._second
        seen = Second(
            at=at,
            due=counts["due"],
            sent=counts["sent"],
            answered=counts["answered"],
            in_flight=in_flight,
            p50=_percentile(latencies, 50),
            p95=_percentile(latencies, 95),
            slowest=_percentile(latencies, 100),
            lag=self._second_lag,
            errors=dict(self._second_errors),
            instances=dict(self._instances),
            newcomers=dict(self._newcomers),
            releases=dict(self._releases),
        )
        self._open_second()
        return seen

    def total(self, ended: float) -> Total:
        """Everything until now."""
        latencies = self._latencies
        return Total(
            due=self._due,
            sent=self._sent,
            answered=self._answered,
            right=self._right,
            errors=dict(self._errors),
            mean=latencies.get_mean_value() / MICROSECONDS if self._answered else 0.0,
            p50=_percentile(latencies, 50),
            p95=_percentile(latencies, 95),
            p99=_percentile(latencies, 99),
            slowest=_percentile(latencies, 100),
            lag=_percentile(self._lags, 99),
            largest_lag=self._largest_lag,
            processor=(time.process_time() - self._processor) / max(1e-9, ended - self._began),
            copies=tuple(
                Serving(instance, release, *times) for (instance, release), times in self._copies.items()
            ),
            numbers=tuple(self._numbers),
            histogram=latencies.encode().decode("ascii"),
        )


def _histogram() -> HdrHistogram:
    return HdrHistogram(1, LONGEST, DIGITS)


def _record(histogram: HdrHistogram, seconds: float) -> None:
    histogram.record_value(max(1, round(seconds * MICROSECONDS)))


def _percentile(histogram: HdrHistogram, percentile: float) -> float:
    return (
        float(histogram.get_value_at_percentile(percentile)) / MICROSECONDS if histogram.total_count else 0.0
    )
