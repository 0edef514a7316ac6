"""What a reader of a ledger wants to see at a glance, computed once for the terminal, the page and the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from readiness.core.verdicts import Decision, Gap, Verdict
from readiness.report.inventory import MeasuredBudget
from readiness.report.ledger import Ledger, LedgerLine
from readiness.report.outcomes import ScenarioOutcome, Shortfall
from readiness.report.qualification import Score, total
from readiness.report.wording import compact, count, one_line, time_told

WORDS: Mapping[Verdict, str] = {
    Verdict.PROVEN: "Executed against the target, judged, and met; at least one thing was examined.",
    Verdict.ATTESTED: "A person's dated, expiring statement for this release, on what no machine can see.",
    Verdict.NOT_APPLICABLE: "Declared to mean nothing for this target, with a reason and a name.",
    Verdict.ACCEPTED_RISK: "Failed or not verified, and someone accepted that until a date.",
    Verdict.NOT_VERIFIED: "We could not look, looked at nothing, or did not run: nothing is known.",
    Verdict.FAILED: "We looked, and what we saw does not meet the requirement.",
}
SUMMED_UP = "the lines that these sum up are not all proven"


@dataclass(frozen=True)
class Section:
    """How many lines of a plan section have which verdict; the work planned for it and how long the run looked, in seconds."""

    title: str
    counts: Mapping[Verdict, int]
    planned: float = 0
    measured: float = 0

    @property
    def lines(self) -> int:
        """All lines of the section."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Criterion:
    """One measured number beside its limit."""

    line: str
    name: str
    required: str
    observed: str
    met: bool
    spare: str


@dataclass(frozen=True)
class Group:
    """Lines that are not proven for the same reason."""

    verdict: Verdict
    lines: tuple[LedgerLine, ...]
    ids: str
    reason: str

    @property
    def title(self) -> str:
        """The claim of the line, if the group is one line."""
        return self.lines[0].title.rstrip(".") if len(self.lines) == 1 else ""


def sections(ledger: Ledger) -> tuple[Section, ...]:
    """The verdicts counted per plan section, in the order of the plan."""
    titles = dict.fromkeys(line.section for line in ledger.lines)
    return tuple(
        _section(title, tuple(each for each in ledger.lines if each.section == title), ledger)
        for title in titles
    )


def totals(ledger: Ledger) -> Section:
    """The verdicts counted over the whole plan."""
    planned = sum(step.planned for step in ledger.steps)
    measured = sum(each.seconds for each in ledger.scenarios)
    return Section("All lines of the plan", _counts(list(ledger.lines)), planned, measured)


def criteria(ledger: Ledger) -> tuple[Criterion, ...]:
    """Every measured budget once, with its worst value: the plan's own criteria first, then what is not met."""
    by_id: dict[str, list[MeasuredBudget]] = {}
    for budget in ledger.budgets:
        by_id.setdefault(budget.id, []).append(budget)
    measured = [_criterion(each) for each in by_id.values()]
    return tuple(sorted(measured, key=lambda each: (not each.line.startswith("PC"), each.met, each.line)))


def unmeasured(ledger: Ledger) -> str:
    """The plan's performance criteria that nothing measured, as ranges of ids."""
    measured = {budget.line for budget in ledger.budgets}
    own = [line.id for line in ledger.lines if line.id.startswith("PC") and line.id not in measured]
    return compact(own, [line.id for line in ledger.lines])


def groups(ledger: Ledger, verdict: Verdict) -> tuple[Group, ...]:
    """The lines of this verdict, those with the same reason together."""
    by_reason: dict[str, list[LedgerLine]] = {}
    for line in ledger.lines:
        if line.verdict is verdict:
            by_reason.setdefault(_reason(line), []).append(line)
    order = [line.id for line in ledger.lines]
    return tuple(
        Group(verdict, tuple(lines), compact((line.id for line in lines), order), reason)
        for reason, lines in by_reason.items()
    )


def gaps(ledger: Ledger) -> tuple[tuple[LedgerLine, Gap], ...]:
    """What could not be looked at beside lines that have a verdict of their own."""
    return tuple((line, gap) for line in ledger.lines if not line.sums_up for gap in line.gaps)


def proof_of_checks(ledger: Ledger) -> Score:
    """The qualification of the checks behind the proven lines."""
    return total(ledger.qualification, (line.id for line in ledger.lines if line.verdict is Verdict.PROVEN))


