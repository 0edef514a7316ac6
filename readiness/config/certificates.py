"""Who serves the certificate of the public door, and who is told before it ends."""

from __future__ import annotations

from readiness.config.models import Name, StrictModel, Text


class ExpiryAlarm(StrictModel):
    """The alarm before a certificate ends: its name, and the series (selector) that tells when it ends, in Unix seconds."""

    alert: Text
    series: Text


class Certificates(StrictModel):
    """`door_service`: the service of the platform that serves the certificate to visitors."""

    door_service: Name
    expiry: ExpiryAlarm
