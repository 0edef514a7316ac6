"""What every scanner says of an image, in one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from readiness.config.policies import Severity
from readiness.core.verdicts import Gap
from readiness.probes.image_archive import ImageArchive
from readiness.probes.image_packages import Ecosystem


@dataclass(frozen=True)
class Finding:
    """A known hole in an installed package. `fixed`: the version without it, "" while there is none."""

    id: str
    ecosystem: str
    package: str
    installed: str
    fixed: str
    severity: Severity


@dataclass(frozen=True)
class AdvisoryData:
    """The list of known holes that a scanner reads: its name, and its age in seconds (0 for a service that was asked live)."""

    name: str
    age_seconds: float


@dataclass(frozen=True)
class ScannedPackages:
    """How many packages of a kind a scanner examined, and their names where it tells them (None where it does not)."""

    ecosystem: str
    count: int
    names: frozenset[str] | None


@dataclass(frozen=True)
class ScanReport:
    """One scan of one image. `artifacts`: files examined as a program in itself. `blind_spots`: what the scanner cannot see."""

    scanner: str
    data: AdvisoryData
    packages: tuple[ScannedPackages, ...]
    findings: tuple[Finding, ...]
    artifacts: frozenset[str] = frozenset()
    blind_spots: tuple[Gap, ...] = ()

    def saw(self, ecosystem: str, name: str) -> bool:
        """Whether this scan examined a package."""
        kinds = [kind for kind in self.packages if kind.ecosystem == ecosystem and kind.count > 0]
        return any(kind.names is None or _plain(name) in map(_plain, kind.names) for kind in kinds)


class Scanner(Protocol):
    """A vulnerability scanner."""

    @property
    def name(self) -> str: ...

    @property
    def ecosystems(self) -> frozenset[Ecosystem]:
        """The kinds of packages that it claims to know."""

    def unavailable(self) -> str:
        """Why it cannot be used here and now; "" when it can, and its data can be had."""

    def scan(self, image: ImageArchive) -> ScanReport:
        """Examine an image. Raises CannotLook when the scan does not come to its end."""


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
