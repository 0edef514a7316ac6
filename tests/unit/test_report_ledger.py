"""The ledger: its decision, its file, its keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness.core.errors import ConfigurationError
from readiness.core.verdicts import Decision
from readiness.report.inventory import NotApplicable
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from readiness.report.qualification import Score, read_scores, total
from readiness.report.reporter import all_met
from tests.report.samples import FOR_EVER, GAP, GOOD_OUTCOMES, PLAN, ledger, measured, outcome, risk

FAILED = outcome("TC1.1.2", Outcome.NOT_MET, "Required: none\nObserved: 2")


def test_all_lines_settled_is_go() -> None:
    assert ledger(*GOOD_OUTCOMES).decision is Decision.GO


def test_one_failed_line_is_no_go() -> None:
    assert ledger(outcome("TC1.1.1"), FAILED).decision is Decision.NO_GO


def test_one_criterion_over_its_limit_is_no_go() -> None:
    assert ledger(*GOOD_OUTCOMES, budgets=(measured(31),)).decision is Decision.NO_GO


def test_accepted_risks_make_it_conditional_and_the_decision_without_them_stands_beside_it() -> None:
    judged = ledger(outcome("TC1.1.1"), FAILED, risks=(risk("TC1.1.2", until=FOR_EVER),))
    assert (judged.decision, judged.decision_without_risks) == (Decision.CONDITIONAL_GO, Decision.NO_GO)
    assert [each.state for each in judged.accepted_risks] == ["in force"]


def test_a_gap_that_nobody_accepted_is_no_go_and_an_accepted_one_conditional() -> None:
    seen = outcome("TC1.1.2", gaps=(GAP,))
    assert ledger(outcome("TC1.1.1"), seen).decision is Decision.NO_GO
    accepted = risk("TC1.1.2", gap=GAP.what, until=FOR_EVER)
    assert ledger(outcome("TC1.1.1"), seen, risks=(accepted,)).decision is Decision.CONDITIONAL_GO


@pytest.mark.parametrize("gap", ["", "something that can be seen by now"])
def test_a_risk_whose_line_is_proven_is_stale(gap: str) -> None:
    judged = ledger(*GOOD_OUTCOMES, risks=(risk("TC1.1.2", gap=gap, until=FOR_EVER),))
    assert [each.state for each in judged.accepted_risks] == ["stale"]
    assert judged.decision is Decision.GO


def test_an_expired_risk_is_shown_and_counts_for_nothing() -> None:
    judged = ledger(outcome("TC1.1.1"), FAILED, risks=(risk("TC1.1.2", until=risk("").accepted_on),))
    assert [each.state for each in judged.accepted_risks] == ["expired"]
    assert judged.decision is Decision.NO_GO


def test_a_problem_of_the_run_itself_is_no_go() -> None:
    assert ledger(*GOOD_OUTCOMES, problems=("undo failed",)).decision is Decision.NO_GO


@pytest.mark.parametrize("end", [Outcome.NOT_SELECTED, Outcome.NOT_RUN])
def test_a_partial_run_decides_nothing_and_says_why(end: Outcome) -> None:
    judged = ledger(*GOOD_OUTCOMES, outcome("TC1.1.1", end, "why"))
    assert judged.decision is Decision.NO_DECISION
    assert judged.partial


def test_a_run_that_was_broken_off_decides_nothing() -> None:
    judged = ledger(*GOOD_OUTCOMES, broken_off="the run was aborted")
    assert (judged.decision, judged.partial) == (Decision.NO_DECISION, "the run was aborted")


LEFT_OUT = outcome("TC1.1.2", Outcome.SKIPPED, "one node only")
DECLARED = (NotApplicable("TC1.1.2", "there is one node only", "ada"),)


def test_what_is_declared_not_applicable_may_be_left_out_of_a_run_that_met_everything_else() -> None:
    assert all_met(ledger(outcome("TC1.1.1"), LEFT_OUT, not_applicable=DECLARED))


@pytest.mark.parametrize(
    "seen",
    [
        ledger(outcome("TC1.1.1"), LEFT_OUT),
        ledger(LEFT_OUT, not_applicable=DECLARED),
        ledger(outcome("TC1.1.1"), FAILED, not_applicable=DECLARED),
        ledger(
            outcome("TC1.1.1"), LEFT_OUT, outcome("TC1.1.2", Outcome.NOT_MEASURED), not_applicable=DECLARED
        ),
    ],
    ids=["nobody declared it", "nothing else ran", "it failed", "another check of it broke"],
)
def test_whatever_else_was_not_met_makes_the_exit_status_of_a_run(seen: Ledger) -> None:
    assert not all_met(seen)


def test_the_file_has_the_promised_keys_and_every_line(tmp_path: Path) -> None:
    ledger(*GOOD_OUTCOMES).write(tmp_path / "results" / "readiness.json")
    content = json.loads((tmp_path / "results" / "readiness.json").read_text())
    assert content["schema"] == 1
    assert content["decision"] == "GO"
    assert {"target", "subject", "started", "finished", "lines", "budgets"} <= content.keys()
    assert set(content["subject"]) == {"images", "configuration", "commit"}
    assert [line["id"] for line in content["lines"]] == list(PLAN.ids)
    assert {"id", "verdict", "reason", "examined", "scenarios", "evidence"} <= content["lines"][0].keys()
    assert {"id", "line", "limit", "measured", "unit", "met"} <= content["budgets"][0].keys()


def test_what_was_written_is_read_back_whole(tmp_path: Path) -> None:
    written = ledger(
        outcome("TC1.1.1", gaps=(GAP,)),
        FAILED,
        risks=(risk("TC1.1.2"),),
        scores=(Score("TC1.1.1", 2, 2, 1, 0),),
    )
    written.write(tmp_path / "readiness.json")
    assert Ledger.read(tmp_path / "readiness.json") == written
    assert [path.name for path in tmp_path.iterdir()] == ["readiness.json"]


def test_a_missing_ledger_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        Ledger.read(tmp_path / "readiness.json")


def test_a_damaged_ledger_names_every_key_that_is_wrong(tmp_path: Path) -> None:
    ledger(*GOOD_OUTCOMES).write(tmp_path / "readiness.json")
    content = json.loads((tmp_path / "readiness.json").read_text())
    content["decision"] = "PERHAPS"
    content["lines"][0]["examined"] = "many"
    (tmp_path / "readiness.json").write_text(json.dumps(content))
    with pytest.raises(ConfigurationError) as error:
        Ledger.read(tmp_path / "readiness.json")
    assert [problem.key for problem in error.value.problems] == ["decision", "lines.0.examined"]


def test_a_ledger_of_another_schema_is_refused(tmp_path: Path) -> None:
    ledger(*GOOD_OUTCOMES).write(tmp_path / "readiness.json")
    text = (tmp_path / "readiness.json").read_text().replace('"schema": 1', '"schema": 2')
    (tmp_path / "readiness.json").write_text(text)
    with pytest.raises(ConfigurationError, match=r"schema: 2\. Allowed: 1"):
        Ledger.read(tmp_path / "readiness.json")


def test_scores_are_read_and_summed_over_the_lines_asked_for(tmp_path: Path) -> None:
    lines = [
        {"id": "TC1.1.1", "defects": 2, "caught": 2, "decoys": 1, "false_alarms": 0, "cases": []},
        {"id": "TC1.1.2", "defects": 3, "caught": 2, "decoys": 2, "false_alarms": 1, "cases": []},
        {"id": "TC1.1.3", "defects": 9, "caught": 0, "decoys": 9, "false_alarms": 9, "cases": []},
    ]
    (tmp_path / "qualification.json").write_text(json.dumps({"schema": 1, "lines": lines}))
    score = total(read_scores(tmp_path / "qualification.json"), ("TC1.1.1", "TC1.1.2"))
    assert (score.caught, score.defects, score.quiet, score.decoys) == (4, 5, 2, 3)


def test_without_a_qualification_there_are_no_scores(tmp_path: Path) -> None:
    assert read_scores(tmp_path / "qualification.json") == ()
