"""Trivy, where it is installed. Its JSON is read, never its text; its own severity filters and ignore files are kept out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from readiness.config.policies import Severity
from readiness.core.errors import CannotLook
from readiness.probes.image_archive import ImageArchive
from readiness.probes.image_packages import Ecosystem
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, ScanReport
from readiness.scanners.tools import ask_tool, find_tool

FILTERS = (
    "TRIVY_SEVERITY",
    "TRIVY_IGNORE",
    "TRIVY_VULN",
    "TRIVY_PKG",
    "TRIVY_SKIP",
    "TRIVY_VEX",
    "TRIVY_CONFIG",
    "TRIVY_FORMAT",
    "TRIVY_OUTPUT",
)
DATABASE_SECONDS = 120.0
KINDS = {
    "debian": Ecosystem.DEBIAN,
    "ubuntu": Ecosystem.DEBIAN,
    "alpine": Ecosystem.ALPINE,
    "python-pkg": Ecosystem.PYTHON,
}


class Trivy:
    """The scanner `trivy` on the path, with its own database."""

    name = "trivy"
    ecosystems = frozenset({Ecosystem.DEBIAN, Ecosystem.ALPINE, Ecosystem.PYTHON})

    def unavailable(self) -> str:
        """Not installed, or its database cannot be had."""
        tool = find_tool("trivy")
        if not tool:
            return "trivy is not installed"
        said = ask_tool(
            [tool, "image", "--download-db-only", "--quiet"], timeout=DATABASE_SECONDS, without=FILTERS
        )
        return "" if said.exit_code == 0 else f"trivy cannot get its database: {said.last_words()}"

    def scan(self, image: ImageArchive) -> ScanReport:
        """All packages and all findings of an image, whatever their severity."""
        argv = [
            find_tool("trivy"),
            "image",
            "--input",
            str(image.path),
            "--scanners",
            "vuln",
            "--list-all-pkgs",
            "--format",
            "json",
            "--quiet",
        ]
        results = ask_tool(argv, without=FILTERS).json("trivy").get("Results") or []
        return ScanReport(
            self.name,
            self._data(),
            tuple(_packages(result) for result in results),
            tuple(
                _finding(result, each) for result in results for each in result.get("Vulnerabilities") or []
            ),
            frozenset(path for result in results for path in _artifacts(result)),
        )

    def _data(self) -> AdvisoryData:
        database = (
            ask_tool([find_tool("trivy"), "version", "--format", "json"], without=FILTERS)
            .json("trivy")
            .get("VulnerabilityDB")
            or {}
        )
        updated = str(database.get("UpdatedAt", ""))
        if not updated:
            raise CannotLook(
                "trivy does not say how old its database is (required: VulnerabilityDB.UpdatedAt of `trivy version`)"
            )
        age = datetime.now(UTC) - _time(updated)
        return AdvisoryData(f"trivy's database of {updated}", age.total_seconds())


def _time(text: str) -> datetime:
    """A time as Go writes it: its nine digits of a second are more than Python reads."""
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)


def _kind(result: Any) -> str:
    kind = str(result.get("Type", "unknown"))
    return KINDS.get(kind, kind)


def _packages(result: Any) -> ScannedPackages:
    names = frozenset(str(package["Name"]) for package in result.get("Packages") or [])
    return ScannedPackages(_kind(result), len(names), names)


def _finding(result: Any, found: Any) -> Finding:
    return Finding(
        found["VulnerabilityID"],
        _kind(result),
        found["PkgName"],
        found.get("InstalledVersion", ""),
        found.get("FixedVersion", ""),
        Severity.__members__.get(found.get("Severity", ""), Severity.UNKNOWN),
    )


def _artifacts(result: Any) -> list[str]:
    """Programs that carry their own list of packages: a Go or Rust program, an archive of Java classes, a Node module."""
    if result.get("Class") != "lang-pkgs":
        return []
    return [
        str(result.get("Target", "")),
        *(str(package.get("FilePath", "")) for package in result.get("Packages") or []),
    ]
