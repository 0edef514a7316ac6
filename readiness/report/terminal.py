"""The verdict as a table on the terminal."""

from __future__ import annotations

import textwrap

from readiness.core.verdicts import Verdict
from readiness.report import view
from readiness.report.changes import closing_words, what_would_change
from readiness.report.ledger import Ledger

WIDTH = 110
HEADINGS = ("lines", *(str(verdict) for verdict in view.WORDS))
MARKS = {True: "met", False: "NOT MET"}


def headline(ledger: Ledger) -> str:
    """The decision between two rules."""
    rule = "─" * WIDTH
    strict = ledger.decision_without_risks
    without = f" (without the accepted risks: {strict})" if strict is not ledger.decision else ""
    words = textwrap.fill(
        f"{ledger.decision}{without} · target {ledger.target} · {view.summary(ledger)}", WIDTH - 4
    )
    return f"{rule}\n{textwrap.indent(words, '  ')}\n{rule}"


def verdict_table(ledger: Ledger) -> str:
    """Decision, lines per section, measured criteria, and what is not proven and why."""
    parts = [
        headline(ledger),
        _sections(ledger),
        _block("Measured", _criteria(ledger)),
        _block("Failed", _groups(ledger, Verdict.FAILED)),
        _block("What would change the decision", _changes(ledger)),
        _block("Not shown beside the verdicts above", _gaps(ledger)),
        _block("Accepted risks", _risks(ledger)),
        _block("Statements that do not count", _lapsed(ledger)),
        _block("Problems of the run itself", [_indented(problem) for problem in ledger.problems]),
        headline(ledger),
    ]
    return "\n".join(["", *filter(None, parts), ""])


def _sections(ledger: Ledger) -> str:
    rows = [("", *HEADINGS)]
    for section in (*view.sections(ledger), view.totals(ledger)):
        rows.append(
            (section.title, str(section.lines), *(str(each or "·") for each in section.counts.values()))
        )
    first = max(len(row[0]) for row in rows)
    widths = [len(heading) for heading in HEADINGS]
    return "\n".join(_row(row, first, widths) for row in rows) + "\n"


def _row(row: tuple[str, ...], first: int, widths: list[int]) -> str:
    cells = (cell.rjust(width) for cell, width in zip(row[1:], widths, strict=True))
    return f"  {row[0]:<{first}}  {'  '.join(cells)}"


def _criteria(ledger: Ledger) -> list[str]:
    return [
        f"    {each.line:<8} {each.name:<32} {each.observed:>18}   required {each.required:<26} {MARKS[each.met]:<8}{each.spare}"
        for each in view.criteria(ledger)
    ]


def _groups(ledger: Ledger, verdict: Verdict) -> list[str]:
    return [
        _indented(
            f"{group.ids}{f' ({len(group.lines)} lines)' if len(group.lines) > 2 else ''}: {group.reason}"
        )
        for group in view.groups(ledger, verdict)
    ]


def _changes(ledger: Ledger) -> list[str]:
    todo = [
        _indented(f"{each.kind}{f' {each.ids}' if each.ids else ''}: {each.what}")
        for each in what_would_change(ledger)
    ]
    follows = closing_words(ledger)
    return [*todo, *([_indented(follows)] if follows else [])]


def _lapsed(ledger: Ledger) -> list[str]:
    return [
        _indented(f"{each.attestation.line}: {each.why}: {each.attestation.statement}")
        for each in ledger.lapsed_attestations
    ]


def _gaps(ledger: Ledger) -> list[str]:
    return [
        _indented(
            f"{line.id}: {gap.what}: {gap.reason}" + (f" ({gap.accepted_by})" if gap.accepted_by else "")
        )
        for line, gap in view.gaps(ledger)
    ]


def _risks(ledger: Ledger) -> list[str]:
    return [
        _indented(
            f"{each.state}: {each.risk.id} on {each.risk.line}, until {each.risk.expires_on}: {each.risk.reason}"
        )
        for each in ledger.accepted_risks
    ]


def _block(heading: str, rows: list[str]) -> str:
    return "\n".join([f"  {heading}", *rows, ""]) if rows else ""


def _indented(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="      ")
