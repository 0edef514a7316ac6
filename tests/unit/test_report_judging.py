"""How plan lines come to their verdicts."""

from __future__ import annotations

from datetime import date

import pytest

from readiness.core.verdicts import Verdict
from readiness.report.inventory import ExpectedLine, Inventory, NotApplicable
from readiness.report.outcomes import Outcome
from tests.report.samples import GAP, GOOD_OUTCOMES, PLAN, attestation, judge, measured, outcome, risk


def test_every_line_of_the_plan_has_a_result_in_its_order() -> None:
    assert tuple(judge()) == PLAN.ids


def test_a_line_without_a_scenario_is_not_verified() -> None:
    line = judge()["TC1.1.1"]
    assert (line.verdict, line.reason) == (Verdict.NOT_VERIFIED, "no scenario proves this line yet")


def test_a_line_is_proven_by_scenarios_that_examined_and_judged_something() -> None:
    line = judge(outcome("TC1.1.1"), outcome("TC1.1.1"))["TC1.1.1"]
    assert (line.verdict, line.examined) == (Verdict.PROVEN, 6)
    assert line.reason == "2 scenarios met, 6 things examined"


@pytest.mark.parametrize(
    ("end", "verdict", "reason"),
    [
        (Outcome.NOT_MET, Verdict.FAILED, "the claim of TC1.1.1: why"),
        (Outcome.NOT_MEASURED, Verdict.NOT_VERIFIED, "could not be measured: why"),
        (Outcome.NOT_RUN, Verdict.NOT_VERIFIED, "not run: why"),
        (Outcome.SKIPPED, Verdict.NOT_VERIFIED, "why"),
        (Outcome.NOT_SELECTED, Verdict.NOT_VERIFIED, "why"),
    ],
)
def test_one_scenario_that_is_not_met_decides_the_line(end: Outcome, verdict: Verdict, reason: str) -> None:
    line = judge(outcome("TC1.1.1"), outcome("TC1.1.1", end, "why"))["TC1.1.1"]
    assert (line.verdict, line.reason) == (verdict, reason)


def test_what_examined_nothing_proves_nothing() -> None:
    line = judge(outcome("TC1.1.1", examined=0))["TC1.1.1"]
    assert line.verdict is Verdict.NOT_VERIFIED
    assert "nothing was examined" in line.reason


def test_what_judged_nothing_proves_nothing() -> None:
    line = judge(outcome("TC1.1.1", judgements=0))["TC1.1.1"]
    assert line.verdict is Verdict.NOT_VERIFIED
    assert "nothing was judged" in line.reason


def test_a_failure_outweighs_what_could_not_be_measured() -> None:
    ends = (Outcome.NOT_MEASURED, Outcome.NOT_MET)
    assert judge(*(outcome("TC1.1.1", end, "why") for end in ends))["TC1.1.1"].verdict is Verdict.FAILED


def test_a_performance_criterion_needs_a_measurement() -> None:
    assert judge()["PC1.1"].verdict is Verdict.NOT_VERIFIED
    assert judge(budgets=(measured(12),))["PC1.1"].reason == "measured 12 s, required less than 30 s"


def test_one_value_over_the_limit_fails_the_criterion() -> None:
    line = judge(budgets=(measured(12), measured(41.2), measured(13)))["PC1.1"]
    assert (line.verdict, line.reason) == (Verdict.FAILED, "measured 41.2 s, required less than 30 s")


def test_a_value_of_another_budget_says_nothing_of_the_criterion() -> None:
    assert judge(budgets=(measured(1, budget="rollback"),))["PC1.1"].verdict is Verdict.NOT_VERIFIED


def test_a_sum_is_as_bad_as_the_worst_of_its_lines() -> None:
    assert judge(*GOOD_OUTCOMES, budgets=(measured(12),))["SC1.1"].verdict is Verdict.PROVEN
    line = judge(outcome("TC1.1.1"), outcome("TC1.1.2", Outcome.NOT_MET, "why"))["SC1.1"]
    assert (line.verdict, line.reason) == (Verdict.FAILED, "1 of 3 lines failed: TC1.1.2")


def test_a_sum_of_sums_is_followed_to_the_ground_wherever_it_stands() -> None:
    top = ExpectedLine("RM1.1", "Risks are met.", "RM", "RM1", rolls_up=("SC1.1",))
    results = judge(*GOOD_OUTCOMES, budgets=(measured(99),), plan=Inventory((top, *PLAN.lines)))
    assert results["RM1.1"].verdict is Verdict.FAILED


