"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"


@dataclass(frozen=True)
class Settings:
    """`engine`: host and port of the engine's gateway. `known`: programs that the deployment itself starts in its containers.

    `wrong_keys`, `probes`: how many from one source within `window` seconds are told of. `interval`: seconds between looks.
    """

    engine: tuple[str, int]
    door: str
    known: tuple[re.Pattern[str], ...]
    wrong_keys: int
    probes: int
    window: float
    interval: float
    operations_port: int


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, or the end of the process (status 78) after naming what is wrong."""
    try:
        host, _, port = environment["ENGINE"].partition(":")
        return Settings(
            engine=(host, int(port)),
            door=environment["DOOR_SERVICE"],
            known=known_programs(Path(environment["KNOWN_PROGRAMS"]).read_text(encoding="utf-8")),
            wrong_keys=_at_least_one(environment, "WRONG_KEYS", 10),
            probes=_at_least_one(environment, "PROBES", 10),
            window=_at_least_one(environment, "WINDOW_SECONDS", 60),
            interval=_at_least_one(environment, "INTERVAL_SECONDS", 2),
            operations_port=_at_least_one(environment, "OPERATIONS_PORT", 8001),
        )
    except (KeyError, ValueError, OSError, re.error) as problem:
        print(f"watch cannot start, a setting is missing or wrong: {problem}", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None


def known_programs(text: str) -> tuple[re.Pattern[str], ...]:
    """Regular expressions for whole commands, one a line; empty lines and those that begin with # are left out."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(re.compile(line) for line in lines if line and not line.startswith("#"))


def _at_least_one(environment: Mapping[str, str], name: str, usual: int) -> int:
    value = int(environment.get(name, usual))
    if value < 1:
        raise ValueError(f"{name} must be at least 1")
    return value
