"""The ids of a complete plan, derived from its numbering: 148 lines, each of which must end in a verdict."""

from __future__ import annotations


def _ids(kind: str, *counts: int) -> tuple[str, ...]:
    """All ids `KINDa.b…`, where each place counts from one to its number in `counts`."""
    ids = [kind]
    for place, count in enumerate(counts):
        dot = "." if place else ""
        ids = [f"{stem}{dot}{number}" for stem in ids for number in range(1, count + 1)]
    return tuple(ids)


TEST_LINES = _ids("TC", 6, 3, 4)
PHASE_LINES = _ids("PH", 3, 3, 4)
PERFORMANCE_LINES = _ids("PC", 3, 4)
SUCCESS_LINES = _ids("SC", 4, 4)
RISK_LINES = _ids("RM", 3, 4)
EXPECTED_LINES = TEST_LINES + PHASE_LINES + PERFORMANCE_LINES + SUCCESS_LINES + RISK_LINES
