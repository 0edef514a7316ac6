"""pip-audit, where it is installed and its advisory service answers: the Python packages of an image."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from readiness.config.policies import Severity
from readiness.core.errors import CannotLook
from readiness.core.verdicts import Gap
from readiness.probes.image_archive import ImageArchive
from readiness.probes.image_packages import Ecosystem, packages_of
from readiness.probes.image_walk import walk
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, ScanReport
from readiness.scanners.tools import SCAN_SECONDS, ask_tool, find_tool

TRIAL_SECONDS = 30.0
KNOWN_HOLE = "urllib3==1.26.4"


class PipAudit:
    """The scanner `pip-audit`. It knows published Python packages only, and rates nothing."""

    name = "pip-audit"
    ecosystems = frozenset({Ecosystem.PYTHON})

    def unavailable(self) -> str:
        """Not installed, or its service does not answer with a hole that has been known for years."""
        if not find_tool("pip-audit"):
            return "pip-audit is not installed"
        try:
            audited = _audit([KNOWN_HOLE], TRIAL_SECONDS)
        except CannotLook as problem:
            return str(problem)
        if not any(each.get("vulns") for each in audited):
            return f"pip-audit gets no advisories here: it does not report {KNOWN_HOLE}"
        return ""

    def scan(self, image: ImageArchive) -> ScanReport:
        """The published Python packages that the image has records of."""
        packages = [
            each for each in packages_of(walk(image)) if each.ecosystem is Ecosystem.PYTHON and not each.local
        ]
        audited = _audit(sorted({f"{each.name}=={each.version}" for each in packages})) if packages else []
        skipped = [each for each in audited if "skip_reason" in each]
        seen = frozenset(str(each["name"]) for each in audited if "skip_reason" not in each)
        return ScanReport(
            self.name,
            AdvisoryData("the advisory service of the Python package index, asked live", 0.0),
            (ScannedPackages(Ecosystem.PYTHON, len(seen), seen),),
            tuple(_finding(each, hole) for each in audited for hole in each.get("vulns") or []),
            blind_spots=tuple(
                Gap(f"Python package {each['name']}", f"pip-audit: {each['skip_reason']}") for each in skipped
            ),
        )


def _audit(requirements: list[str], timeout: float = SCAN_SECONDS) -> list[Any]:
    with TemporaryDirectory(prefix="readiness-audit-") as folder:
        file = Path(folder) / "packages.txt"
        file.write_text("\n".join(requirements))
        argv = [
            find_tool("pip-audit"),
            "--requirement",
            str(file),
            "--no-deps",
            "--disable-pip",
            "--format",
            "json",
            "--progress-spinner",
            "off",
        ]
        said = ask_tool(argv, timeout=timeout, without=("PIP_AUDIT_",))
    return list(said.json("pip-audit")["dependencies"])


def _finding(package: Any, hole: Any) -> Finding:
    known_as = next((alias for alias in hole.get("aliases") or [] if alias.startswith("CVE-")), hole["id"])
    fixed = ", ".join(hole.get("fix_versions") or [])
    return Finding(known_as, Ecosystem.PYTHON, package["name"], package["version"], fixed, Severity.UNKNOWN)
