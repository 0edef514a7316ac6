"""The spellings under which a secret travels."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

SHORTEST = 6


def spellings_of(value: str) -> tuple[str, ...]:
    """Plain, base64, URL-encoded, JSON-escaped; longest first, without those that are too short to look for."""
    raw = value.encode()
    spellings = {
        value,
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(json.dumps(value)[1:-1])[1:-1],
    }
    return tuple(sorted((each for each in spellings if len(each) >= SHORTEST), key=len, reverse=True))
