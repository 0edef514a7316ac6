"""Keys and what they may be used for. A key is a 256-bit random value; the database keeps its SHA-256."""

import hashlib
from enum import StrEnum


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "records:read"
    WRITE = "records:write"
    EXPORT = "records:export"


def key_hash(key: str) -> bytes:
    """What the database keeps of a key."""
    return hashlib.sha256(key.encode()).digest()


def former(name: str) -> str:
    """The name of a key that is being replaced, for as long as it still works."""
    return f"{name} (former)"
