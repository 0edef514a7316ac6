"""The part of a profile about what watches the deployment."""

from __future__ import annotations

from readiness.config.alerting import Alerting
from readiness.config.availability import Availability
from readiness.config.capacity import Warnings
from readiness.config.logs import Logs
from readiness.config.meters import Meters
from readiness.config.models import StrictModel
from readiness.config.watching import Watching


class Monitoring(StrictModel):
    """Who watches for break-ins, who is told of alerts, how it is measured what is used, which alarms tell of what, and
    where logs come together."""

    watching: Watching | None = None
    alerting: Alerting | None = None
    meters: Meters | None = None
    warnings: Warnings | None = None
    availability: Availability | None = None
    logs: Logs | None = None
