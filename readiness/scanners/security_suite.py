"""Debian's own list of security updates, fetched by this machine's apt into a folder of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from debian.deb822 import Deb822
from debian.debfile import DebError, DebFile
from debian.debian_support import Version

from readiness.core.errors import CannotLook
from readiness.scanners.tools import ask_tool, find_tool

SUFFIX = "-security"
KEYRINGS = Path("/usr/share/keyrings")
FETCH_SECONDS = 120.0
CVE = re.compile(r"CVE-\d{4}-\d{4,}")


@dataclass(frozen=True)
class Source:
    """Where this machine's apt gets security updates from, and for which release of Debian."""

    site: str
    codename: str


class SecuritySuite:
    """The security suite of one Debian release: the newest version of every package in it, and when it was published."""

    def __init__(self, site: str, codename: str, architecture: str) -> None:
        self.name = f"Debian's security suite {codename}{SUFFIX}"
        self._folder = TemporaryDirectory(prefix="readiness-apt-")
        self._options = _apt_options(Path(self._folder.name), site, codename, architecture)
        said = ask_tool(["apt-get", *self._options, "update", "-qq"], timeout=FETCH_SECONDS)
        lists = Path(self._folder.name) / "lists"
        releases = [*lists.glob("*InRelease"), *lists.glob("*_Release")]
        indexes = [path for path in lists.glob("*_Packages*") if path.is_file()]
        if said.exit_code != 0 or not releases or not indexes:
            raise CannotLook(
                f"{self.name} cannot be fetched: {said.last_words() or 'the mirror has no such suite'}"
            )
        self.published = _published(releases[0])
        self.newest = _newest(indexes)

    @property
    def age_seconds(self) -> float:
        """How long ago the suite was published."""
        return (datetime.now(UTC) - self.published).total_seconds()

    def holes_closed(self, package: str, version: Version, since: Version) -> tuple[str, ...]:
        """The CVE ids in the change log of an update, from all entries after the source version `since`."""
        folder = Path(self._folder.name)
        ask_tool(
            ["apt-get", *self._options, "download", "-qq", f"{package}={version}"],
            timeout=FETCH_SECONDS,
            folder=folder,
        )
        for file in folder.glob(f"{package}_*.deb"):
            try:
                log = DebFile(str(file)).changelog()
            except (DebError, OSError):
                return ()
            entries = [
                str(change) for block in log or () if block.version > since for change in block.changes()
            ]
            return tuple(sorted({cve for entry in entries for cve in CVE.findall(entry)}))
        return ()


@lru_cache(maxsize=4)
def security_suite(codename: str, architecture: str) -> SecuritySuite:
    """The suite for a release of Debian, fetched once per run. CannotLook where it cannot be had."""
    return SecuritySuite(own_source().site, codename, architecture)


def own_source() -> Source:
    """Where this machine's apt gets security updates from. CannotLook where there is no apt, or it knows no security suite."""
    if not find_tool("apt-get"):
        raise CannotLook("there is no apt-get on this machine, so Debian's security updates cannot be listed")
    said = ask_tool(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        timeout=FETCH_SECONDS,
    )
    for line in said.output.splitlines():
        site, _, release = line.partition(" ")
        if release.endswith(SUFFIX):
            return Source(site, release.removesuffix(SUFFIX))
    raise CannotLook(
        "this machine's apt sources name no security suite of Debian, so its updates cannot be listed"
    )


def _apt_options(folder: Path, site: str, codename: str, architecture: str) -> list[str]:
    (folder / "cache").mkdir()
    keyring = next(iter(sorted(KEYRINGS.glob("debian-archive-keyring.*"))), None)
    trust = f"[signed-by={keyring}] " if keyring else ""
    (folder / "sources.list").write_text(f"deb {trust}{site} {codename}{SUFFIX} main\n")
    settings = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State": folder,
        "Dir::State::Status": "/dev/null",
        "Dir::Cache": folder / "cache",
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::GzipIndexes": "false",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _published(release: Path) -> datetime:
    for line in release.read_text(errors="replace").splitlines():
        if line.startswith("Date: "):
            return parsedate_to_datetime(line.removeprefix("Date: "))
    raise CannotLook(
        f"the list of security updates does not say when it was published (required: a Date in {release.name})"
    )


def _newest(indexes: list[Path]) -> dict[str, Version]:
    newest: dict[str, Version] = {}
    for index in indexes:
        with index.open(encoding="utf-8") as file:
            for record in Deb822.iter_paragraphs(file, fields=["Package", "Version"], use_apt_pkg=False):
                name, version = str(record["Package"]), Version(str(record["Version"]))
                newest[name] = max(newest.get(name, version), version)
    return newest
