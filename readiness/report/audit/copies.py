"""Holds the pages against the ledger: each says what the ledger says, leads only to places that are there, and calls nobody."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.exports.files import copies
from readiness.report.exports.statement import NAME as STATEMENT
from readiness.report.ledger import Ledger


class _Links(HTMLParser):
    """Collects where a page leads, and the places in it that can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links and the ids of one element."""
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name == "id" and value:
                self.places.add(value)


def copy_problems(ledger: Ledger, results: Path) -> Iterator[Discrepancy]:
    """Every page that is missing, or says something else than the ledger; and a statement where there should be none."""
    made = copies(ledger)
    for name, content in made.items():
        if not (results / name).is_file():
            yield Discrepancy(name, "the page made from the ledger", "no such file")
        elif (results / name).read_bytes() != content:
            yield Discrepancy(name, "what the ledger says", "something else")
    if STATEMENT not in made and (results / STATEMENT).exists():
        yield Discrepancy(STATEMENT, "no statement, for this run attests nothing", "a statement")


def link_problems(page: Path) -> Iterator[Discrepancy]:
    """Every link of a page that leads nowhere, or away from this machine."""
    links = _Links()
    links.feed(page.read_text(encoding="utf-8"))
    for target in dict.fromkeys(links.targets):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            yield Discrepancy(page.name, "links that stay on this machine", target)
        elif parts.path and not (page.parent / unquote(parts.path)).exists():
            yield Discrepancy(page.name, "links that lead somewhere", f"{target}: no such file")
        elif not parts.path and parts.fragment not in links.places:
            yield Discrepancy(page.name, "links that lead somewhere", f"{target}: no such place")
