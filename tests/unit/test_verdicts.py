"""Lines merge to the worst verdict, and the decision follows from every expected line."""

import pytest

from readiness.core.verdicts import Decision, Gap, LineResult, Verdict, decide, merge


def line(line_id, verdict, *gaps):
    return LineResult(line_id, verdict, "because", gaps=gaps)


@pytest.mark.parametrize(
    ("verdicts", "merged"),
    [
        ([Verdict.PROVEN, Verdict.FAILED, Verdict.NOT_VERIFIED], Verdict.FAILED),
        ([Verdict.PROVEN, Verdict.NOT_VERIFIED, Verdict.ACCEPTED_RISK], Verdict.NOT_VERIFIED),
        ([Verdict.ATTESTED, Verdict.ACCEPTED_RISK], Verdict.ACCEPTED_RISK),
        ([Verdict.PROVEN, Verdict.ATTESTED], Verdict.ATTESTED),
        ([Verdict.NOT_APPLICABLE, Verdict.PROVEN], Verdict.PROVEN),
        ([], Verdict.NOT_VERIFIED),
    ],
)
def test_the_worst_verdict_wins(verdicts, merged):
    assert merge(verdicts) is merged


@pytest.mark.parametrize(
    ("lines", "decision"),
    [
        ([line("A", Verdict.PROVEN), line("B", Verdict.ATTESTED)], Decision.GO),
        ([line("A", Verdict.PROVEN), line("B", Verdict.NOT_APPLICABLE)], Decision.GO),
        ([line("A", Verdict.PROVEN), line("B", Verdict.ACCEPTED_RISK)], Decision.CONDITIONAL_GO),
        ([line("A", Verdict.PROVEN), line("B", Verdict.NOT_VERIFIED)], Decision.NO_GO),
        ([line("A", Verdict.PROVEN), line("B", Verdict.FAILED)], Decision.NO_GO),
        ([line("A", Verdict.PROVEN)], Decision.NO_GO),
        ([line("A", Verdict.PROVEN), line("B", Verdict.PROVEN, Gap("x", "y"))], Decision.NO_GO),
        (
            [line("A", Verdict.PROVEN), line("B", Verdict.PROVEN, Gap("x", "y", "Ann"))],
            Decision.CONDITIONAL_GO,
        ),
    ],
)
def test_the_decision_needs_every_expected_line(lines, decision):
    assert decide(lines, ["A", "B"], partial=False) is decision


def test_a_partial_run_decides_nothing_however_good_it_is():
    assert decide([line("A", Verdict.PROVEN)], ["A"], partial=True) is Decision.NO_DECISION


def test_an_empty_inventory_is_no_reason_to_go():
    assert decide([], [], partial=False) is Decision.NO_GO
