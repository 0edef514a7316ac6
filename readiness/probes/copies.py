"""The copies of the service under acceptance: the limits in force in each."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.observations import Observation
from readiness.targets.platform import Limits, Service
from readiness.targets.target import Target


@dataclass(frozen=True)
class CopyLimits:
    """The limits that the kernel enforces on one copy."""

    instance: str
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class LimitsInForce(Observation):
    """The limits in every running copy of a service, beside what is declared. Examined: the copies."""

    declared: Service
    copies: tuple[CopyLimits, ...]

    @property
    def largest_memory(self) -> float:
        """Bytes of the most generous memory limit; infinite where a copy has none."""
        return max(
            (float("inf") if each.limits.memory is None else each.limits.memory) for each in self.copies
        )

    @property
    def largest_cpu(self) -> float:
        """Cores of the most generous processor limit; infinite where a copy has none."""
        return max((float("inf") if each.limits.cpu is None else each.limits.cpu) for each in self.copies)


def look_at_limits(target: Target) -> LimitsInForce:
    """Read the limits inside every running copy of the service under acceptance."""
    platform, service = target.platform, target.profile.service.name
    copies = tuple(CopyLimits(copy.instance, platform.limits(copy.id)) for copy in platform.replicas(service))
    return LimitsInForce(examined=len(copies), declared=platform.service(service), copies=copies)
