"""Structured logs: one JSON object per line on standard output."""

import logging
import socket

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure(release: str, level: str) -> None:
    """Sends everything that is logged to standard output, with time (UTC), service, instance and version."""
    instance = socket.gethostname()

    def identify(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.update(service="autoscaler", instance=instance, version=release)
        return event

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            identify,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(),
    )
