"""No scan is believed that did not see what is in the image; no hole passes that nobody answers for."""

from datetime import date
from pathlib import Path

import pytest

from readiness.config.policies import (
    AcceptedFinding,
    AcceptedFindings,
    Agreement,
    Severity,
    load_accepted_findings,
    load_vulnerabilities,
)
from readiness.core.errors import CannotLook, ConfigurationError
from readiness.matchers.scans import (
    every_program_is_scanned,
    no_finding_stops_the_release,
    reports_every_known_hole,
)
from readiness.probes.image_packages import Ecosystem
from readiness.probes.image_programs import take_inventory
from readiness.probes.image_walk import walk
from readiness.scanners.choice import Choice
from readiness.scanners.report import AdvisoryData, Finding, ScannedPackages, ScanReport
from readiness.scanners.running_images import Proof, RunningImageScan, ScannerProof, assess
from tests.unit.image_material import ELF, docker_archive, dpkg_record

ROOT = Path(__file__).parents[2]
POLICY = load_vulnerabilities(ROOT)
TODAY = date(2026, 6, 15)
DATA = AdvisoryData("a list of yesterday", 86400.0)
DEBIAN = {
    "var/lib/dpkg/status": dpkg_record("bash", "5.2"),
    "var/lib/dpkg/info/bash.list": "/bin/bash\n",
    "usr/bin/bash": ELF,
}
PYTHON = {
    "srv/site-packages/fast-1.dist-info/METADATA": "Name: fast\nVersion: 1\n",
    "srv/site-packages/fast-1.dist-info/RECORD": "fast/core.so,,\nfast/slow.py,,\n",
    "srv/site-packages/fast/core.so": ELF,
    "srv/site-packages/fast/slow.py": "x = 1",
}


class OnlyDebian:
    name = "only Debian"
    ecosystems = frozenset({Ecosystem.DEBIAN})

    def unavailable(self):
        return ""

    def scan(self, image):
        raise NotImplementedError("not needed here: its reports are given")


def assessed(files, seen=("bash",), artifacts=()):
    packages = (ScannedPackages(Ecosystem.DEBIAN, len(seen), frozenset(seen)),)
    report = ScanReport("only Debian", DATA, packages, (), frozenset(artifacts))
    inventory = take_inventory(walk(docker_archive(files)), POLICY)
    return assess("sha256:1", inventory, (report,), Choice((OnlyDebian(),), ("trivy is not installed",)))


def scan(*findings, unscanned=()):
    return RunningImageScan(
        image_ids=("sha256:1",),
        scanners=("only Debian",),
        packages=(),
        findings=findings,
        unscanned=unscanned,
        gaps=(),
        acceptances=(),
        seconds=1.0,
        examined=1,
    )


def agreement(*accepted, incomplete=()):
    return Agreement(
        POLICY, AcceptedFindings(file="accepted.yaml", complete=accepted, incomplete=incomplete), TODAY
    )


def hole(severity=Severity.HIGH, package="libssl3"):
    return Finding("CVE-2026-1", Ecosystem.DEBIAN, package, "1", "2", severity)


def accepted(until, package="libssl3"):
    return AcceptedFinding(
        id="CVE-2026-1", package=package, owner="Jane Doe", reason="not reachable", expires_on=until
    )


def test_programs_of_scanned_packages_are_accounted_for():
    assert assessed(DEBIAN).unscanned == ()


def test_an_image_without_its_package_records_is_not_clean_but_unknown():
    found = assessed({"usr/bin/bash": ELF}, seen=())
    assert [(program.path, program.package) for program in found.unscanned] == [("usr/bin/bash", "")]
    assert not every_program_is_scanned().matches(scan(unscanned=found.unscanned))


def test_a_package_that_the_scanner_did_not_see_is_reported_by_name():
    assert [program.package for program in assessed(DEBIAN, seen=("other",)).unscanned] == ["bash"]


def test_a_program_beside_the_packages_is_reported_unless_the_scanner_examined_it_as_such():
    files = {**DEBIAN, "usr/local/bin/tool": ELF, "srv/lib/app.jar": "PK"}
    assert {program.path for program in assessed(files).unscanned} == {
        "usr/local/bin/tool",
        "srv/lib/app.jar",
    }
    assert assessed(files, artifacts=("usr/local/bin/tool", "srv/lib/app.jar")).unscanned == ()


def test_packages_that_no_scanner_claims_to_know_are_a_gap():
    found = assessed({**DEBIAN, **PYTHON})
    assert found.unscanned == ()
    assert [(gap.what, gap.reason[:2]) for gap in found.gaps] == [("known holes in Python packages", "1 ")]


