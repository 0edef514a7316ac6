"""Snyk, where it is installed. It asks Snyk's service; its JSON is read, and its own policy files are kept out."""

from __future__ import annotations

from typing import Any

from readiness.config.policies import Severity
from readiness.core.errors import CannotLook
from readiness.probes.image_archive import ImageArchive
from readiness.probes.image_packages import Ecosystem
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, ScanReport
from readiness.scanners.tools import ask_tool, find_tool

SCANNED = (0, 1)  # 0: nothing found, 1: something found; 2 and 3 mean that there was no scan
MANAGERS = {"deb": Ecosystem.DEBIAN, "apk": Ecosystem.ALPINE, "pip": Ecosystem.PYTHON}


class Snyk:
    """The scanner `snyk` on the path; what it needs to sign in is its own business."""

    name = "snyk"
    ecosystems = frozenset({Ecosystem.DEBIAN, Ecosystem.ALPINE, Ecosystem.PYTHON})

    def unavailable(self) -> str:
        """Not installed, or not signed in to its service."""
        tool = find_tool("snyk")
        if not tool:
            return "snyk is not installed"
        said = ask_tool([tool, "whoami", "--experimental"], timeout=60)
        return "" if said.exit_code == 0 else f"snyk is not signed in to its service: {said.last_words()}"

    def scan(self, image: ImageArchive) -> ScanReport:
        """All findings of an image, whatever their severity. Snyk counts the packages and does not name them."""
        argv = [
            find_tool("snyk"),
            "container",
            "test",
            f"docker-archive:{image.path}",
            "--app-vulns",
            "--ignore-policy",
            "--json",
        ]
        said = ask_tool(argv)
        content = said.json("snyk")
        if said.exit_code not in SCANNED:
            reason = content.get("error") if isinstance(content, dict) else ""
            raise CannotLook(f"snyk did not scan (exit code {said.exit_code}): {reason or said.last_words()}")
        projects = list(_projects(content))
        return ScanReport(
            self.name,
            AdvisoryData("Snyk's service, asked live", 0.0),
            tuple(
                ScannedPackages(_kind(project), int(project.get("dependencyCount", 0)), None)
                for project in projects
            ),
            tuple(
                dict.fromkeys(
                    _finding(project, each)
                    for project in projects
                    for each in project.get("vulnerabilities") or []
                )
            ),
        )


def _projects(content: Any) -> list[Any]:
    first = content if isinstance(content, list) else [content]
    return [*first, *(inner for project in first for inner in project.get("applications") or [])]


def _kind(project: Any) -> str:
    manager = str(project.get("packageManager", "unknown"))
    return MANAGERS.get(manager, manager)


def _finding(project: Any, found: Any) -> Finding:
    known_as = (found.get("identifiers") or {}).get("CVE") or [found["id"]]
    return Finding(
        str(known_as[0]),
        _kind(project),
        str(found["packageName"]).rpartition("/")[2],
        str(found.get("version", "")),
        str(found.get("nearestFixedInVersion") or ""),
        Severity.__members__.get(str(found.get("severity", "")).upper(), Severity.UNKNOWN),
    )
