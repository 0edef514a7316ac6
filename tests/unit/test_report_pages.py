"""The sign-off page, its text copy and the verdict on the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from readiness.core.verdicts import Verdict
from readiness.report import view
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from readiness.report.pages import signoff_html, signoff_markdown
from readiness.report.qualification import Score
from readiness.report.terminal import WIDTH, verdict_table
from readiness.report.wording import compact, one_line, short_digests
from tests.report.samples import FOR_EVER, GAP, GOOD_OUTCOMES, ledger, measured, outcome, risk

FAILED = outcome("TC1.1.2", Outcome.NOT_MET, "Required: none\nObserved: <2> | 3")
WORST = ledger(
    outcome("TC1.1.1", gaps=(GAP,)),
    FAILED,
    budgets=(measured(12), measured(41.2), measured(1, budget="size", line="TC1.1.1")),
    risks=(risk("TC1.1.2", until=FOR_EVER), risk("TC1.1.1", gap=GAP.what, until=FOR_EVER)),
    scores=(Score("TC1.1.1", 3, 2, 2, 1),),
)
EMPTY = ledger()
STOPPED = ledger(broken_off="stopped", problems=("undo failed",))


@pytest.fixture(params=[signoff_html, signoff_markdown, verdict_table])
def page(request: pytest.FixtureRequest) -> str:
    return " ".join(request.param(WORST).split())


@pytest.mark.parametrize(
    "said",
    [
        "NO-GO",
        "local",
        "41.2 s",
        "less than 30 s",
        GAP.what,
        GAP.reason,
        "accepted by grace until 2999-01-01",
        "in force",
    ],
)
def test_every_page_says_what_must_not_be_overlooked(page: str, said: str) -> None:
    assert said in page


@pytest.mark.parametrize("render", [signoff_html, signoff_markdown])
@pytest.mark.parametrize(
    "said",
    [
        "0123456789ab",
        "fedcba987654",
        "0a1b2c3d4e5f",
        "behave 1.3.3",
        "2 of 3",
        "1 of 2",
        "Linus fixed it alone.",
        "Signature",
    ],
)
def test_the_signoff_says_what_was_judged_and_how_good_the_checks_are(
    render: Callable[[Ledger], str], said: str
) -> None:
    assert said.lower() in render(WORST).lower()


@pytest.mark.parametrize("render", [signoff_html, signoff_markdown, verdict_table])
@pytest.mark.parametrize("judged", [EMPTY, WORST, STOPPED, ledger(*GOOD_OUTCOMES)])
def test_every_kind_of_ledger_has_a_page(render: Callable[[Ledger], str], judged: Ledger) -> None:
    assert judged.decision in render(judged)


def test_the_page_loads_nothing_from_anywhere() -> None:
    assert not re.search(r"https?://|<script|<link|@import|url\(", signoff_html(WORST))


def test_what_was_observed_cannot_break_the_page() -> None:
    judged = ledger(FAILED)
    assert "&lt;2&gt;" in signoff_html(judged)
    assert "<2>" not in signoff_html(judged)


def test_the_page_explains_all_six_words_and_prints_no_percentage() -> None:
    html = signoff_html(ledger(*GOOD_OUTCOMES))
    assert all(f"<dt>{verdict}</dt>" in html for verdict in Verdict)
    assert "%" not in re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)


def test_the_decision_without_the_accepted_risks_stands_beside_the_decision() -> None:
    judged = ledger(outcome("TC1.1.1"), FAILED, risks=(risk("TC1.1.2", until=FOR_EVER),))
    assert "Without the accepted risks: <strong>NO-GO</strong>" in signoff_html(judged)
    assert "CONDITIONAL GO (without the accepted risks: NO-GO)" in verdict_table(judged)


def test_a_problem_of_the_run_is_on_every_page() -> None:
    judged = ledger(*GOOD_OUTCOMES, problems=("undo failed: the volume is still there",))
    assert all(
        "undo failed: the volume" in render(judged)
        for render in (signoff_html, signoff_markdown, verdict_table)
    )


def test_the_table_on_the_terminal_keeps_its_width() -> None:
    assert (
        max(len(line) for line in verdict_table(WORST).splitlines() if "required" not in line) <= WIDTH + 10
    )


def test_a_criterion_is_told_by_its_worst_value_and_what_nothing_measured_is_named() -> None:
    (worst, *_) = view.criteria(WORST)
    assert (worst.observed, worst.met) == ("41.2 s", False)
    assert view.unmeasured(WORST) == ""
    assert view.unmeasured(ledger(budgets=())) == "PC1.1"


def test_lines_with_the_same_reason_stand_together() -> None:
    group, *others = view.groups(ledger(budgets=()), Verdict.NOT_VERIFIED)
    assert (group.ids, group.reason) == ("TC1.1.1, TC1.1.2", "no scenario proves this line yet")
    assert [each.ids for each in others] == ["PC1.1", "SC1.1"]


def test_every_line_is_counted_once() -> None:
    assert (
        sum(section.lines for section in view.sections(WORST)) == view.totals(WORST).lines == len(WORST.lines)
    )


def test_proven_lines_whose_checks_were_never_shown_to_fail_are_named() -> None:
    judged = ledger(*GOOD_OUTCOMES, scores=(Score("TC1.1.1", 2, 2, 1, 0),))
    assert view.unqualified(judged) == "TC1.1.2"


def test_ids_that_follow_each_other_in_the_plan_become_a_range() -> None:
    order = ["TC1.1.1", "TC1.1.2", "TC1.2.1", "TC1.2.2", "PC1.1"]
    assert compact(order, order) == "TC1.1.1–PC1.1"
    assert compact(["TC1.1.1", "TC1.1.2", "TC1.2.2"], order) == "TC1.1.1, TC1.1.2, TC1.2.2"
    assert compact(["TC9.9.9", "TC1.1.1"], order) == "TC1.1.1, TC9.9.9"
    assert compact([], order) == ""


def test_long_texts_are_cut_and_digests_shortened() -> None:
    assert one_line("a\n\n b\n") == "a; b"
    assert one_line("x" * 300, 10) == "x" * 9 + "…"
    assert (
        short_digests("sha256:0123456789abcdef name@sha256:fedcba98765432100") == "0123456789ab fedcba987654"
    )
