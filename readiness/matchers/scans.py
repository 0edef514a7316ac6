"""What is required of vulnerability scanners and of what they found."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.policies import Agreement
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.scanners.report import Finding
from readiness.scanners.running_images import RunningImageScan, ScannerProof


def reports_every_known_hole() -> Requirement[ScannerProof]:
    """Each scanner reports the holed specimen and leaves the sound one alone."""

    def find(proof: ScannerProof) -> Iterator[Violation]:
        for each in proof.proofs:
            if each.holed and not each.reported:
                remedy = (
                    "mend the scanner's data; until then nothing that it does not find is known to be absent"
                )
                yield Violation(
                    f"{each.scanner}, {each.package} ({each.ecosystem})",
                    "its known holes are reported",
                    "nothing was reported",
                    remedy,
                )
            if not each.holed and each.reported:
                observed = f"reported: {', '.join(each.reported)}"
                yield Violation(
                    f"{each.scanner}, {each.package} ({each.ecosystem})",
                    "no report on a sound package",
                    observed,
                    "correct the scanner's matching",
                )

    return requires(
        "the scanner reports a package with known holes of every kind that it claims to know, and no sound one",
        find,
    )


def every_program_is_scanned() -> Requirement[RunningImageScan]:
    """No program stands outside what the scanners saw."""

    def find(scan: RunningImageScan) -> Iterator[Violation]:
        for each in scan.unscanned:
            claimed = (
                f"its package {each.package} was not seen by the scanner"
                if each.package
                else "no package record claims it"
            )
            remedy = "keep the package records in the image, and install programs from packages"
            yield Violation(
                f"/{each.path} in {_short(each.image_id)}",
                "a program of a package that the scanner saw",
                claimed,
                remedy,
            )

    return requires("every program in the image belongs to a package that the scanner saw", find)


def no_finding_stops_the_release(agreement: Agreement) -> Requirement[RunningImageScan]:
    """No finding of the agreed severity that nobody answers for today, and no acceptance that is incomplete."""

    threshold = agreement.policy.severity_threshold.name

    def find(scan: RunningImageScan) -> Iterator[Violation]:
        for finding in scan.findings:
            if agreement.stops(finding.severity) and not agreement.in_force(finding.id, finding.package):
                fixed = f"update it to {finding.fixed}" if finding.fixed else "replace it"
                remedy = (
                    f"{fixed}, or have someone accept the finding in {agreement.accepted.file} until a date"
                )
                yield Violation(
                    f"{finding.package} {finding.installed}",
                    f"no finding of {threshold} or above",
                    _observed(finding, agreement),
                    remedy,
                )
        for entry in agreement.accepted.incomplete:
            yield Violation(
                entry,
                "id, package, owner, reason and expires_on (a date) of every accepted finding",
                "an entry that lacks one",
                "complete it",
            )

    return requires(
        f"no finding of {threshold} or above without an acceptance in force ({agreement.policy.source})", find
    )


def _observed(finding: Finding, agreement: Agreement) -> str:
    expired = [
        str(each.expires_on)
        for each in agreement.accepted.complete
        if (each.id, each.package) == (finding.id, finding.package)
    ]
    return f"{finding.id} ({finding.severity.name})" + (
        f", accepted only until {max(expired)}" if expired else ""
    )


def _short(image_id: str) -> str:
    return image_id.removeprefix("sha256:")[:12]
