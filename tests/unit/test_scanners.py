"""Scanners are asked through their machine-readable reports; here by programs that answer as they do."""

from datetime import UTC, datetime, timedelta

import pytest
from debian.debian_support import Version

from readiness.config.policies import Severity
from readiness.config.target import Scanner as Preference
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.probes.image_packages import Ecosystem
from readiness.scanners import choice, debian
from readiness.scanners.fixtures import specimens
from readiness.scanners.pip_audit import PipAudit
from readiness.scanners.security_suite import Source
from readiness.scanners.snyk import Snyk
from readiness.scanners.trivy import Trivy
from tests.unit.image_material import docker_archive, dpkg_record

RELEASE = "ID=debian\nVERSION_CODENAME=bookworm\n"
IMAGE = docker_archive(
    {"etc/os-release": RELEASE, "var/lib/dpkg/status": dpkg_record("libssl3", "3.0.1-1", Source="openssl")}
)
TRIVY = """#!/bin/sh
test -z "$TRIVY_SEVERITY$TRIVY_IGNOREFILE" || { echo "filtered" >&2; exit 1; }
test -z "$(ls -A)" || { echo "not alone" >&2; exit 1; }
case "$*" in
  *download-db-only*) exit 0 ;;
  version*) echo '{"VulnerabilityDB": {"UpdatedAt": "2026-06-01T06:00:00.123456789Z"}}' ;;
  *) cat <<'JSON'
{"Results": [
  {"Target": "image.tar (debian 12)", "Class": "os-pkgs", "Type": "debian", "Packages": [{"Name": "libssl3"}],
   "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "PkgName": "libssl3", "InstalledVersion": "3.0.1-1", "Severity": "HIGH"}]},
  {"Target": "usr/local/bin/tool", "Class": "lang-pkgs", "Type": "gobinary", "Packages": [{"Name": "stdlib"}]}]}
JSON
esac
"""
CLEAN_TEXT = "#!/bin/sh\necho 'Total: 0 (UNKNOWN: 0, LOW: 0, MEDIUM: 0, HIGH: 0, CRITICAL: 0)'\n"
SNYK = """#!/bin/sh
test "$1" = whoami && exit 0
echo '{"packageManager": "deb", "dependencyCount": 112, "vulnerabilities": [
  {"id": "SNYK-1", "identifiers": {"CVE": ["CVE-1"]}, "packageName": "openssl/libssl3",
   "version": "3.0.1-1", "severity": "critical"}],
  "applications": [{"packageManager": "pip", "dependencyCount": 30}]}'
exit 1
"""
PIP_AUDIT = """#!/bin/sh
echo '{"dependencies": [{"name": "urllib3", "version": "1.26.4",
  "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.26.5"]}]},
  {"name": "own", "skip_reason": "not published"}]}'
exit 1
"""


