"""What a line says about itself: its fields where it is JSON, its level, the request that it belongs to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

LEVELS = ("debug", "info", "warning", "error", "critical", "unknown")

_NAMES = {
    **dict.fromkeys(("trace", "debug", "dbg"), "debug"),
    **dict.fromkeys(("info", "information", "notice", "log", "statement", "detail", "hint"), "info"),
    **dict.fromkeys(("warn", "warning", "wrn"), "warning"),
    # FATAL of PostgreSQL ends one session, ALERT of HAProxy tells of one server: errors, not the end of the service.
    **dict.fromkeys(("error", "err", "eror"), "error"),
    **dict.fromkeys(("critical", "crit", "fatal", "panic", "emergency", "emerg"), "critical"),
}
_IN_WORDS = (
    (re.compile(r"^(panic: |fatal error: )|\bPANIC:  |\bOut of memory\b|\bMemoryError\b"), "critical"),
    (re.compile(r"\b(ERROR|FATAL):  |^\[ALERT\]|^Traceback \(most recent call last\)|^ERROR\b"), "error"),
    (re.compile(r"\bWARNING:  |^\[WARNING\]|^WARN(ING)?\b"), "warning"),
    (re.compile(r"\b(LOG|NOTICE|INFO|STATEMENT|DETAIL|HINT):  |^\[NOTICE\]|^(INFO|NOTICE)\b"), "info"),
    (re.compile(r"\bDEBUG\d?:  |^DEBUG\b"), "debug"),
)
_LOGFMT = re.compile(r"\blevel=\"?([a-zA-Z]+)")
_REDIS = re.compile(r"^\d+:[MSCX] .{20,30} ([.\-*#]) ")
_REDIS_LEVELS = {".": "debug", "-": "info", "*": "info", "#": "warning"}
FIRST_ERROR_STATUS = 500


@dataclass(frozen=True)
class Line:
    """One line as its container wrote it. `at`: when the engine received it; `text`: whole; `fields`: of a line that is JSON."""

    at: datetime
    stream: str
    text: str
    fields: dict[str, object] | None

    @property
    def level(self) -> str:
        """One of LEVELS."""
        return level_of(self.text, self.fields)

    @property
    def request(self) -> str | None:
        """The request that it belongs to, where it says so."""
        told = (self.fields or {}).get("request_id")
        return told if isinstance(told, str) and told else None


def line_of(at: str, stream: str, text: str) -> Line:
    """A line from the parts of the engine's record. Raises ValueError for a time that is none."""
    return Line(moment(at), stream, storable(text), fields_of(text))


def moment(text: str) -> datetime:
    """The engine's time (RFC 3339, nanoseconds) to the microsecond."""
    return datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", r"\1", text))


def storable(text: str) -> str:
    """The text without what a database does not keep: NUL, and halves of signs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def fields_of(text: str) -> dict[str, object] | None:
    """The fields of a line that is one JSON object; None for any other line, which is kept as it is."""
    if not text.startswith("{"):
        return None
    try:
        told = json.loads(text)
        kept = json.dumps(told, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and b"\\u0000" not in kept else None


def level_of(text: str, fields: dict[str, object] | None) -> str:
    """How serious a line is by its own account: a field, the mark of the program that wrote it, or the status of a request."""
    if fields is not None:
        for name in ("level", "severity", "lvl", "levelname"):
            if isinstance(fields.get(name), str):
                return _NAMES.get(str(fields[name]).lower(), "unknown")
        status = fields.get("status")
        if isinstance(status, int):
            return "error" if status >= FIRST_ERROR_STATUS else "info"
        return "unknown"
    if found := _REDIS.match(text):
        return _REDIS_LEVELS[found[1]]
    if found := _LOGFMT.search(text):
        return _NAMES.get(found[1].lower(), "unknown")
    return next((level for pattern, level in _IN_WORDS if pattern.search(text)), "unknown")
