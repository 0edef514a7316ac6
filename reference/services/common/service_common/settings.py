"""Settings from the environment, checked once at start."""

import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"


SHORTEST_SECRET = 8


def _readable_secret(path: Path) -> Path:
    if not path.is_file():
        raise ValueError("must name a file that exists")
    if not os.access(path, os.R_OK):
        raise ValueError("must name a file that this user may read")
    secret = path.read_bytes().strip()
    if not secret:
        raise ValueError("must name a file that is not empty")
    if len(secret) < SHORTEST_SECRET or any(byte <= 0x20 or byte >= 0x7F for byte in secret):
        raise ValueError(f"must name a file with one line of {SHORTEST_SECRET} or more visible characters")
    return path


SecretFile = Annotated[Path, AfterValidator(_readable_secret)]
"""The path of a mounted secret; the settings hold the path, never the secret."""

_HOST = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"

HostName = Annotated[str, Field(max_length=253, pattern=f"^{_HOST}$")]
"""The name or the IPv4 address of a host, and nothing around it: no scheme, no port, no line break."""

HostNames = Annotated[str, Field(max_length=1000, pattern=f"^{_HOST}(,{_HOST})*$")]
"""One of them, or several with commas between them."""


def read_secret(path: Path) -> str:
    """The secret in a file, without the surrounding white space."""
    return path.read_text().strip()


class ServiceSettings(BaseSettings):
    """What every service is told; each field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    release: str = Field(default="dev", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    drain_seconds: float = Field(default=3.0, ge=0, le=60)
    api_port: int = Field(default=8000, ge=1, le=65535)
    operations_port: int = Field(default=8001, ge=1, le=65535)

    @property
    def instance(self) -> str:
        """The name of this replica: the host name of its container."""
        return socket.gethostname()


S = TypeVar("S", bound=BaseSettings)


def explain(errors: Iterable[ErrorDetails]) -> list[str]:
    """One line per wrong setting: its name, what is wrong, what is allowed. Never its value."""
    lines = []
    for error in errors:
        name = "_".join(str(part) for part in error["loc"]).upper() or "settings"
        missing = error["type"] == "missing"
        lines.append(f"{name}: {'is required and not set' if missing else error['msg']}")
    return sorted(lines)


def load(kind: type[S], service: str) -> S:
    """The settings, or the end of the process (status 78) after naming everything that is wrong."""
    try:
        return kind()
    except ValidationError as failure:
        lines = explain(failure.errors(include_input=False, include_context=False, include_url=False))
        print(
            f"{service} cannot start, {len(lines)} setting(s) to mend:", *lines, sep="\n  ", file=sys.stderr
        )
        raise SystemExit(EX_CONFIG) from None