def test_a_module_among_python_packages_that_none_of_them_brought_is_reported():
    found = assessed({**DEBIAN, **PYTHON, "srv/site-packages/smuggled/core.py": "x"})
    assert [program.path for program in found.unscanned] == ["srv/site-packages/smuggled/core.py"]


def test_the_services_own_modules_need_no_package():
    assert assessed({**DEBIAN, **PYTHON, "srv/application/main.py": "x"}).unscanned == ()


def test_the_interpreter_of_an_official_base_image_is_a_gap():
    found = assessed({**DEBIAN, "usr/local/bin/python3.11": ELF})
    assert found.unscanned == ()
    assert [gap.what for gap in found.gaps] == ["the Python interpreter of the official base image"]


def test_a_library_that_a_python_package_brings_along_is_a_gap_and_its_package_is_still_asked_for():
    bundled = "srv/site-packages/fast.libs/libcrypto.so.3"
    record = {
        "srv/site-packages/fast-1.dist-info/RECORD": "fast/core.so,,\nfast/slow.py,,\nfast.libs/libcrypto.so.3,,\n"
    }
    found = assessed({**DEBIAN, **PYTHON, **record, bundled: ELF})
    assert "libraries that Python packages bring along" in [gap.what for gap in found.gaps]
    unrecorded = assessed({**DEBIAN, **PYTHON, bundled: ELF})
    assert [program.path for program in unrecorded.unscanned] == [bundled]


def test_an_image_of_which_no_scanner_knows_anything_cannot_be_judged():
    with pytest.raises(CannotLook, match="Python"):
        assessed(PYTHON, seen=())


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL, Severity.UNKNOWN])
def test_a_serious_finding_that_nobody_accepted_stops_the_release(severity):
    assert not no_finding_stops_the_release(agreement()).matches(scan(hole(severity)))


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.MEDIUM])
def test_a_lesser_finding_does_not(severity):
    assert no_finding_stops_the_release(agreement()).matches(scan(hole(severity)))


def test_an_acceptance_counts_to_its_last_day_and_for_its_package_only():
    assert no_finding_stops_the_release(agreement(accepted(TODAY))).matches(scan(hole()))
    assert not no_finding_stops_the_release(agreement(accepted(date(2026, 6, 14)))).matches(scan(hole()))
    assert not no_finding_stops_the_release(agreement(accepted(TODAY, package="bash"))).matches(scan(hole()))


def test_an_acceptance_that_lacks_its_date_is_reported_even_without_a_finding():
    assert not no_finding_stops_the_release(
        agreement(incomplete=("accepted.yaml: findings.0: expires_on",))
    ).matches(scan())


def test_the_shipped_list_of_accepted_findings_is_empty_and_complete():
    assert load_accepted_findings(ROOT, None) == AcceptedFindings(file="config/accepted_findings.yaml")


def test_incomplete_entries_are_told_apart_and_a_file_of_another_kind_is_refused(tmp_path):
    file = tmp_path / "accepted.yaml"
    whole = "{id: CVE-1, package: a, owner: Jane, reason: why, expires_on: 2026-12-31}"
    undated, unending = whole.replace(", expires_on: 2026-12-31", ""), whole.replace("2026-12-31", "never")
    file.write_text(f"findings:\n  - {whole}\n  - {undated}\n  - {unending}\n")
    found = load_accepted_findings(tmp_path, file)
    assert [entry.expires_on for entry in found.complete] == [date(2026, 12, 31)]
    assert [text.split(":")[1] for text in found.incomplete] == [" findings.1", " findings.2"]
    file.write_text("accepted: []\n")
    with pytest.raises(ConfigurationError, match="findings"):
        load_accepted_findings(tmp_path, file)


def test_a_scanner_has_to_find_the_known_hole_and_nothing_else():
    def proof(*proofs):
        return ScannerProof(proofs=proofs, data=(DATA,), examined=len(proofs))

    holed = Proof("s", "Debian", "openssl 1", True, ("CVE-1",))
    sound = Proof("s", "Debian", "openssl 9", False, ())
    assert reports_every_known_hole().matches(proof(holed, sound))
    assert not reports_every_known_hole().matches(proof(Proof("s", "Debian", "openssl 1", True, ()), sound))
    assert not reports_every_known_hole().matches(
        proof(holed, Proof("s", "Debian", "openssl 9", False, ("CVE-1",)))
    )
