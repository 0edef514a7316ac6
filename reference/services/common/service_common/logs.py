"""Structured logs: one JSON object per line on standard output, nothing secret in it."""

import logging
import re
import sys
from dataclasses import dataclass

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"
_SECRET_NAME = re.compile(r"passw|secret|token|authorization|cookie|api[_-]?key|credential", re.IGNORECASE)
_SECRET_TEXT = (
    re.compile(r"(?i)\bbearer\s+[^\s\"',]+"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password in an address
    re.compile(r"(?i)\bpassword\s*=\s*\S+"),
    re.compile(r"\b[0-9a-fA-F]{64}\b"),  # a 256-bit key in hexadecimal
)


@dataclass(frozen=True)
class Identity:
    """Who is speaking: the service, the replica and the release."""

    service: str
    instance: str
    release: str


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank every field with a secret's name and every text with a secret's shape."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = REDACTED
        elif isinstance(value, str):
            for shape in _SECRET_TEXT:
                value = shape.sub(REDACTED, value)
            event[name] = value
    return event


def configure(identity: Identity, level: str) -> None:
    """Send the service's own logs and those of its libraries to standard output, in one shape."""

    def identify(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.update(service=identity.service, instance=identity.instance, version=identity.release)
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        identify,
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
