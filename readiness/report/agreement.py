"""A picture of what customers felt beside what was told of it."""

from __future__ import annotations

from readiness.drills.agreement import Agreement
from readiness.report.pictures import Row, bar_chart


def picture_of_agreement(seen: Agreement) -> bytes:
    """Two bars for each number, both in hundredths of what was felt; the line marks what was felt. PNG."""
    rows = [
        Row(f"{each.what[:18]} {who}", (round(100 * value / each.felt, 1),))
        for each in seen.compared
        if each.felt
        for who, value in (("felt", each.felt), ("told", each.told))
    ]
    title = f"{seen.examined} requests: what customers felt, and what was told of it"
    return bar_chart(title, ("% of what was felt",), rows, mark=100)
