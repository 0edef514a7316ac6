"""Numbers for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from oncall.calling import Calling
from oncall.heartbeat import Heartbeat
from oncall.incidents import Incidents
from oncall.schedule import Schedule

LOOKS_AHEAD = timedelta(days=14)


class Numbers:
    """A collector for the prometheus_client registry."""

    def __init__(
        self, incidents: Incidents, calling: Calling, heartbeat: Heartbeat, schedule: Schedule
    ) -> None:
        self._incidents, self._calling = incidents, calling
        self._heartbeat, self._schedule = heartbeat, schedule

    def collect(self) -> Iterator[Metric]:
        """All metrics of one scrape."""
        now = time.time()
        figures = self._incidents.figures()
        today = datetime.fromtimestamp(now, UTC)
        holes = self._schedule.holes(today, today + LOOKS_AHEAD)
        gauges = {
            "oncall_incidents_open": ("Incidents that are not over.", len(self._incidents.open())),
            "oncall_reviews_overdue": (
                "Critical incidents without a review.",
                len(self._incidents.overdue(now)),
            ),
            "oncall_messages_undelivered": ("Messages that were tried in vain.", self._calling.undelivered()),
            "oncall_heartbeat_age_seconds": (
                "Since the last sign of life of the alerting.",
                self._heartbeat.age(now),
            ),
            "oncall_schedule_hole_seconds": (
                "Time within the next 14 days in which nobody is on duty.",
                sum((each.ends - each.begins).total_seconds() for each in holes),
            ),
            "oncall_mtta_seconds": ("Mean time to acknowledge.", figures["mtta_seconds"] or 0),
            "oncall_mttr_seconds": ("Mean time to recover.", figures["mttr_seconds"] or 0),
        }
        for name, (words, value) in gauges.items():
            yield GaugeMetricFamily(name, words, value=value)
        for name, words, counts in (
            ("oncall_messages", "Messages that were delivered.", self._calling.delivered),
            ("oncall_messages_failed", "Attempts at delivery that failed.", self._calling.failed),
        ):
            family = CounterMetricFamily(name, words, labels=("channel",))
            for channel, count in counts.items():
                family.add_metric((channel,), count)
            yield family
