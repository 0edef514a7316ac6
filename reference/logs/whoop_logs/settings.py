"""Settings from the environment, and what all three programs do alike: log in, write a line, stop when told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"


def text(name: str, usual: str | None = None) -> str:
    """A setting; the end of the process (status 78) where it is missing and nothing is usual."""
    value = os.environ.get(name, usual)
    if not value:
        print(f"the setting {name} is missing", file=sys.stderr)
        raise SystemExit(EX_CONFIG)
    return value


def number(name: str, usual: float) -> float:
    """A setting that is a number greater than 0; the end of the process (status 78) where it is not."""
    value = os.environ.get(name, str(usual))
    try:
        if float(value) > 0:
            return float(value)
    except ValueError:
        pass
    print(f"the setting {name} must be a number greater than 0, and is {value!r}", file=sys.stderr)
    raise SystemExit(EX_CONFIG)


def log_in(role: str) -> psycopg.Connection:
    """A connection to the store as one of its roles. Raises psycopg.OperationalError."""
    return psycopg.connect(
        host=text("STORE_HOST", "log-store"),
        dbname="logs",
        user=role,
        password=Path(text("STORE_PASSWORD_FILE")).read_text(encoding="utf-8"),
        connect_timeout=5,
        keepalives_idle=10,
        tcp_user_timeout=20_000,
        application_name=f"{role}@{socket.gethostname()}",
    )


def say(service: str, message: str, level: str = "info", **fields: object) -> None:
    """One line of a program's own log."""
    head = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "service": service, "level": level}
    print(json.dumps({**head, "instance": socket.gethostname(), "message": message, **fields}), flush=True)


def stopped() -> threading.Event:
    """Set when the process is told to stop (SIGTERM or SIGINT)."""
    stop = threading.Event()
    for signalled in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signalled, lambda *_: stop.set())
    return stop
