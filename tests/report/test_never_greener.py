"""The report is never greener than the run: behave's own word, the Allure results and the ledger, side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.report.project_runs import Told, run_again, run_project, write_project
from tests.report.situations import GOOD, HEAD, RULE, Situation
from tests.report.stock_situations import SITUATIONS

AT_ONCE = 2


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    def run(situation: Situation, folder: Path) -> Told:
        features = {"a.feature": situation.feature, **situation.more}
        return run_project(folder, features, situation.hooks, situation.arguments)

    folders = [
        tmp_path_factory.mktemp("project") for _ in SITUATIONS
    ]  # here: the factory is not for several threads
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = pool.map(run, SITUATIONS, folders)
        return dict(zip((each.name for each in SITUATIONS), told, strict=True))


every_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)


@every_situation
def test_the_situation_is_what_we_take_it_for(situation: Situation, runs: dict[str, Told]) -> None:
    assert runs[situation.name].exit_status == situation.exit_status, runs[situation.name].output


@every_situation
def test_allure_shows_every_scenario_as_it_ended(situation: Situation, runs: dict[str, Told]) -> None:
    assert runs[situation.name].allure_statuses() == situation.shown


@every_situation
def test_allure_says_why(situation: Situation, runs: dict[str, Told]) -> None:
    messages = [result.get("statusDetails", {}).get("message", "") for result in runs[situation.name].allure]
    assert any(situation.says in message for message in messages) or not situation.says


@every_situation
def test_the_ledger_gives_the_line_its_verdict(situation: Situation, runs: dict[str, Told]) -> None:
    assert runs[situation.name].verdicts().get("TC1.1.1", "no ledger") == situation.line


@every_situation
def test_what_behave_does_not_call_passed_is_passed_nowhere(
    situation: Situation, runs: dict[str, Told]
) -> None:
    told = runs[situation.name]
    passed = {name for name, statuses in told.allure_statuses().items() if set(statuses) == {"passed"}}
    assert not passed & {name for name, status in told.behave if status != "passed"}


@every_situation
def test_a_red_run_has_no_green_report(situation: Situation, runs: dict[str, Told]) -> None:
    told = runs[situation.name]
    assert told.exit_status == 0 or any(result["status"] != "passed" for result in told.allure)
    assert told.ledger is None or told.ledger.decision == situation.decision


@every_situation
def test_no_two_results_take_each_other_for_a_retry(situation: Situation, runs: dict[str, Told]) -> None:
    ids = [result["testCaseId"] for result in runs[situation.name].allure]
    assert len(ids) == len(set(ids))


def test_a_line_is_proven_only_by_a_run_that_behave_calls_passed(runs: dict[str, Told]) -> None:
    proven = [told for told in runs.values() if told.verdicts().get("TC1.1.1") == "proven"]
    assert proven
    assert all(status == "passed" for told in proven for _, status in told.behave)


def test_a_full_green_run_is_go(tmp_path: Path) -> None:
    told = run_project(tmp_path, {"a.feature": f"@TC1.1.1 @TC1.1.2\n{RULE.split(chr(10), 1)[1]}{GOOD}"})
    assert told.ledger is not None
    assert told.ledger.decision == "GO"


def test_a_dry_run_writes_nothing_and_removes_nothing(tmp_path: Path) -> None:
    before = run_project(tmp_path, {"a.feature": RULE + GOOD})
    after = run_again(tmp_path, ("--dry-run",))
    assert before.allure == after.allure
    assert after.exit_status == 0


def test_a_dry_run_alone_leaves_no_results(tmp_path: Path) -> None:
    write_project(tmp_path, {"a.feature": RULE + GOOD})
    run_again(tmp_path, ("--dry-run",))
    assert not (tmp_path / "allure-results").exists()


def test_a_second_run_replaces_the_results_of_the_first(tmp_path: Path) -> None:
    run_project(tmp_path, {"a.feature": RULE + GOOD})
    (tmp_path / "allure-results" / "notes.txt").write_text("not ours")
    assert len(run_again(tmp_path).allure) == 1
    assert (tmp_path / "allure-results" / "notes.txt").exists()


def test_runs_in_parts_keep_each_others_results(tmp_path: Path) -> None:
    features = {
        "a.feature": HEAD + GOOD,
        "b.feature": "@TC1.1.2\nFeature: B\n  Scenario: other\n    Then it holds\n",
    }
    run_project(tmp_path, features, arguments=("features/a.feature",))
    told = run_again(tmp_path, ("-D", "keep_results=yes", "features/b.feature"))
    assert told.allure_statuses() == {"good": ["passed"], "other": ["passed"]}


def test_an_edited_limit_in_a_table_does_not_cut_the_history(tmp_path: Path) -> None:
    outline = (
        HEAD
        + "  Scenario Outline: start\n    Then it holds in <n> seconds\n    Examples: e\n      | n |\n      | 30 |\n"
    )
    ids = [
        run_project(tmp_path, {"a.feature": text}).result("start -- @1.1 e")["testCaseId"]
        for text in (outline, outline.replace("30", "40"))
    ]
    assert ids[0] == ids[1]


def test_a_result_carries_its_place_in_the_plan_and_what_was_measured(tmp_path: Path) -> None:
    feature = RULE.replace("Rule: R\n", "Rule: R\n    Says the rule.\n") + (
        "    @critical\n    Scenario: quick\n      Says the scenario.\n\n      Then it holds in 3 seconds\n"
    )
    result = run_project(tmp_path, {"a.feature": feature}).result("quick")
    labels = {label["name"]: label["value"] for label in result["labels"] if label["name"] != "tag"}
    assert labels["epic"] == "1 First section"
    assert labels["feature"] == "TC1.1 First case"
    assert labels["story"] == "TC1.1.1 Claim 1"
    assert labels["severity"] == "critical"
    assert result["description"] == "Says the rule.\n\nSays the scenario."
    assert result["titlePath"] == ["features", "A", "R"]
    assert result["steps"][0]["name"] == "Then it holds in 3 seconds (measured 3 s)"


def test_a_criterion_that_is_not_met_shows_required_beside_observed(tmp_path: Path) -> None:
    told = run_project(tmp_path, {"a.feature": RULE + "    Scenario: bad\n      Then it does not hold\n"})
    details = told.result("bad")["statusDetails"]
    assert (details["expected"], details["actual"]) == ("seven", "eight")


def test_no_secret_gets_into_the_results(tmp_path: Path) -> None:
    told = run_project(
        tmp_path, {"a.feature": RULE + "    Scenario: bad\n      When it shows the secret hunter2\n"}
    )
    written = list((tmp_path / "allure-results").iterdir())
    assert len(told.result("bad")["steps"][0]["attachments"]) == 1
    assert not [path.name for path in written if b"hunter2" in path.read_bytes()]


def test_evidence_of_no_scenario_is_attached_to_the_report_as_a_whole(tmp_path: Path) -> None:
    hooks = "\ndef before_feature(context, feature):\n    attach('plan', b'seen', 'text/plain')\n"
    told = run_project(tmp_path, {"a.feature": RULE + GOOD}, hooks)
    assert told.exit_status == 0
    globals_written = list((tmp_path / "allure-results").glob("*-globals.json"))
    assert len(globals_written) == 1
    assert '"plan"' in globals_written[0].read_text()


def test_a_plan_line_that_has_no_scenario_is_shown_as_not_verified(tmp_path: Path) -> None:
    hooks = (
        "\nfrom readiness.report.formatter import report_line\n\n\n"
        "@report_failure\ndef after_all(context):\n    close(context)\n"
        '    report_line("TC1.1.2", "not verified: no scenario proves this line yet")\n'
    )
    told = run_project(tmp_path, {"a.feature": RULE + GOOD}, hooks)

    shown = told.result("TC1.1.2 Claim 2")
    labels = {label["name"]: label["value"] for label in shown["labels"]}
    assert shown["status"] == "skipped"
    assert shown["statusDetails"]["message"] == "not verified: no scenario proves this line yet"
    assert (labels["epic"], labels["feature"]) == ("1 First section", "TC1.1 First case")
