"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"


@dataclass(frozen=True)
class Settings:
    """`host`, `port`: the public door, by the name that customers use; `address`: where that leads to from here. `authority`:
    whom customers trust, a file.

    Seconds: `interval` from one walk to the next, `again` after a walk that failed, `patience` for one answer.
    """

    host: str
    address: str
    port: int
    authority: Path
    key: str = field(repr=False)
    interval: float
    again: float
    patience: float
    operations_port: int


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, or the end of the process (status 78) after naming what is wrong."""
    try:
        door = urlsplit(environment["DOOR_URL"])
        if door.scheme != "https" or not door.hostname:
            raise ValueError("DOOR_URL must be an https address")
        return Settings(
            host=door.hostname,
            address=environment.get("DOOR_ADDRESS") or door.hostname,
            port=door.port or 443,
            authority=_file(environment, "AUTHORITY_FILE"),
            key=_file(environment, "KEY_FILE").read_text(encoding="utf-8").strip(),
            interval=_positive(environment, "INTERVAL_SECONDS", 60),
            again=_positive(environment, "AGAIN_SECONDS", 10),
            patience=_positive(environment, "PATIENCE_SECONDS", 10),
            operations_port=int(_positive(environment, "OPERATIONS_PORT", 8001)),
        )
    except (KeyError, ValueError, OSError) as problem:
        print(f"the robot cannot start, a setting is missing or wrong: {problem}", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None


def _file(environment: Mapping[str, str], name: str) -> Path:
    path = Path(environment[name])
    if not path.is_file():
        raise ValueError(f"{name} names no file")
    return path


def _positive(environment: Mapping[str, str], name: str, usual: float) -> float:
    value = float(environment.get(name, usual))
    if value <= 0:
        raise ValueError(f"{name} must be more than 0")
    return value
