"""What drills on the size of the service have in common: how it went, what was decided, and what is agreed about it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.budgets import Budgets
from readiness.core.observations import Observation
from readiness.probes.decisions import Decision
from readiness.probes.sizes import Resized, Sample, changes_in

BEYOND = 20.0  # seconds that we look for longer than it may take


@dataclass(frozen=True)
class Agreed:
    """The shares of the limits above which the service grows, and the seconds within which it has grown."""

    processor: float
    memory: float
    seconds: float

    @property
    def patience(self) -> float:
        """How long we look for growth."""
        return self.seconds + BEYOND


def agreed_in(budgets: Budgets) -> Agreed:
    """What the budgets say of growing."""
    processor, memory, seconds = (
        budgets.by_id(name).limit.value
        for name in ("processor_scaling_threshold", "memory_scaling_threshold", "scaling")
    )
    return Agreed(processor, memory, seconds)


@dataclass(frozen=True)
class Phase:
    """A stretch of the drill, by the clock."""

    name: str
    began: float
    ended: float


@dataclass(frozen=True, kw_only=True)
class Sizing(Observation):
    """How the number of copies went, and what was decided. `least` and `most` as the profile has them."""

    least: int
    most: int
    samples: tuple[Sample, ...]
    decisions: tuple[Decision, ...]
    phases: tuple[Phase, ...]

    @property
    def changes(self) -> tuple[Resized, ...]:
        """Every change of the number of copies that were asked for."""
        return changes_in(self.samples)

    def changes_during(self, *names: str) -> tuple[Resized, ...]:
        """The changes in phases of these names."""
        phases = [phase for phase in self.phases if phase.name in names]
        return tuple(
            each for each in self.changes if any(phase.began <= each.at < phase.ended for phase in phases)
        )
