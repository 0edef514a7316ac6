"""The commands that add, list and expire accepted risks and attestations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from readiness.attest import main as attest
from readiness.config.amendments import add_attestation, add_risk, expire_attestation, expire_risk
from readiness.config.attestations import load_attestations
from readiness.config.risks import FILE, load_accepted_risks
from readiness.risks import main as risks
from tests.report.samples import GOOD_OUTCOMES, ledger
from tests.report.samples import risk as sample_risk
from tests.unit.config_project import Project, problems_of, project_in

TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=90)
RISK = {
    "id": "texts",
    "line": "TC3.3.1",
    "owner": "Kim Example",
    "approver": "Lee Example",
    "reason": "The contract begins next month: mail works.",
    "accepted_on": date(2026, 3, 2),
    "expires_on": date(2026, 4, 15),
}
STATED = {
    "line": "TC6.3.3",
    "release": "3f9c1e0a7b21",
    "statement": "The seeded fault was mended in 24 minutes.",
    "author": "Sam Example",
    "signer": "Alex Example",
    "signed_on": date(2026, 3, 3),
    "expires_on": date(2026, 6, 1),
}
ADD = ["add", "texts", "--line", "TC3.3.1", "--owner", "Kim", "--approver", "Lee", "--reason", "Mail works."]
ATTEST = [
    "add",
    "TC6.3.3",
    "--release",
    "3f9c",
    "--statement",
    "Done.",
    "--author",
    "Sam",
    "--signer",
    "Alex",
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def text(project: Project) -> str:
    return (project.root / FILE).read_text()


def test_an_added_risk_is_accepted_from_today_and_the_comments_stay(project: Project) -> None:
    before = text(project)
    assert risks([*ADD, "--until", str(LATER)], project.root) == 0
    (risk,) = load_accepted_risks(project.root)
    assert (risk.id, risk.line, risk.accepted_on, risk.expires_on) == ("texts", "TC3.3.1", TODAY, LATER)
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert comments
    assert [line for line in text(project).splitlines() if line.startswith("#")] == comments


def test_a_second_risk_leaves_the_first_as_it_was_written(project: Project) -> None:
    project.write(
        FILE,
        "# head\nrisks:\n  - id: a  # why\n    line: 'TC3.3.1'\n    owner: Kim\n    approver: Lee\n"
        "    reason: >-\n      Folded\n      text.\n    accepted_on: 2026-03-02\n    expires_on: 2026-04-15\n",
    )
    first = text(project)
    add_risk(project.root, RISK)
    assert text(project).startswith(first.rstrip("\n"))
    assert [risk.id for risk in load_accepted_risks(project.root)] == ["a", "texts"]


def test_everything_wrong_is_told_at_once_and_nothing_is_written(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = text(project)
    wrong = [
        "add",
        "Texts!",
        "--line",
        "TC9.9.9",
        "--owner",
        "Kim",
        "--approver",
        "kim",
        "--reason",
        "",
        "--until",
        "never",
    ]
    assert risks(wrong, project.root) == 2
    told = capsys.readouterr().err
    assert all(f"{FILE}: risks.0.{key}" in told for key in ("id", "line", "reason", "expires_on"))
    assert text(project) == before


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"approver": "kim  example"}, "an approver who is not the owner"),
        ({"line": "SC1.1"}, "computed from other lines"),
        ({"expires_on": date(2027, 3, 4)}, "at most 366 days; say it anew then"),
        ({"expires_on": date(2026, 3, 1)}, "before it was accepted"),
    ],
)
def test_a_risk_that_should_not_be_is_refused(
    project: Project, changed: dict[str, object], says: str
) -> None:
    before = text(project)
    problems = problems_of(lambda: add_risk(project.root, RISK | changed))  # type: ignore[arg-type] # what people may say
    assert says in str(problems[0])
    assert text(project) == before


def test_the_same_risk_is_not_accepted_twice(project: Project) -> None:
    add_risk(project.root, RISK)
    (problem,) = problems_of(lambda: add_risk(project.root, RISK))
    assert problem.key == "risks.1.id"
    assert len(load_accepted_risks(project.root)) == 1


def test_an_ended_risk_counts_no_longer_and_is_kept_on_record(project: Project) -> None:
    add_risk(project.root, RISK)
    assert "expired on 2026-03-09" in expire_risk(project.root, "texts", date(2026, 3, 10))
    (risk,) = load_accepted_risks(project.root)
    assert not risk.in_force(date(2026, 3, 10))
    assert risk.in_force(date(2026, 3, 9))
    assert "already" in expire_risk(project.root, "texts", date(2026, 3, 11))


def test_a_risk_that_never_counted_a_day_is_taken_out(project: Project) -> None:
    add_risk(project.root, RISK)
    assert "taken out" in expire_risk(project.root, "texts", date(2026, 3, 2))
    assert load_accepted_risks(project.root) == ()
    assert "# What is known to be missing" in text(project)


def test_a_risk_that_is_not_there_is_answered_with_those_that_are(project: Project) -> None:
    add_risk(project.root, RISK)
    (problem,) = problems_of(lambda: expire_risk(project.root, "text", TODAY))
    assert (problem.wrong, problem.allowed) == ("there is no risk 'text'", "texts")


def test_the_list_tells_what_counts_what_ends_and_what_is_over(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    day = timedelta(days=1)
    for name, first, last in (
        ("good", TODAY, LATER),
        ("ending", TODAY, TODAY + 3 * day),
        ("over", TODAY - 9 * day, TODAY - day),
        ("coming", TODAY + day, LATER),
    ):
        add_risk(project.root, {**RISK, "id": name, "accepted_on": first, "expires_on": last})  # type: ignore[arg-type] # str and date
    assert risks(["list"], project.root) == 1
    told = {line.split(":")[0].split()[-1]: line for line in capsys.readouterr().out.splitlines()[::2]}
    assert told["good"].startswith("in force")
    assert told["ending"].startswith("3 days left")
    assert told["over"].startswith("EXPIRED")
    assert told["coming"].startswith("not yet in force")


def test_what_the_last_run_found_to_be_stale_is_listed_and_can_be_ended(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    day = timedelta(days=1)
    add_risk(project.root, {**RISK, "accepted_on": TODAY - day, "expires_on": LATER})  # type: ignore[arg-type] # str and date
    assert risks(["list"], project.root) == 0
    found = replace(sample_risk("TC1.1.2", until=LATER), id="texts")
    ledger(*GOOD_OUTCOMES, risks=(found,)).write(project.root / "results" / "readiness.json")
    assert risks(["list"], project.root) == 1
    assert "STALE" in capsys.readouterr().out
    assert risks(["expire", "--stale"], project.root) == 0
    assert load_accepted_risks(project.root)[0].expires_on == TODAY - day


def test_without_risks_the_list_says_so(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert risks(["list"], project.root) == 0
    assert risks(["expire", "--stale"], project.root) == 0
    assert capsys.readouterr().out.startswith("No risks are accepted.\nNothing to end")


def test_a_statement_gets_a_file_of_its_own(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert attest([*ATTEST, "--until", str(LATER)], project.root) == 0
    assert attest([*ATTEST, "--until", str(LATER)], project.root) == 0
    names = sorted(path.name for path in (project.root / "config/attestations").glob("*.yaml"))
    assert names == [f"tc6.3.3-{TODAY}-2.yaml", f"tc6.3.3-{TODAY}.yaml"]
    assert {each.line for each in load_attestations(project.root)} == {"TC6.3.3"}
    assert attest(["list"], project.root) == 0
    assert capsys.readouterr().out.count("counts ") == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"signer": "sam example"}, "a signer who is not the author"),
        ({"line": "TC1.1.1"}, "proven by scenarios, no statement counts for it"),
        ({"line": "SC1.1"}, "computed from other lines"),
        ({"expires_on": date(2028, 1, 1)}, "at most 366 days"),
        ({"line": "TC9.9.9", "statement": "", "expires_on": "never"}, "statement"),
    ],
)
def test_a_statement_that_should_not_be_is_refused(
    project: Project, changed: dict[str, object], says: str
) -> None:
    problems = problems_of(lambda: add_attestation(project.root, STATED | changed))  # type: ignore[arg-type] # what people may say
    assert says in "\n".join(map(str, problems))
    assert len(problems) == len(changed)
    assert not list((project.root / "config/attestations").glob("*.yaml"))


def test_an_ended_statement_counts_no_longer(project: Project) -> None:
    file = add_attestation(project.root, STATED)  # type: ignore[arg-type] # str and date
    project.change(file, "line: TC6.3.3", "line: TC6.3.3  # seen by all")
    assert "expired on 2026-03-09" in expire_attestation(project.root, file, date(2026, 3, 10))
    assert "# seen by all" in (project.root / file).read_text()
    (stated,) = load_attestations(project.root)
    assert not stated.in_force(date(2026, 3, 10), ("3f9c1e0a7b21",))
    assert attest(["list"], project.root) == 1
    assert attest(["expire", "config/attestations/other.yaml"], project.root) == 2


def test_a_statement_that_never_counted_a_day_is_taken_out(project: Project) -> None:
    file = add_attestation(project.root, STATED)  # type: ignore[arg-type] # str and date
    assert "taken out" in expire_attestation(project.root, file, date(2026, 3, 3))
    assert load_attestations(project.root) == ()
