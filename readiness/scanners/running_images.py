"""Scans of the images that run, by their ids, and the proof that the scanners see what they claim to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from readiness.config.policies import Agreement
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.verdicts import Gap
from readiness.core.waiting import clock
from readiness.probes.image_programs import Inventory, take_inventory
from readiness.probes.image_walk import exported, forget_images, walked
from readiness.scanners.choice import Choice, choose, forget_choice
from readiness.scanners.fixtures import Specimen, specimens
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, Scanner, ScanReport
from readiness.targets.target import Target


@dataclass(frozen=True)
class Proof:
    """One specimen shown to a scanner: whether it holds a known hole, and the ids that the scanner reported for its package."""

    scanner: str
    ecosystem: str
    package: str
    holed: bool
    reported: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScannerProof(Observation):
    """What the scanners made of the specimens, and the data they read. Examined: specimens."""

    proofs: tuple[Proof, ...]
    data: tuple[AdvisoryData, ...]

    @property
    def oldest_data_seconds(self) -> float:
        """The age of the oldest list of known holes in use."""
        return max(each.age_seconds for each in self.data)


@dataclass(frozen=True)
class Unscanned:
    """A program that belongs to no package that a scanner saw. `package`: the record that claims it, "" where none does."""

    image_id: str
    path: str
    package: str


@dataclass(frozen=True)
class Acceptance:
    """What became of an accepted finding: used, stale (no such finding any more), expired, or incomplete."""

    entry: str
    state: str


@dataclass(frozen=True, kw_only=True)
class RunningImageScan(Observation):
    """The scan of every image that copies of the service run. Examined: programs in them. `seconds`: for all of it."""

    image_ids: tuple[str, ...]
    scanners: tuple[str, ...]
    packages: tuple[ScannedPackages, ...]
    findings: tuple[Finding, ...]
    unscanned: tuple[Unscanned, ...]
    gaps: tuple[Gap, ...]
    acceptances: tuple[Acceptance, ...]
    seconds: float


def prove_scanners(target: Target) -> ScannerProof:
    """Show every scanner in use a holed and a sound specimen of each kind of package that it claims to know."""
    choice = choose(target.profile.scanner)
    release = walked(target.platform, target.platform.image(target.profile.service.image).id).texts
    debian = next(
        (text for path, text in release.items() if path.endswith("/os-release") and "ID=debian" in text), ""
    )
    shown = [
        (scanner, specimen, scanner.scan(specimen.image))
        for scanner in choice.scanners
        for ecosystem in sorted(scanner.ecosystems)
        for specimen in specimens(ecosystem, debian)
    ]
    data = tuple({report.data.name: report.data for _, _, report in shown}.values())
    return ScannerProof(proofs=tuple(_proof(*each) for each in shown), data=data, examined=len(shown))


def scan_running_images(target: Target, agreement: Agreement) -> RunningImageScan:
    """Scan by id what the copies run, whatever any name points to. CannotLook when no scanner knows its packages.

    The stopwatch is to see a complete scan, so nothing that an earlier look read is used again.
    """
    forget_images()
    forget_choice()
    started = clock()
    choice = choose(target.profile.scanner)
    image_ids = sorted({copy.image_id for copy in target.platform.replicas(target.profile.service.name)})
    scans = [_scan(target, image_id, choice, agreement) for image_id in image_ids]
    findings = tuple(dict.fromkeys(finding for scan in scans for finding in scan.findings))
    return RunningImageScan(
        image_ids=tuple(image_ids),
        scanners=tuple(scanner.name for scanner in choice.scanners),
        packages=tuple(packages for scan in scans for report in scan.reports for packages in report.packages),
        findings=findings,
        unscanned=tuple(program for scan in scans for program in scan.unscanned),
        gaps=tuple(dict.fromkeys(gap for scan in scans for gap in scan.gaps)),
        acceptances=tuple(_acceptances(findings, agreement)),
        seconds=clock() - started,
        examined=sum(len(scan.inventory.programs) for scan in scans),
    )


@dataclass(frozen=True)
class _Scan:
    """All scans of one image, and its inventory."""

    inventory: Inventory
    reports: tuple[ScanReport, ...]
    unscanned: tuple[Unscanned, ...]
    gaps: tuple[Gap, ...]

    @property
    def findings(self) -> Iterator[Finding]:
        return (finding for report in self.reports for finding in report.findings)


def _scan(target: Target, image_id: str, choice: Choice, agreement: Agreement) -> _Scan:
    archive = exported(target.platform, image_id)
    inventory = take_inventory(walked(target.platform, image_id), agreement.policy)
    reports = tuple(scanner.scan(archive) for scanner in choice.scanners)
    return assess(image_id, inventory, reports, choice)


def assess(image_id: str, inventory: Inventory, reports: tuple[ScanReport, ...], choice: Choice) -> _Scan:
    """Lay what the scanners saw beside what is in the image. A kind of package that no scanner in use claims to know is a gap."""
    claimed = {ecosystem for scanner in choice.scanners for ecosystem in scanner.ecosystems}
    unclaimed = Counter(
        package.ecosystem for package in inventory.packages if package.ecosystem not in claimed
    )
    artifacts = {path for report in reports for path in report.artifacts}
    unscanned = tuple(
        Unscanned(image_id, program.path, program.owners[0].name if program.owners else "")
        for program in inventory.programs
        if program.path not in artifacts
        and not any(
            owner.local or owner.ecosystem in unclaimed or _seen(reports, owner.ecosystem, owner.name)
            for owner in program.owners
        )
    )
    if not unscanned and not any(kind.count for report in reports for kind in report.packages):
        raise CannotLook(
            f"No package in {image_id} is of a kind that the scanners in use know "
            f"({', '.join(scanner.name for scanner in choice.scanners)}); it holds {dict(unclaimed)}. Install trivy or snyk."
        )
    blind = [gap for report in reports for gap in report.blind_spots]
    reason = f"in the image, and no scanner in use knows them: {'; '.join(choice.passed_over)}"
    unseen = [
        Gap(f"known holes in {kind} packages", f"{count} {reason}") for kind, count in unclaimed.items()
    ]
    return _Scan(inventory, reports, unscanned, (*unseen, *inventory.gaps, *blind))


def _seen(reports: Iterable[ScanReport], ecosystem: str, name: str) -> bool:
    return any(report.saw(ecosystem, name) for report in reports)


def _proof(scanner: Scanner, specimen: Specimen, report: ScanReport) -> Proof:
    reported = sorted({finding.id for finding in report.findings if finding.package == specimen.package})
    return Proof(
        scanner.name,
        specimen.ecosystem,
        f"{specimen.package} {specimen.version}",
        specimen.holed,
        tuple(reported),
    )


def _acceptances(findings: Iterable[Finding], agreement: Agreement) -> Iterator[Acceptance]:
    present = {(finding.id, finding.package) for finding in findings}
    for each in agreement.accepted.complete:
        entry = f"{each.id} in {each.package}, {each.owner}, until {each.expires_on}"
        used = (
            "used"
            if (each.id, each.package) in present
            else "stale: there is no such finding any more; remove the entry"
        )
        yield Acceptance(entry, used if each.in_force(agreement.today) else "expired: counts for nothing")
    yield from (
        Acceptance(entry, "incomplete: counts for nothing") for entry in agreement.accepted.incomplete
    )
