"""The sign-off page: one page on paper, in HTML and in Markdown, made from the ledger alone."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from readiness.core.verdicts import Verdict
from readiness.report import view, wording
from readiness.report.ledger import Ledger

ON_PAPER = {
    "criteria": 16,
    "groups": 5,
    "gaps": 3,
}  # what fits on one page; the Markdown copy and the ledger have all


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


TEMPLATES = Environment(
    loader=PackageLoader("readiness.report"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(view=view, Verdict=Verdict, count=wording.count, ON_PAPER=ON_PAPER)
TEMPLATES.filters.update(short=wording.short_digests, one_line=wording.one_line, cell=_cell)


def signoff_html(ledger: Ledger) -> str:
    """The page for browser and paper; it loads nothing from anywhere."""
    return TEMPLATES.get_template("signoff.html.j2").render(ledger=ledger)


def signoff_markdown(ledger: Ledger) -> str:
    """The same page as text."""
    return TEMPLATES.get_template("signoff.md.j2").render(ledger=ledger)


def write_signoff(ledger: Ledger, results: Path) -> tuple[Path, Path]:
    """Write `signoff.html` and `signoff.md` into the results folder."""
    pages = results / "signoff.html", results / "signoff.md"
    results.mkdir(parents=True, exist_ok=True)
    pages[0].write_text(signoff_html(ledger), encoding="utf-8")
    pages[1].write_text(signoff_markdown(ledger), encoding="utf-8")
    return pages
