"""The pages that people read, each made from the ledger alone: the sign-off on one sheet, every line, and a short comment."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from readiness.core.verdicts import Verdict
from readiness.report import changes, view, wording
from readiness.report.comparing import Comparison
from readiness.report.ledger import Ledger, LedgerLine

# What fits on one sheet of paper; the Markdown copy, the page of all lines and the ledger have everything.
ON_PAPER = {"criteria": 16, "groups": 6, "gaps": 3}

# For checks that say what is missing but not how it is had.
REMEDY = "mend what was observed and run again, or have somebody answer for it: python -m readiness.risks add"

SIGNS = {"less than ": "< ", "at most ": "≤ ", "at least ": "≥ ", "more than ": "> "}


def _signs(required: str) -> str:
    """A limit for a narrow column: "< 30 seconds"."""
    for words, sign in SIGNS.items():
        required = required.replace(words, sign)
    return required


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _groups(lines: Iterable[LedgerLine], key: str) -> list[tuple[str, list[LedgerLine]]]:
    """The lines with the same value of a key that follow each other; Jinja's own groupby would sort them."""
    return [(str(name), list(each)) for name, each in groupby(lines, key=attrgetter(key))]


TEMPLATES = Environment(
    loader=PackageLoader("readiness.report"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(
    view=view, changes=changes, Verdict=Verdict, count=wording.count, ON_PAPER=ON_PAPER, REMEDY=REMEDY
)
TEMPLATES.filters.update(
    short=wording.short_digests,
    one_line=wording.one_line,
    time=wording.time_told,
    cell=_cell,
    groupby_kept=_groups,
    signs=_signs,
)


def signoff_html(ledger: Ledger) -> str:
    """The page to sign, for browser and paper; it loads nothing from anywhere."""
    return _page("signoff.html.j2", ledger)


def signoff_markdown(ledger: Ledger) -> str:
    """The same page as text, with all that did not fit on one sheet."""
    return _page("signoff.md.j2", ledger)


def lines_html(ledger: Ledger) -> str:
    """Every line of the plan by itself, with what it means for customers, what is to be done, and links to its evidence."""
    return _page("lines.html.j2", ledger)


def comment_markdown(ledger: Ledger) -> str:
    """The decision in the form of a comment on a pull request: short, with the rest folded away."""
    return _page("comment.md.j2", ledger)


def comparison_html(both: Comparison) -> str:
    """Two runs side by side, for a browser."""
    template = TEMPLATES.get_template("compare.html.j2")
    return template.render(both=both, before=both.before, after=both.after)


def comparison_markdown(both: Comparison) -> str:
    """The same as text."""
    template = TEMPLATES.get_template("compare.md.j2")
    return template.render(both=both, before=both.before, after=both.after)


def _page(template: str, ledger: Ledger) -> str:
    return TEMPLATES.get_template(template).render(ledger=ledger)