def test_a_sum_over_a_line_that_the_plan_lacks_is_not_verified() -> None:
    broken = ExpectedLine("SC9.9", "Nothing.", "SC", "SC9", rolls_up=("TC1.1.1", "TC9.9.9"))
    results = judge(outcome("TC1.1.1"), plan=Inventory((*PLAN.lines, broken)))
    assert results["SC9.9"].verdict is Verdict.NOT_VERIFIED


def test_a_declared_line_is_not_applicable_with_reason_and_name() -> None:
    declared = (NotApplicable("TC1.1.2", "The image is bought.", "ada"),)
    line = judge(not_applicable=declared)["TC1.1.2"]
    assert (line.verdict, line.reason) == (Verdict.NOT_APPLICABLE, "The image is bought. (declared by ada)")


@pytest.mark.parametrize("end", [Outcome.NOT_MET, Outcome.NOT_MEASURED])
def test_no_declaration_covers_a_check_that_failed_or_broke(end: Outcome) -> None:
    declared = (NotApplicable("TC1.1.2", "The image is bought.", "ada"),)
    assert judge(outcome("TC1.1.2", end, "why"), not_applicable=declared)["TC1.1.2"].verdict in (
        Verdict.FAILED,
        Verdict.NOT_VERIFIED,
    )


def test_an_attestation_settles_a_line_that_asks_for_one() -> None:
    line = judge(attestations=(attestation("TC6.3.3"),))["TC6.3.3"]
    assert line.verdict is Verdict.ATTESTED
    assert "signed by grace on 2026-06-01" in line.reason


def test_an_expired_attestation_counts_for_nothing() -> None:
    expired = (attestation("TC6.3.3", until=date(2026, 6, 30)),)
    assert judge(attestations=expired)["TC6.3.3"].verdict is Verdict.NOT_VERIFIED


def test_nobody_can_attest_what_a_machine_can_see() -> None:
    assert judge(attestations=(attestation("TC1.1.1"),))["TC1.1.1"].verdict is Verdict.NOT_VERIFIED


@pytest.mark.parametrize("end", [Outcome.NOT_MET, Outcome.SKIPPED, Outcome.NOT_MEASURED])
def test_an_accepted_risk_in_force_covers_what_is_not_proven_and_says_so(end: Outcome) -> None:
    line = judge(outcome("TC1.1.2", end, "why"), risks=(risk("TC1.1.2"),))["TC1.1.2"]
    assert line.verdict is Verdict.ACCEPTED_RISK
    assert line.reason.startswith("accepted by grace until 2026-12-31 (R-1, owner ada)")
    assert "why" in line.reason


def test_the_day_of_expiry_still_counts_and_the_day_after_does_not() -> None:
    failed = outcome("TC1.1.2", Outcome.NOT_MET, "why")
    assert judge(failed, risks=(risk("TC1.1.2", until=date(2026, 7, 1)),))["TC1.1.2"].tolerable
    assert not judge(failed, risks=(risk("TC1.1.2", until=date(2026, 6, 30)),))["TC1.1.2"].tolerable


def test_a_proven_line_stays_proven_beside_an_accepted_risk() -> None:
    assert judge(outcome("TC1.1.2"), risks=(risk("TC1.1.2"),))["TC1.1.2"].verdict is Verdict.PROVEN


def test_a_gap_beside_a_proven_line_keeps_it_from_being_settled_until_someone_accepts_it() -> None:
    seen = outcome("TC1.1.2", gaps=(GAP,))
    assert not judge(seen)["TC1.1.2"].settled
    line = judge(seen, risks=(risk("TC1.1.2", gap=GAP.what),))["TC1.1.2"]
    assert line.settled
    assert line.gaps[0].accepted_by.startswith("accepted by grace")


def test_accepting_a_gap_accepts_nothing_else() -> None:
    failed = outcome("TC1.1.2", Outcome.NOT_MET, "why", gaps=(GAP,))
    assert judge(failed, risks=(risk("TC1.1.2", gap=GAP.what),))["TC1.1.2"].verdict is Verdict.FAILED


def test_a_sum_inherits_the_gaps_of_its_lines() -> None:
    outcomes = (outcome("TC1.1.1", gaps=(GAP,)), outcome("TC1.1.2"))
    assert judge(*outcomes, budgets=(measured(12),))["SC1.1"].gaps == (GAP,)
