"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"


@dataclass(frozen=True)
class Settings:
    """`sms`, `chat`: addresses that a message is posted to. `mail`: host and port of the mail server.

    `minute`: how many seconds a minute of the policy lasts; 60, but for fire drills. `heartbeat`: after how many seconds without
    a sign of life of the alerting somebody is called.
    """

    schedule: Path
    store: Path
    sms: str
    chat: str
    mail: tuple[str, int]
    team: str
    minute: float
    heartbeat: float
    port: int


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, or the end of the process (status 78) after naming what is wrong."""
    try:
        host, _, port = environment["MAIL_SERVER"].partition(":")
        return Settings(
            schedule=Path(environment["SCHEDULE"]),
            store=Path(environment["STORE"]),
            sms=environment["SMS_URL"],
            chat=environment["CHAT_URL"],
            mail=(host, int(port)),
            team=environment.get("CHAT_CHANNEL", "#on-call"),
            minute=_positive(environment, "MINUTE_SECONDS", 60),
            heartbeat=_positive(environment, "HEARTBEAT_SECONDS", 60),
            port=int(_positive(environment, "PORT", 8080)),
        )
    except (KeyError, ValueError) as problem:
        print(f"oncall cannot start, a setting is missing or wrong: {problem}", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None


def _positive(environment: Mapping[str, str], name: str, usual: float) -> float:
    value = float(environment.get(name, usual))
    if value <= 0:
        raise ValueError(f"{name} must be more than 0")
    return value
