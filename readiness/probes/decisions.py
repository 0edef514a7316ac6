"""What the deciding service says that it decided, and on what, from its log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from readiness.config.autoscaling import DecisionLog
from readiness.core.waiting import clock
from readiness.probes.sizes import autoscaling_of
from readiness.targets.target import Target

NEWEST_LINES = 2000


@dataclass(frozen=True)
class Decision:
    """When it was taken (clock), from how many copies to how many, and the shares in use behind it, None where not known."""

    at: float
    before: int
    after: int
    processor: float | None
    memory: float | None

    @property
    def resizes(self) -> bool:
        """Whether it changes the number of copies."""
        return self.before != self.after


def read_decisions(target: Target, since: float) -> tuple[Decision, ...]:
    """The decisions that were logged since a reading of the clock, oldest first."""
    told, platform = autoscaling_of(target), target.platform
    offset = clock() - datetime.now(UTC).timestamp()
    logs = [platform.logs(copy.id, NEWEST_LINES) for copy in platform.replicas(told.decided_by)]
    found = [each for log in logs for each in decisions_in(log, told.decisions, offset)]
    return tuple(sorted((each for each in found if each.at >= since), key=lambda each: each.at))


def decisions_in(log: str, form: DecisionLog, offset: float) -> Iterator[Decision]:
    """The decisions in a log. `offset` is what the clock reads at the beginning of Unix time."""
    for line in log.splitlines():
        entry = _entry(line)
        if all(str(entry.get(key)) == value for key, value in form.match.items()):
            decision = _decision(entry, form, offset)
            if decision is not None:
                yield decision


def _entry(line: str) -> Mapping[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _decision(entry: Mapping[str, Any], form: DecisionLog, offset: float) -> Decision | None:
    """None where the line does not tell when, or from how many copies to how many."""
    try:
        taken = datetime.fromisoformat(str(entry[form.time])).timestamp()
        before, after = int(entry[form.before]), int(entry[form.after])
    except (KeyError, TypeError, ValueError):
        return None
    return Decision(
        taken + offset, before, after, _number(entry.get(form.processor)), _number(entry.get(form.memory))
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