@pytest.fixture(name="install")
def fixture_install(tmp_path, monkeypatch):
    """Puts a program on the path, which holds no other scanner."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    choice._choose.cache_clear()

    def put(name, script):
        file = tmp_path / name
        file.write_text(script)
        file.chmod(0o755)

    yield put
    choice._choose.cache_clear()


def test_trivy_is_read_through_its_json_without_the_filters_that_lie_around(install, monkeypatch):
    install("trivy", TRIVY)
    monkeypatch.setenv("TRIVY_SEVERITY", "CRITICAL")
    report = Trivy().scan(IMAGE)
    assert [(found.id, found.package, found.severity) for found in report.findings] == [
        ("CVE-1", "libssl3", Severity.HIGH)
    ]
    assert report.saw(Ecosystem.DEBIAN, "libssl3")
    assert not report.saw(Ecosystem.DEBIAN, "bash")
    assert "usr/local/bin/tool" in report.artifacts
    age = datetime.now(UTC) - datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert report.data.age_seconds == pytest.approx(age.total_seconds(), abs=60)


def test_a_clean_text_report_is_no_report(install):
    install("trivy", CLEAN_TEXT)
    with pytest.raises(CannotLook, match="required: JSON"):
        Trivy().scan(IMAGE)


def test_snyk_counts_packages_and_names_holes(install):
    install("snyk", SNYK)
    report = Snyk().scan(IMAGE)
    assert [(found.id, found.package, found.severity) for found in report.findings] == [
        ("CVE-1", "libssl3", Severity.CRITICAL)
    ]
    assert report.saw(Ecosystem.DEBIAN, "bash")
    assert report.saw(Ecosystem.PYTHON, "idna")
    assert not report.saw(Ecosystem.ALPINE, "musl")


def test_a_snyk_that_did_not_scan_found_nothing_to_believe(install):
    install("snyk", '#!/bin/sh\necho \'{"ok": false, "error": "no access"}\'\nexit 2\n')
    with pytest.raises(CannotLook, match="no access"):
        Snyk().scan(IMAGE)


def test_pip_audit_names_what_it_skipped(install):
    install("pip-audit", PIP_AUDIT)
    report = PipAudit().scan(specimens(Ecosystem.PYTHON)[0].image)
    assert [(found.id, found.package, found.severity) for found in report.findings] == [
        ("CVE-1", "urllib3", Severity.UNKNOWN)
    ]
    assert [gap.what for gap in report.blind_spots] == ["Python package own"]
    assert not report.saw(Ecosystem.PYTHON, "own")


def test_a_pip_audit_that_does_not_know_an_old_hole_is_of_no_use(install):
    install("pip-audit", PIP_AUDIT)
    assert PipAudit().unavailable() == ""

    install("pip-audit", PIP_AUDIT.replace('"vulns"', '"nothing"'))
    assert PipAudit().unavailable() == "pip-audit gets no advisories here: it does not report urllib3==1.26.4"


class Suite:
    """A security suite that knows one update."""

    name = "a security suite"
    published = datetime.now(UTC)
    age_seconds = timedelta(days=1).total_seconds()

    def __init__(self, holes=()):
        self.newest = {"libssl3": Version("3.0.2-1"), "bash": Version("5")}
        self.holes = holes

    def holes_closed(self, package, version, since):
        assert (package, str(version), str(since)) == ("libssl3", "3.0.2-1", "3.0.1-1")
        return self.holes


@pytest.mark.parametrize("holes", [("CVE-1", "CVE-2"), ()])
def test_a_pending_security_update_is_a_serious_finding_even_when_its_change_log_names_no_hole(
    monkeypatch, holes
):
    monkeypatch.setattr(debian, "security_suite", lambda *_: Suite(holes))
    report = debian.DebianSuite().scan(IMAGE)
    assert [found.id for found in report.findings] == list(holes or ("security update 3.0.2-1",))
    assert {found.severity for found in report.findings} == {Severity.HIGH}
    assert report.blind_spots == (debian.UNFIXED,)


def test_a_package_as_new_as_its_update_is_no_finding(monkeypatch):
    monkeypatch.setattr(debian, "security_suite", lambda *_: Suite())
    image = docker_archive(
        {"etc/os-release": RELEASE, "var/lib/dpkg/status": dpkg_record("libssl3", "3.0.2-1+b1")}
    )
    assert debian.DebianSuite().scan(image).findings == ()


def test_an_image_of_another_distribution_is_not_scanned_with_debians_list(monkeypatch):
    monkeypatch.setattr(debian, "security_suite", lambda *_: Suite())
    monkeypatch.setattr(debian, "own_source", lambda: Source("a mirror", "bookworm"))
    image = docker_archive(
        {
            "etc/os-release": "ID=ubuntu\nVERSION_CODENAME=jammy\n",
            "var/lib/dpkg/status": dpkg_record("libssl3", "1"),
        }
    )
    assert debian.DebianSuite().scan(image).packages == ()


def test_the_preferred_scanner_is_used_first(install):
    install("trivy", TRIVY)
    install("snyk", SNYK)
    assert [each.name for each in choice.choose(Preference()).scanners] == ["trivy"]
    assert [each.name for each in choice.choose(Preference(prefer="snyk")).scanners] == ["snyk"]
    assert [each.name for each in choice.choose(Preference(prefer="trivy")).scanners] == ["trivy"]


def test_a_scanner_without_its_data_is_passed_over(install):
    install("trivy", "#!/bin/sh\necho 'no route' >&2\nexit 1\n")
    install("snyk", SNYK)
    chosen = choice.choose(Preference())
    assert [each.name for each in chosen.scanners] == ["snyk"]
    assert chosen.passed_over == ("trivy cannot get its database: no route",)


@pytest.mark.usefixtures("install")
def test_no_scanner_at_all_is_a_missing_capability_with_every_reason(monkeypatch):
    monkeypatch.setattr(choice.DebianSuite, "unavailable", lambda _: "no apt here")
    monkeypatch.setattr(choice.PipAudit, "unavailable", lambda _: "no pip-audit here")
    with pytest.raises(
        CapabilityMissing, match=r"trivy is not installed.*snyk.*no apt here.*no pip-audit here"
    ):
        choice.require_scanner(Preference())


@pytest.mark.parametrize("ecosystem", list(Ecosystem))
def test_there_is_a_holed_and_a_sound_specimen_of_every_kind(ecosystem):
    assert [specimen.holed for specimen in specimens(ecosystem)] == [True, False]
