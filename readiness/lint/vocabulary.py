"""What features may name: the lines of the plan, the capabilities of targets, the budgets, and the words of tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SEVERITIES = frozenset({"blocker", "critical", "normal", "minor"})
SAFETY = frozenset({"readonly", "load", "disruptive"})
NEEDS = "needs."
AHEAD = "ahead"
TEST_CASE = re.compile(r"TC\d+\.\d+")


@dataclass(frozen=True)
class PlanLine:
    """One line of the plan: the claim, and whether it has scenarios of its own or follows from other lines."""

    claim: str
    own_scenarios: bool


@dataclass(frozen=True)
class Vocabulary:
    """The names there are, by which the features are judged.

    `test_cases`: what has a feature of its own, steps of phases among them whose lines do not follow from others.
    """

    lines: Mapping[str, PlanLine]
    test_cases: Mapping[str, str]
    capabilities: frozenset[str]
