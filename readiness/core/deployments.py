"""What a deployment is described to be, or what a platform says that it is: the same words for every platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bounds:
    """How many copies an autoscaler keeps, and at which use in percent it acts; None: it does not look at that."""

    least: int
    most: int
    processor: float | None = None
    memory: float | None = None

    def __str__(self) -> str:
        targets = [
            f"{name} {value:g} %"
            for name, value in (("processor", self.processor), ("memory", self.memory))
            if value is not None
        ]
        return f"{self.least} to {self.most} copies ({', '.join(targets) or 'no target'})"


@dataclass(frozen=True)
class Part:
    """One part of a deployment. What is None or "" is not said.

    `kind`: "service", "database", "cache" or "job". `bounds`: an autoscaler keeps the copies within them, so `copies` may be
    any number of these. `settings`: whatever else is said, key -> value, a secret value as a mark that is the same for the
    same value. `secrets`: what must have a value that nobody writes down, name -> whether it has one, None where that is
    not told here.
    """

    name: str
    kind: str = "service"
    image: str = ""
    plan: str = ""
    region: str = ""
    health_path: str = ""
    copies: int | None = None
    bounds: Bounds | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class PeakMemory:
    """The most memory that a copy had at any time since `since` (words), and what it may have; bytes, 0 for no limit."""

    service: str
    instance: str
    peak: int
    limit: int
    since: str
