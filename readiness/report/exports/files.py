"""The files that a run leaves beside its evidence: the ledger, and what is made from the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from readiness.report.exports import junit, signature, statement
from readiness.report.exports.pdf import NAME as PAPER
from readiness.report.ledger import Ledger
from readiness.report.pages import comment_markdown, lines_html, signoff_html, signoff_markdown

LEDGER = "readiness.json"


def copies(ledger: Ledger) -> Mapping[str, bytes]:
    """The files made from this ledger, by name. The same ledger makes the same bytes."""
    made = {
        "signoff.html": signoff_html(ledger).encode(),
        "signoff.md": signoff_markdown(ledger).encode(),
        "lines.html": lines_html(ledger).encode(),
        "comment.md": comment_markdown(ledger).encode(),
        junit.NAME: junit.junit_of(ledger),
    }
    stated = statement.statement_of(ledger)
    return {**made, statement.NAME: stated} if stated else made


def write_all(ledger: Ledger, results: Path) -> None:
    """Write the ledger and its copies. What an earlier run left does not outlive it: paper, statement, and its signature."""
    ledger.write(results / LEDGER)
    made = copies(ledger)
    stated = results / statement.NAME
    if not stated.is_file() or stated.read_bytes() != made.get(statement.NAME):
        (results / signature.NAME).unlink(missing_ok=True)
    for old in (stated, results / PAPER):
        old.unlink(missing_ok=True)
    for name, content in made.items():
        (results / name).write_bytes(content)
