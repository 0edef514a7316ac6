"""Settings from the environment, checked once at start."""

import sys
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

EX_CONFIG = 78  # sysexits.h: "something was found in an unconfigured or misconfigured state"

Address = Annotated[str, Field(pattern=r"^http://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    scaled_service: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    prometheus_url: Address
    engine_url: Address
    min_replicas: int = Field(default=1, ge=1, le=1000)
    max_replicas: int = Field(default=10, ge=1, le=1000)
    cpu_target_percent: float = Field(default=70, gt=0, le=100)
    memory_target_percent: float = Field(default=80, gt=0, le=100)
    tolerance_percent: float = Field(default=10, ge=0, le=50)
    interval_seconds: float = Field(default=5, gt=0, le=60)
    breach_seconds: float = Field(default=20, ge=0, le=3600)
    cooldown_seconds: float = Field(default=30, ge=0, le=3600)
    stabilisation_seconds: float = Field(default=180, ge=0, le=86400)
    settle_seconds: float = Field(default=15, ge=0, le=3600)
    rate_window_seconds: int = Field(default=40, ge=1, le=3600)
    sample_max_age_seconds: float = Field(default=30, gt=0, le=3600)
    timeout_seconds: float = Field(default=5, gt=0, le=60)
    operations_port: int = Field(default=8001, ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    release: str = Field(default="dev", pattern=r"^[A-Za-z0-9._-]{1,64}$")

    @field_validator("max_replicas")
    @classmethod
    def _bounds_in_order(cls, value: int, info: ValidationInfo) -> int:
        least = info.data.get("min_replicas")
        if least is not None and value < least:
            raise ValueError(f"must be at least MIN_REPLICAS ({least})")
        return value

    @field_validator("stabilisation_seconds")
    @classmethod
    def _in_slower_than_out(cls, value: float, info: ValidationInfo) -> float:
        breach = info.data.get("breach_seconds")
        if breach is not None and value < breach:
            raise ValueError(f"must be at least BREACH_SECONDS ({breach:g}): scaling in is the slower one")
        return value

    @property
    def longest_turn_seconds(self) -> float:
        """No turn takes longer: the pause and at most 9 calls, each with its time to connect and to be answered,
        and as much again for the names to be found."""
        return self.interval_seconds + 9 * 3 * self.timeout_seconds


def load() -> Settings:
    """The settings, or the end of the process (status 78) after naming everything that is wrong, but no value."""
    try:
        return Settings()
    except ValidationError as failure:
        lines = []
        for error in failure.errors(include_input=False, include_context=False, include_url=False):
            name = "_".join(str(part) for part in error["loc"]).upper()
            problem = "is required and not set" if error["type"] == "missing" else error["msg"]
            lines.append(f"{name}: {problem}")
        head = f"autoscaler cannot start, {len(lines)} setting(s) to mend:"
        print(head, *sorted(lines), sep="\n  ", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None
