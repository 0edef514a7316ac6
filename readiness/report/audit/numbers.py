"""No number without its unit and its limit: in the ledger, where all pages have them from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from readiness.report.audit.discrepancy import Discrepancy
from readiness.report.inventory import UNITS
from readiness.report.ledger import Ledger

BARE = re.compile(r"-?[\d.]+")
COUNT = "count"
KNOWN = frozenset(UNITS.values())


def number_problems(ledger: Ledger) -> Iterator[Discrepancy]:
    """Every measurement that lacks its unit, its limit, or its words; a count may stand alone."""
    known = {line.id for line in ledger.lines}
    for each in ledger.budgets:
        where = f"readiness.json: budgets: {each.id}"
        if each.unit not in KNOWN:
            yield Discrepancy(where, f"a unit: {', '.join(sorted(KNOWN))}", repr(each.unit))
        if not (math.isfinite(each.limit) and math.isfinite(each.measured)):
            yield Discrepancy(where, "a limit and a measured number", f"{each.limit} and {each.measured}")
        if not re.search(r"\d", each.required) or BARE.fullmatch(each.required):
            yield Discrepancy(where, "a limit in words, with its side and its number", repr(each.required))
        if not each.observed or (each.unit != COUNT and BARE.fullmatch(each.observed)):
            yield Discrepancy(where, "a measured value with its unit", repr(each.observed))
        if each.line not in known:
            yield Discrepancy(where, "a line of the plan", each.line)
