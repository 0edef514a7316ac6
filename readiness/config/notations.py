"""One spelling for values that can be written in many ways: `1m30s` and `90s`, `512M` and `536870912`, nested or flat."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

from readiness.config.secrets import SECRET_KEY

DURATIONS = frozenset(
    {
        "interval",
        "timeout",
        "start_period",
        "start_interval",
        "stop_grace_period",
        "delay",
        "monitor",
        "window",
    }
)
SIZES = frozenset({"memory", "size", "shm_size", "mem_limit", "mem_reservation", "memswap_limit"})
DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?")
SIZE = re.compile(r"([\d.]+)\s*([kmgt]?)i?b?", re.IGNORECASE)
_ONE_RUN = secrets.token_bytes(32)


def flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Nested mappings as keys with blanks between; lists of plain values as sorted text. Nothing for what is empty."""
    if value is None or value in ({}, []):
        return
    last = key.rpartition(" ")[2]
    match value:
        case dict():
            for name, each in value.items():
                yield from flat(f"{key} {name}", each)
        case list() if key == "healthcheck test":
            yield key, json.dumps([str(each) for each in value])
        case list():
            shown = (
                json.dumps(each, sort_keys=True) if isinstance(each, dict) else str(each) for each in value
            )
            yield key, ", ".join(sorted(shown))
        case _ if last in DURATIONS:
            yield key, seconds(str(value))
        case _ if last in SIZES:
            yield key, size(str(value))
        case _ if last == "cpus":
            yield key, f"{float(value):g}"
        case _:
            yield key, plain(value)


def plain(value: Any) -> str:
    """A number, a text or yes and no, as a container would be told."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def seconds(text: str) -> str:
    """A duration in seconds; what is none stays as it is."""
    found = DURATION.fullmatch(text)
    if not text or found is None:
        return text
    parts = zip(found.groups(), (3600, 60, 1, 0.001), strict=True)
    return f"{sum(float(part or 0) * unit for part, unit in parts):g} s"


def size(text: str) -> str:
    """A size in bytes; what is none stays as it is."""
    found = SIZE.fullmatch(text.strip())
    if found is None:
        return text
    return f"{float(found[1]) * 1024 ** ('kmgt'.index(found[2].lower()) + 1 if found[2] else 0):.0f} bytes"


def hidden(name: str, value: str) -> str:
    """A value whose name says that it is a secret, as a mark that is the same for the same value during this run only."""
    if not value or not SECRET_KEY.search(name) or name.upper().endswith(("_FILE", "_PATH", "_URL", "_HOST")):
        return value
    return mark(value)


def mark(value: str) -> str:
    """What is shown for a secret: the same for the same value during this run only."""
    return f"(hidden, mark {hmac.new(_ONE_RUN, value.encode(), hashlib.sha256).hexdigest()[:12]})"
