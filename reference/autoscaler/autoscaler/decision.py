"""Decides how many replicas there should be. Touches nothing; every rule is here."""

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from autoscaler.utilisation import Utilisation


class Reason(StrEnum):
    """Why the size changes or stays; also the label of the metric."""

    CPU = "cpu-above-target"
    MEMORY = "memory-above-target"
    BELOW = "utilisation-below-target"
    BELOW_MINIMUM = "below-minimum"
    ABOVE_MAXIMUM = "above-maximum"
    ON_TARGET = "on-target"
    AT_MINIMUM = "at-minimum"
    AT_MAXIMUM = "at-maximum"
    BRIEF = "breach-too-brief"
    STABILISING = "stabilising"
    COOLDOWN = "cooldown"
    UPDATE = "update-in-progress"
    SWITCHED_OFF = "switched-off"
    NO_METRICS = "metrics-missing"
    NO_ENGINE = "engine-unavailable"


@dataclass(frozen=True)
class Policy:
    """Bounds in replicas, targets and tolerance as shares (0.7 = 70 %), times in seconds."""

    least: int
    most: int
    cpu_target: float
    memory_target: float
    tolerance: float
    breach: float
    cooldown: float
    stabilisation: float

    def within_bounds(self, replicas: int) -> int:
        """The nearest number that is allowed."""
        return max(self.least, min(self.most, replicas))


@dataclass(frozen=True)
class Decision:
    """From how many replicas to how many, and why. Both are 0 when the engine could not be asked."""

    present: int
    wanted: int
    reason: Reason

    @property
    def action(self) -> str:
        """scale-out, scale-in or keep."""
        if self.wanted == self.present:
            return "keep"
        return "scale-out" if self.wanted > self.present else "scale-in"


def required(replicas: int, utilisation: float, target: float, tolerance: float) -> int:
    """Kubernetes' HPA formula: replicas × utilisation ÷ target, rounded up; no change within the tolerance."""
    ratio = utilisation / target
    if abs(ratio - 1) <= tolerance:
        return replicas
    return math.ceil(replicas * ratio - 1e-9)  # 10 × 0.84 ÷ 0.7 is 12, not 13


class History:
    """What was required over time, at one size of the service. Times are of a clock that never goes back."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._entries: deque[tuple[float, int]] = deque()

    def add(self, now: float, replicas: int) -> None:
        """Keeps what is required from now on."""
        self._entries.append((now, replicas))
        while len(self._entries) > 1 and self._entries[1][0] <= now - self._longest:
            self._entries.popleft()

    def clear(self) -> None:
        """Begins anew: what was required before says nothing about what comes."""
        self._entries.clear()

    def during(self, now: float, seconds: float) -> list[int]:
        """All that was required in the last `seconds`; nothing if that time is not covered."""
        start = now - seconds
        before = [replicas for time, replicas in self._entries if time <= start]
        after = [replicas for time, replicas in self._entries if time > start]
        return before[-1:] + after if before else []


class Decider:
    """Decides, remembering what was required and when the size last changed, whoever changed it."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._history = History(max(policy.breach, policy.stabilisation))
        self._size: int | None = None
        self._changed: float | None = None

    def observe(self, now: float, replicas: int) -> None:
        """Notes the size that the engine was told. After a change, all times begin anew."""
        if self._size is not None and replicas != self._size:
            self._changed = now
            self._history.clear()
        self._size = replicas

    def hold(self, present: int, reason: Reason) -> Decision:
        """Keeps the size because it cannot or must not be judged now; what follows is judged from fresh evidence."""
        self._history.clear()
        return Decision(present, present, reason)

    def correct_bounds(self, now: float, present: int) -> Decision | None:
        """Back into the bounds, whatever is used; None if within. Stopping a service (0 replicas) is respected."""
        policy = self._policy
        if present == 0:
            return self.hold(present, Reason.SWITCHED_OFF)
        wanted = policy.within_bounds(present)
        if wanted == present:
            return None
        if self._cooling(now):
            return self.hold(present, Reason.COOLDOWN)
        return Decision(present, wanted, Reason.BELOW_MINIMUM if wanted > present else Reason.ABOVE_MAXIMUM)

    def decide(self, now: float, present: int, used: Utilisation) -> Decision:
        """By what the replicas use: out when it persists, in when nothing has spoken against it for long."""
        policy = self._policy
        for_cpu = required(present, used.cpu, policy.cpu_target, policy.tolerance)
        for_memory = required(present, used.memory, policy.memory_target, policy.tolerance)
        needed = max(for_cpu, for_memory)
        wanted = policy.within_bounds(needed)
        self._history.add(now, wanted)
        if wanted > present:
            by_cpu = used.cpu / policy.cpu_target >= used.memory / policy.memory_target
            return self._out(now, present, Reason.CPU if by_cpu else Reason.MEMORY)
        if wanted < present:
            return self._in(now, present)
        if needed == present:
            return Decision(present, present, Reason.ON_TARGET)
        return Decision(present, present, Reason.AT_MAXIMUM if needed > present else Reason.AT_MINIMUM)

    def _out(self, now: float, present: int, reason: Reason) -> Decision:
        persistent = min(self._history.during(now, self._policy.breach), default=present)
        if persistent <= present:
            return Decision(present, present, Reason.BRIEF)
        if self._cooling(now):
            return Decision(present, present, Reason.COOLDOWN)
        return Decision(present, persistent, reason)

    def _in(self, now: float, present: int) -> Decision:
        highest = max(self._history.during(now, self._policy.stabilisation), default=present)
        if highest >= present:
            return Decision(present, present, Reason.STABILISING)
        if self._cooling(now):
            return Decision(present, present, Reason.COOLDOWN)
        return Decision(present, highest, Reason.BELOW)

    def _cooling(self, now: float) -> bool:
        return self._changed is not None and now - self._changed < self._policy.cooldown
