"""Whether a scenario may run on this target: its safety tag against what the target allows, its needs against what it offers."""

from __future__ import annotations

from collections.abc import Collection

from readiness.config.target import Allows
from readiness.core.errors import SpecificationDrift
from readiness.harness.capabilities import Capabilities

NEEDS = "needs."
DISRUPTIVE = "disruptive"
AHEAD = "ahead"  # the scenario needs something that is best set out when its rule begins
LEVELS = ("readonly", "load", DISRUPTIVE)


def why_not(tags: Collection[str], allows: Allows, capabilities: Capabilities) -> str:
    """Why a scenario with these tags must not run here; "" when it may. A scenario without one safety tag never runs."""
    levels = [level for level in LEVELS if level in tags]
    if len(levels) != 1:
        raise SpecificationDrift(
            f"A scenario needs exactly one of @{', @'.join(LEVELS)}; it has {levels or 'none'}."
        )
    if levels == ["load"] and not allows.load:
        return "The target does not allow load (profile: allows.load is false)."
    if levels == [DISRUPTIVE] and not allows.disruption:
        return "The target does not allow disruption (profile: allows.disruption is false)."
    needs = sorted(tag.removeprefix(NEEDS) for tag in tags if tag.startswith(NEEDS))
    return next((reason for reason in map(capabilities.missing, needs) if reason), "")
