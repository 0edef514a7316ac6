"""Security rules on running containers, and exceptions from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from readiness.config.standards import (
    Check,
    Rules,
    SecurityException,
    load_security_exceptions,
    load_standards,
)
from readiness.matchers.standards import (
    FAULTS,
    are_all_shown,
    have_exceptions_that_count,
    keep_the_rules,
)
from readiness.probes.confinement import (
    Confinement,
    Confinements,
    Process,
    own_processes,
    processes_of,
    root_is_read_only,
)
from readiness.probes.scenarios import ShownLines, lines_in
from readiness.targets.platform import Isolation, Limits
from tests.unit.config_project import Project, problems_of, project_in

SHIPPED = Path(__file__).parents[2]
STANDARDS = load_standards(SHIPPED)
TODAY = date(2026, 12, 1)
MAIN = Process("server", 1, 0, (1000,) * 4, 0, no_new_privileges=True, filtered=True)
APART = Isolation(shared=(), privileged=False, devices=(), machine_paths=())
GOOD = Confinement(
    part="api",
    copy="a1",
    image="sha256:1",
    declared_image="sha256:1",
    health="healthy",
    processes=(MAIN,),
    read_only=True,
    isolation=APART,
    limits=Limits(1 << 20, 0, 0.5),
    process_limit=100,
)
EXCUSE = SecurityException(
    item="CIS-Docker-4.1",
    parts=("exporter", "gate*"),
    reason="The socket is root's.",
    owner="Kim",
    approver="Lee",
    accepted_on=date(2026, 11, 1),
    expires_on=date(2027, 1, 1),
)
STATUS = """Name:\t{name}
Pid:\t{pid}
PPid:\t{parent}
Uid:\t0\t0\t0\t0
CapInh:\t0000000000000000
CapPrm:\t0000000000000001
CapEff:\t0000000000000000
CapBnd:\t0000000000000002
NoNewPrivs:\t{nnp}
Seccomp:\t2
"""


def seen(*containers: Confinement) -> Confinements:
    return Confinements(examined=len(containers), containers=containers)


def rules(*exceptions: SecurityException) -> Rules:
    return Rules(STANDARDS, exceptions, TODAY)


def as_root(part: str) -> Confinement:
    return replace(GOOD, part=part, processes=(MAIN, replace(MAIN, name="helper", users=(1000, 0, 0, 0))))


def test_every_check_has_its_look_and_a_rule() -> None:
    assert set(FAULTS) == set(Check) == {item.check for item in STANDARDS.items if item.check}


def test_a_confined_container_is_left_alone() -> None:
    assert keep_the_rules(rules()).matches(seen(GOOD))


@pytest.mark.parametrize(
    "container",
    [
        as_root("api"),
        replace(GOOD, processes=(replace(MAIN, capabilities=1),)),
        replace(GOOD, processes=(MAIN, replace(MAIN, no_new_privileges=False))),
        replace(GOOD, processes=(replace(MAIN, filtered=False),)),
        replace(GOOD, read_only=False),
        replace(GOOD, isolation=replace(APART, shared=("network",))),
        replace(GOOD, isolation=replace(APART, privileged=True)),
        replace(GOOD, isolation=replace(APART, devices=("/dev/kvm",))),
        replace(GOOD, isolation=replace(APART, machine_paths=("/etc",))),
        replace(GOOD, isolation=replace(APART, machine_paths=("/run/docker.sock",))),
        replace(GOOD, limits=Limits(None, 0, 0.5)),
        replace(GOOD, limits=Limits(1, 0, None)),
        replace(GOOD, process_limit=None),
        replace(GOOD, health=""),
        replace(GOOD, image="sha256:2"),
    ],
)
def test_every_broken_rule_is_told_of(container: Confinement) -> None:
    assert not keep_the_rules(rules()).matches(seen(GOOD, container))


def test_an_exception_excuses_the_parts_that_it_names_and_no_others() -> None:
    assert keep_the_rules(rules(EXCUSE)).matches(seen(as_root("exporter"), as_root("gateway")))
    assert not keep_the_rules(rules(EXCUSE)).matches(seen(as_root("exporter"), as_root("api")))
    assert have_exceptions_that_count(rules(EXCUSE)).matches(seen(as_root("exporter")))


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": date(2026, 11, 30)},
        {"accepted_on": date(2026, 12, 2)},
        {"expires_on": date(2030, 1, 1)},
        {"approver": " kim"},
        {"item": "CIS-Docker-99"},
    ],
    ids=["expired", "not yet", "endless", "approved by its owner", "of another rule"],
)
def test_an_exception_that_does_not_count_excuses_nothing(changes: dict[str, object]) -> None:
    exception = EXCUSE.model_copy(update=changes)
    assert not keep_the_rules(rules(exception)).matches(seen(as_root("exporter")))
    assert not have_exceptions_that_count(rules(exception)).matches(seen(as_root("exporter")))


def test_an_exception_that_nothing_needs_is_told_of() -> None:
    assert not have_exceptions_that_count(rules(EXCUSE)).matches(seen(as_root("api")))


def test_processes_are_told_from_what_the_engine_started_beside_them() -> None:
    told = (
        ("docker-init", 1, 0, 0),
        ("server", 7, 1, 1),
        ("worker", 9, 7, 1),
        ("check", 20, 0, 0),
        ("cat", 21, 20, 0),
    )
    text = "".join(STATUS.format(name=n, pid=p, parent=q, nnp=x) for n, p, q, x in told)
    own = list(own_processes(list(processes_of(text))))
    assert [each.name for each in own] == ["server", "worker"]
    assert (own[0].users, own[0].capabilities, own[0].no_new_privileges) == ((0, 0, 0, 0), 3, True)


def test_a_root_file_system_is_read_only_when_the_kernel_says_so() -> None:
    mounts = "1 0 0:1 / /proc rw - proc proc rw\n2 1 0:2 / / {} - overlay overlay rw\n"
    assert root_is_read_only(mounts.format("ro,relatime"))
    assert not root_is_read_only(mounts.format("rw,relatime"))
    assert not root_is_read_only("")


def test_rules_without_a_scenario_are_told_of() -> None:
    shown = lines_in("@critical @TC1.1.1\nScenario: @TC9.9.9 is no tag\n  # @TC8.8.8\n  @TC2.3.2\n")
    assert shown == {"TC1.1.1", "TC2.3.2"}
    everything = frozenset(line for item in STANDARDS.items for line in item.lines)
    assert are_all_shown(STANDARDS).matches(ShownLines(examined=1, lines=everything))
    assert not are_all_shown(STANDARDS).matches(ShownLines(examined=1, lines=everything - {"TC2.3.2"}))


def test_the_shipped_exceptions_can_be_read() -> None:
    assert load_security_exceptions(SHIPPED, None)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def test_a_rule_that_nothing_shows_is_refused(project: Project) -> None:
    project.change("config/policies/standards.yaml", ", check: own user}", "}")
    assert "shown by nothing" in str(problems_of(lambda: load_standards(project.root))[0])
