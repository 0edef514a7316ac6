"""No secret gets from a run into its report, and one that does allows no GO."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.core.verdicts import Decision, Gap
from readiness.harness.evidence import Exhibit
from readiness.harness.redaction import MASK, Redactor
from readiness.report.exports.files import write_all
from readiness.report.leaks import (
    UNSEARCHED,
    leaks_into,
    told_without_secrets,
    with_problems,
    without_secrets,
)
from readiness.report.outcomes import Judged, Outcome, ScenarioOutcome, Shortfall
from tests.report.samples import GOOD_OUTCOMES, ledger, outcome

SECRET = "hunter2-and-more"


@pytest.fixture
def redactor() -> Redactor:
    knowing = Redactor()
    knowing.learn("identity admin", SECRET)
    return knowing


def leaky(line: str) -> ScenarioOutcome:
    gap = Gap(f"a place with {SECRET}", f"it answered {SECRET}")
    return ScenarioOutcome(
        "Basic authentication is refused",
        "a.feature:1",
        (line,),
        Outcome.NOT_MET,
        f"Observed: {SECRET}",
        1.0,
        Judged(3, 1, (Exhibit("evidence/a.json", "0" * 64),), (gap,)),
        (Shortfall("none", f"password={SECRET}", f"forget {SECRET}"),),
    )


def test_every_word_of_an_outcome_is_redacted_and_every_fact_stays(redactor: Redactor) -> None:
    clean = told_without_secrets((leaky("TC1.1.1"),), redactor.text)[0]
    assert SECRET not in repr(clean)
    assert repr(clean).count(MASK) == 5
    assert clean.name == "Basic authentication is refused"
    assert (clean.lines, clean.outcome, clean.seconds) == (("TC1.1.1",), Outcome.NOT_MET, 1.0)
    assert type(clean.outcome) is Outcome


def test_no_file_made_from_a_redacted_run_holds_the_secret(redactor: Redactor, tmp_path: Path) -> None:
    outcomes = told_without_secrets((outcome("TC1.1.1"), leaky("TC1.1.2")), redactor.text)
    problems = without_secrets((f"undo failed: {SECRET}",), redactor.text)
    write_all(ledger(*outcomes, problems=problems), tmp_path)
    assert len(list(tmp_path.iterdir())) >= 6
    assert leaks_into((tmp_path,), redactor) == ()


@pytest.mark.parametrize("file", ["readiness.json", "signoff.html", "evidence/deep/below/seen.txt"])
def test_a_secret_that_came_through_is_named_with_its_file_and_allows_no_go(
    redactor: Redactor, tmp_path: Path, file: str
) -> None:
    judged = ledger(*GOOD_OUTCOMES)
    write_all(judged, tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    with (tmp_path / file).open("a") as written:
        written.write(SECRET)
    (problem,) = leaks_into((tmp_path, tmp_path / "no such folder"), redactor)
    assert problem.startswith(f"a secret (identity admin) came through into {tmp_path / file}")
    assert SECRET not in problem
    red = with_problems(judged, (problem,))
    assert (judged.decision, red.decision, red.decision_without_risks) == (
        Decision.GO,
        Decision.NO_GO,
        Decision.NO_GO,
    )
    assert red.problems == (problem,)


def test_a_search_that_finds_nothing_planted_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = Redactor()
    monkeypatch.setattr(blind, "leaks", lambda _files: [])
    assert leaks_into((tmp_path,), blind) == (UNSEARCHED,)
    assert list(tmp_path.iterdir()) == []


def test_a_problem_makes_no_decision_out_of_none() -> None:
    partial = ledger(*GOOD_OUTCOMES, broken_off="the run was aborted")
    assert with_problems(partial, ("undo failed",)).decision is Decision.NO_DECISION
    assert with_problems(partial, ()) is partial