def unqualified(ledger: Ledger) -> str:
    """Proven lines whose checks were never shown to fail, as ranges of ids."""
    shown = {score.id for score in ledger.qualification if score.caught}
    bare = [line.id for line in ledger.lines if _own_scenarios(line) and line.id not in shown]
    return compact(bare, [line.id for line in ledger.lines])


def summary(ledger: Ledger) -> str:
    """The decision in one sentence."""
    counts = totals(ledger).counts
    open_lines = [f"{counts[each]} {each}" for each in (Verdict.FAILED, Verdict.NOT_VERIFIED) if counts[each]]
    open_gaps = sum(not gap.accepted_by for _, gap in gaps(ledger))
    blocking = [
        *open_lines,
        *([f"{count(open_gaps, 'thing')} not shown beside proven lines"] if open_gaps else []),
    ]
    blocking += [f"{count(len(ledger.problems), 'problem')} in the run itself"] if ledger.problems else []
    match ledger.decision:
        case Decision.GO:
            return f"All {totals(ledger).lines} lines of the plan are proven, attested or not applicable."
        case Decision.CONDITIONAL_GO:
            return "Nothing is open but what named people accepted until a date."
        case Decision.NO_DECISION:
            return f"This run was partial, so it decides nothing: {ledger.partial}."
        case Decision.NO_GO:
            return f"Of {totals(ledger).lines} lines: {', '.join(blocking)}."


def duration(ledger: Ledger) -> str:
    """How long the run took."""
    return time_told((_time(ledger.finished) - _time(ledger.started)).total_seconds())


def score_of(line: LedgerLine, ledger: Ledger) -> Score | None:
    """The qualification of the checks of one line, if they were qualified."""
    return next((score for score in ledger.qualification if score.id == line.id and score.defects), None)


def shortfalls(line: LedgerLine, ledger: Ledger) -> tuple[Shortfall, ...]:
    """What was required, observed and is to be done where the line is not met: from its scenarios, or from its measurements."""
    told = [short for each in ledger.scenarios if line.id in each.lines for short in each.shortfalls]
    if line.budget:
        told += [
            Shortfall(f"{each.name} {each.required}", each.observed, _nearer(each.spare))
            for each in ledger.budgets
            if each.id == line.budget and not each.met
        ]
    return tuple(dict.fromkeys(told))


def scenarios_of(line: LedgerLine, ledger: Ledger) -> tuple[ScenarioOutcome, ...]:
    """The scenarios that carry the line's id."""
    return tuple(each for each in ledger.scenarios if line.id in each.lines)


def hardship(line: LedgerLine, ledger: Ledger) -> str:
    """What customers have to bear when the line's claim does not hold; of a line that sums up others, what those say."""
    if line.otherwise:
        return line.otherwise
    parts = {each.id: each for each in ledger.lines}
    told = (
        parts[part].otherwise
        for part in line.sums_up
        if part in parts and parts[part].verdict is line.verdict and parts[part].otherwise
    )
    return " ".join(dict.fromkeys(told))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _counts(lines: list[LedgerLine]) -> Mapping[Verdict, int]:
    return {verdict: sum(line.verdict is verdict for line in lines) for verdict in WORDS}


def _criterion(measured: list[MeasuredBudget]) -> Criterion:
    worst = next((each for each in measured if not each.met), measured[-1])
    return Criterion(worst.line, worst.name, worst.required, worst.observed, worst.met, worst.spare)


def _nearer(spare: str) -> str:
    amount, too, side = spare.rpartition(" too ")
    return f"{'raise' if side == 'little' else 'lower'} it by {amount}" if too else ""


def _section(title: str, lines: tuple[LedgerLine, ...], ledger: Ledger) -> Section:
    steps = [step for step in ledger.steps if any(line.test_case.split(" ")[0] == step.id for line in lines)]
    own = {line.id for line in lines}
    looked = sum(each.seconds for each in ledger.scenarios if own & set(each.lines))
    return Section(
        title,
        _counts(list(lines)),
        planned=sum(step.planned for step in steps),
        measured=sum(step.measured for step in steps) if steps else looked,
    )


def _reason(line: LedgerLine) -> str:
    return SUMMED_UP if line.sums_up and line.verdict is not Verdict.ACCEPTED_RISK else one_line(line.reason)


def _own_scenarios(line: LedgerLine) -> bool:
    return line.verdict is Verdict.PROVEN and bool(line.scenarios)
