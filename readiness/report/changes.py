"""What would change the decision: the shortest list of things that somebody has to do, each with the lines it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from readiness.core.verdicts import Decision, Verdict
from readiness.report.judging import NO_SCENARIO, NOT_MEASURED
from readiness.report.ledger import Ledger, LedgerLine
from readiness.report.outcomes import Outcome
from readiness.report.wording import compact, count, one_line

OPEN = (Verdict.FAILED, Verdict.NOT_VERIFIED)
MEND, LOOK, PROVE, ATTEST, MEASURE, CLOSE, RUN = (
    "mend",
    "look",
    "prove",
    "attest",
    "measure",
    "close",
    "run",
)


@dataclass(frozen=True)
class Change:
    """One thing to do: its kind in a word, the lines that it moves (as ranges), and what it is about.

    `verdict` is what these lines are now; empty for what belongs to no line.
    """

    kind: str
    ids: str
    lines: int
    what: str
    verdict: str = ""


def what_would_change(ledger: Ledger) -> tuple[Change, ...]:
    """What has to happen for GO, most urgent first; nothing for GO itself. Lines that only sum up others follow by themselves."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for kind, line, what, verdict in _moves(ledger):
        grouped.setdefault((kind, what, verdict), []).append(line)
    order = [line.id for line in ledger.lines]
    moves = (
        Change(kind, compact(ids, order), len(set(ids)), what, verdict)
        for (kind, what, verdict), ids in grouped.items()
    )
    return (*_of_the_run(ledger), *moves)


def followers(ledger: Ledger) -> str:
    """The lines that are open only because of others, as ranges of ids: they follow by themselves."""
    ids = [line.id for line in ledger.lines if line.verdict in OPEN and _follows(line, ledger)]
    return compact(ids, [line.id for line in ledger.lines])


def _of_the_run(ledger: Ledger) -> Iterator[Change]:
    if ledger.partial:
        yield Change(RUN, "", 0, f"run the whole plan, for this run was partial: {ledger.partial}")
    for problem in ledger.problems:
        yield Change(RUN, "", 0, f"mend the run itself: {one_line(problem)}")


def _moves(ledger: Ledger) -> Iterator[tuple[str, str, str, str]]:
    own = [line for line in ledger.lines if not _follows(line, ledger)]
    for line in own:
        if line.verdict is Verdict.FAILED:
            yield MEND, line.id, _mending(line, ledger), str(line.verdict)
    for line in own:
        if line.verdict is Verdict.NOT_VERIFIED:
            yield from ((kind, line.id, what, str(line.verdict)) for kind, what in _looking(line, ledger))
    for line in own:
        for gap in line.gaps if not line.sums_up else ():
            if not gap.accepted_by:
                yield CLOSE, line.id, f"{gap.what}: {one_line(gap.reason)}", "gap"
    if ledger.decision is Decision.CONDITIONAL_GO:
        yield from _accepted(ledger)


def _mending(line: LedgerLine, ledger: Ledger) -> str:
    remedies = [
        remedy
        for each in ledger.scenarios
        if line.id in each.lines
        for short in each.shortfalls
        for remedy in short.remedy.splitlines()
    ]
    todo = "; ".join(dict.fromkeys(remedies))
    return one_line(todo or line.reason)


def _looking(line: LedgerLine, ledger: Ledger) -> Iterator[tuple[str, str]]:
    if line.by_attestation and line.reason == NO_SCENARIO:
        yield ATTEST, "have a person state it for this release: python -m readiness.attest add"
    elif line.reason == NO_SCENARIO:
        yield PROVE, "write scenarios that prove it"
    elif line.reason == NOT_MEASURED:
        yield MEASURE, "measure it"
    else:
        own = [each for each in ledger.scenarios if line.id in each.lines and each.outcome is not Outcome.MET]
        reasons = [one_line(each.reason) for each in own if each.reason] or [one_line(line.reason)]
        yield from ((LOOK, reason) for reason in dict.fromkeys(reasons))


def _accepted(ledger: Ledger) -> Iterator[tuple[str, str, str, str]]:
    for each in ledger.accepted_risks:
        if each.state == "in force":
            risk = each.risk
            what = f"{risk.reason} (owner {risk.owner}, before {risk.expires_on})"
            yield MEND, risk.line, one_line(what), str(Verdict.ACCEPTED_RISK)


def _follows(line: LedgerLine, ledger: Ledger) -> bool:
    """Whether the line can only change when others do: it sums them up, or they are to measure it and are open themselves."""
    if line.sums_up:
        return True
    open_lines = {each.id for each in ledger.lines if each.verdict in OPEN}
    return line.verdict is Verdict.NOT_VERIFIED and bool(open_lines & set(line.measured_by))


def closing_words(ledger: Ledger) -> str:
    """What follows by itself, as a sentence; empty when nothing does."""
    ids = followers(ledger)
    number = sum(line.verdict in OPEN and _follows(line, ledger) for line in ledger.lines)
    return f"{count(number, 'further line')} will follow by themselves: {ids}." if ids else ""
