"""A scanner that needs no service: the Debian packages of an image against Debian's own list of security updates."""

from __future__ import annotations

from debian.debian_support import Version

from readiness.config.policies import Severity
from readiness.core.errors import CannotLook
from readiness.core.verdicts import Gap
from readiness.probes.image_archive import ImageArchive
from readiness.probes.image_packages import Ecosystem, Package, packages_of
from readiness.probes.image_walk import ImageWalk, walk
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, ScanReport
from readiness.scanners.security_suite import SecuritySuite, own_source, security_suite

ARCHITECTURES = {"": "amd64", "386": "i386", "arm": "armhf"}
NAMED_AT_MOST = 20
UNFIXED = Gap(
    "known holes in Debian packages for which Debian has no update yet",
    "Debian's security suite lists updates, not open holes; install trivy or snyk to see those",
)


class DebianSuite:
    """A pending security update is a finding, rated HIGH: Debian publishes none for trifles."""

    name = "Debian security suite"
    ecosystems = frozenset({Ecosystem.DEBIAN})

    def unavailable(self) -> str:
        """No apt here, or the list of updates cannot be fetched."""
        try:
            security_suite(own_source().codename, "amd64")
        except CannotLook as problem:
            return str(problem)
        return ""

    def scan(self, image: ImageArchive) -> ScanReport:
        """The installed Debian packages of an image, and which of them lack a security update."""
        content = walk(image)
        codename = codename_of(content)
        if not codename:
            return self._of_no_debian()
        architecture = ARCHITECTURES.get(
            content.configuration.architecture, content.configuration.architecture
        )
        suite = security_suite(codename, architecture)
        packages = [each for each in packages_of(content) if each.ecosystem is Ecosystem.DEBIAN]
        return ScanReport(
            self.name,
            AdvisoryData(f"{suite.name}, published {suite.published:%Y-%m-%d %H:%M} UTC", suite.age_seconds),
            (ScannedPackages(Ecosystem.DEBIAN, len(packages), frozenset(each.name for each in packages)),),
            tuple(_findings(packages, suite)),
            blind_spots=(UNFIXED,),
        )

    def _of_no_debian(self) -> ScanReport:
        suite = security_suite(own_source().codename, "amd64")
        return ScanReport(self.name, AdvisoryData(suite.name, suite.age_seconds), (), ())


def codename_of(content: ImageWalk) -> str:
    """The release of Debian that an image is made of; "" where it does not say that it is one."""
    text = content.texts.get("etc/os-release") or content.texts.get("usr/lib/os-release", "")
    fields = dict(line.partition("=")[::2] for line in text.splitlines())
    return (
        fields.get("VERSION_CODENAME", "").strip('"') if fields.get("ID", "").strip('"') == "debian" else ""
    )


def _findings(packages: list[Package], suite: SecuritySuite) -> list[Finding]:
    outdated = [
        each
        for each in packages
        if each.name in suite.newest and Version(each.version) < suite.newest[each.name]
    ]
    by_source = {each.source: each for each in outdated}
    holes = {
        source: suite.holes_closed(each.name, suite.newest[each.name], Version(each.source_version))
        for source, each in list(by_source.items())[:NAMED_AT_MOST]
    }
    return [
        Finding(hole, Ecosystem.DEBIAN, each.name, each.version, str(suite.newest[each.name]), Severity.HIGH)
        for each in outdated
        for hole in holes.get(each.source) or (f"security update {suite.newest[each.name]}",)
    ]
