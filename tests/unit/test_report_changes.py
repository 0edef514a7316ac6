"""What would change the decision, and two runs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.core.verdicts import Decision
from readiness.report.__main__ import main
from readiness.report.changes import Change, closing_words, followers, what_would_change
from readiness.report.comparing import compare
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from readiness.report.pages import (
    comment_markdown,
    comparison_html,
    comparison_markdown,
    lines_html,
    signoff_html,
)
from tests.report.samples import FOR_EVER, GAP, GOOD_OUTCOMES, ledger, measured, outcome
from tests.report.samples import risk as small_risk
from tests.report.whole_plan import GAP as WHOLE_GAP
from tests.report.whole_plan import failed, risk, run_of_the_plan, scenario

NOT_MEASURED = scenario("TC2.1.1", Outcome.NOT_MEASURED, "the metrics do not answer")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return run_of_the_plan(
        tmp_path_factory.mktemp("bad"),
        failed("TC1.1.3"),
        failed("TC4.1.4"),
        NOT_MEASURED,
        scenario("TC2.1.2", Outcome.NOT_MEASURED, "the metrics do not answer"),
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return run_of_the_plan(tmp_path_factory.mktemp("good"))


def kinds(judged: Ledger) -> list[tuple[str, str]]:
    return [(change.kind, change.ids) for change in what_would_change(judged)]


def test_nothing_would_change_a_go(good: Ledger) -> None:
    assert good.decision is Decision.GO
    assert what_would_change(good) == ()
    assert closing_words(good) == ""


def test_lines_that_need_the_same_stand_together_and_failures_come_first(bad: Ledger) -> None:
    assert kinds(bad) == [("mend", "TC1.1.3, TC4.1.4"), ("look", "TC2.1.1, TC2.1.2")]
    assert what_would_change(bad)[0] == Change(
        "mend", "TC1.1.3, TC4.1.4", 2, "set resources.limits.memory", "failed"
    )


def test_lines_that_lack_the_same_thing_share_it_whatever_else_each_of_them_lacks(tmp_path: Path) -> None:
    both = ("TC2.1.1", "TC2.1.2")
    ends = [scenario(line, Outcome.SKIPPED, "no metrics", lines=(line,)) for line in both]
    alone = scenario("TC2.1.2", Outcome.SKIPPED, "no load allowed")
    judged = run_of_the_plan(tmp_path, *ends, further=(alone,))
    looks = [(change.ids, change.what) for change in what_would_change(judged)]
    assert looks == [("TC2.1.1, TC2.1.2", "no metrics"), ("TC2.1.2", "no load allowed")]


def test_lines_that_only_sum_up_follow_by_themselves(bad: Ledger) -> None:
    open_lines = sum(line.verdict in ("failed", "not verified") for line in bad.lines)
    assert f"{open_lines - 4} further lines will follow by themselves" in closing_words(bad)
    assert "SC1.1" in followers(bad)


def test_a_criterion_follows_the_lines_that_measure_it_but_not_when_they_are_proven() -> None:
    assert ("measure", "PC1.1") in kinds(ledger(*GOOD_OUTCOMES, budgets=()))


def test_a_criterion_over_its_limit_has_to_be_mended() -> None:
    (change,) = what_would_change(ledger(*GOOD_OUTCOMES, budgets=(measured(41.2),)))
    assert (change.kind, change.ids) == ("mend", "PC1.1")
    assert "41.2 s, required less than 30 s" in change.what


def test_what_no_scenario_proves_what_is_open_beside_and_what_the_run_lacks_is_named() -> None:
    judged = ledger(
        outcome("TC1.1.1", gaps=(GAP,)), problems=("undo failed",), broken_off="the run was aborted"
    )
    assert kinds(judged) == [("run", ""), ("run", ""), ("prove", "TC1.1.2"), ("close", "TC1.1.1")]


def test_a_conditional_go_becomes_one_when_its_risks_are_mended(tmp_path: Path) -> None:
    judged = run_of_the_plan(tmp_path, failed("TC1.1.3"), risks=(risk("TC1.1.3"),))
    assert judged.decision is Decision.CONDITIONAL_GO
    (change,) = what_would_change(judged)
    assert (change.kind, change.verdict) == ("mend", "accepted risk")
    assert "owner Kim, before 2026-09-30" in change.what


@pytest.mark.parametrize("render", [signoff_html, comment_markdown])
def test_the_pages_say_what_would_change_the_decision(bad: Ledger, render: object) -> None:
    page = render(bad)  # type: ignore[operator] # a page of a ledger
    assert "set resources.limits.memory" in page
    assert "the metrics do not answer" in page
    assert "will follow by themselves" in page


def test_a_failed_line_says_what_it_means_what_was_required_and_observed_and_what_to_do(bad: Ledger) -> None:
    page = lines_html(bad)
    line = page[page.index('id="TC1.1.3"') : page.index('id="TC1.1.4"')]
    for said in (
        "One copy that goes wrong makes the service slow or silent for everybody",
        "no copy runs without a limit",
        "insights: required a memory limit; observed none",
        "set resources.limits.memory",
    ):
        assert said in line


def test_a_failed_criterion_says_by_how_much() -> None:
    over = measured(41.2)
    told = lines_html(
        ledger(*GOOD_OUTCOMES, budgets=(type(over)(**{**vars(over), "spare": "11.2 s too much"}),))
    )
    assert "lower it by 11.2 s" in told


def test_every_line_stands_on_its_page_once_with_links_to_its_evidence(bad: Ledger) -> None:
    page = lines_html(bad)
    assert [line.id for line in bad.lines if page.count(f'id="{line.id}"') != 1] == []
    assert all(f'href="{path}"' in page for line in bad.lines for path in line.evidence)


def test_a_comment_on_a_pull_request_is_short_enough_for_any_host(bad: Ledger) -> None:
    assert len(comment_markdown(bad)) < 65_536
    assert comment_markdown(bad).startswith("## Production readiness of local: NO-GO\n")


def test_phases_show_the_work_planned_beside_the_time_measured(bad: Ledger) -> None:
    step = next(step for step in bad.steps if step.id == "PH1.1")
    assert (step.planned, step.verdict) == (4 * 3600, "failed")
    assert step.measured == 2.5 * 12
    assert "4 h" in lines_html(bad)


def test_a_run_is_no_different_from_itself(good: Ledger) -> None:
    both = compare(good, good)
    assert (both.lines, both.criteria, both.environment, both.scenarios) == ((), (), (), ())
    assert "Every line has the verdict that it had." in comparison_html(both)


def test_a_comparison_tells_worse_from_better(good: Ledger, bad: Ledger) -> None:
    worse, better = compare(good, bad), compare(bad, good)
    changed = {each.what.split(" ")[0] for each in worse.lines}
    assert {"TC1.1.3", "TC4.1.4", "TC2.1.1", "TC2.1.2"} <= changed
    assert all(each.worse and not each.better for each in worse.lines)
    assert all(each.better for each in better.lines)
    assert (len(worse.scenarios), worse.better, better.worse) == (4, (), ())
    assert "GO → NO-GO" in comparison_markdown(worse)


def test_a_comparison_tells_what_else_was_different(tmp_path: Path, good: Ledger) -> None:
    other = run_of_the_plan(
        tmp_path, scenario("TC1.1.1"), risks=(risk("TC1.1.3"), risk("TC1.1.2", WHOLE_GAP.what))
    )
    told = {each.what: (each.before, each.after) for each in compare(good, other).environment}
    assert told == {
        "accepted risk accepted-tc1.1.3": ("–", "stale"),
        "accepted risk accepted-tc1.1.2": ("–", "stale"),
    }


def test_a_comparison_holds_measured_values_against_each_other() -> None:
    slow, quick = ledger(*GOOD_OUTCOMES, budgets=(measured(31),)), ledger(*GOOD_OUTCOMES)
    (difference,) = compare(quick, slow).criteria
    assert difference.what == "PC1.1 container startup, required less than 30 s"
    assert (difference.before, difference.after, difference.worse) == ("12 s", "31 s", True)
    assert compare(slow, quick).criteria[0].better


def test_two_runs_are_compared_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger(*GOOD_OUTCOMES).write(tmp_path / "a" / "readiness.json")
    ledger(outcome("TC1.1.1"), risks=(small_risk("TC1.1.2", until=FOR_EVER),)).write(tmp_path / "b.json")
    page = tmp_path / "compare.html"
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b.json"), "--output", str(page)]) == 1
    assert "**worse** TC1.1.2" in capsys.readouterr().out
    assert page.read_text().startswith("<!doctype html>")
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "a"), "--output", str(page)]) == 0
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "gone"), "--output", str(page)]) == 2
