"""The spellings under which a text travels through headers, addresses, documents and logs."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

SHORTEST = 6


def spellings(value: str) -> tuple[str, ...]:
    """Plain, base64, URL-encoded, JSON-escaped (once and twice); longest first, none shorter than six characters."""
    raw = value.encode()
    found = {
        value,
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(json.dumps(value)[1:-1])[1:-1],
    }
    return tuple(sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True))


FRAGMENT = 8


def fragments(value: str) -> re.Pattern[str]:
    """Finds the first or the last eight characters of a secret where they stand alone, as in "it begins with 1f2e3d4c"."""
    ends = "|".join(re.escape(each) for each in (value[:FRAGMENT], value[-FRAGMENT:]))
    return re.compile(f"(?<![A-Za-z0-9])(?:{ends})(?![A-Za-z0-9])")
