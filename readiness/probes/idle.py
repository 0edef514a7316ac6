"""What the copies of the service cost while nobody uses them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.targets.platform import Platform, Usage
from readiness.targets.target import Target

WATCHED_SECONDS = 65.0
LONGEST_SECONDS = 180.0
EVERY = 1.0


@dataclass(frozen=True)
class IdleCopy:
    """One copy watched: processor cores used on average, memory bytes (highest), its share of the limit, bytes/s of growth.

    Where no memory limit is in force the share is one of the planned limit.
    """

    instance: str
    samples: tuple[Usage, ...]
    cpu: float
    memory: int
    share: float
    growth: float


@dataclass(frozen=True, kw_only=True)
class IdleCopies(Observation):
    """Every copy that ran from the first sample to the last. Examined: the copies."""

    seconds: float
    copies: tuple[IdleCopy, ...]

    @property
    def busiest_cpu(self) -> float:
        """Cores that the busiest copy used."""
        return max(copy.cpu for copy in self.copies)

    @property
    def largest_share(self) -> float:
        """Share of its limit that the fullest copy used."""
        return max(copy.share for copy in self.copies)

    @property
    def fastest_growth(self) -> float:
        """Bytes per second by which the fastest growing copy grew."""
        return max(copy.growth for copy in self.copies)


def watch_idle_copies(target: Target, planned_limit: float, settled_growth: float) -> IdleCopies:
    """Sample every copy of the service about once a second; nothing of ours uses the service meanwhile.

    We watch for more than a minute, to see what happens once a minute. While some copy has grown faster than
    `settled_growth` (bytes/s) since we began we go on, up to three minutes: warming up flattens, a leak goes on.
    """
    platform, service = target.platform, target.profile.service.name
    copies = platform.replicas(service)
    samples: dict[str, list[Usage]] = {copy.id: [] for copy in copies}
    began = clock()
    waited = wait_until(
        lambda: _sample(platform, samples),
        lambda _: clock() - began >= WATCHED_SECONDS and _settled(samples, settled_growth),
        patience=LONGEST_SECONDS,
        every=EVERY,
    )
    gone = {copy.id for copy in copies} - {copy.id for copy in platform.replicas(service)}
    if gone:
        raise CannotLook(
            f"{len(gone)} of {len(copies)} copies of {service} were replaced while they were watched"
        )
    idle = tuple(
        idle_copy(copy.instance, samples[copy.id], platform.limits(copy.id).memory or planned_limit)
        for copy in copies
    )
    return IdleCopies(examined=len(idle), seconds=waited.seconds, copies=idle)


def _sample(platform: Platform, samples: dict[str, list[Usage]]) -> None:
    for copy, taken in samples.items():
        taken.append(platform.usage(copy))


def _settled(samples: dict[str, list[Usage]], growth: float) -> bool:
    return all(steady_growth(taken) <= growth for taken in samples.values())


def idle_copy(instance: str, samples: Sequence[Usage], limit: float) -> IdleCopy:
    """The facts of one copy from its samples. At least two are needed."""
    first, last = samples[0], samples[-1]
    memory = max(sample.memory for sample in samples)
    return IdleCopy(
        instance=instance,
        samples=tuple(samples),
        cpu=(last.processor_seconds - first.processor_seconds) / (last.at - first.at),
        memory=memory,
        share=memory / limit,
        growth=steady_growth(samples),
    )


def steady_growth(samples: Sequence[Usage]) -> float:
    """The median of the slopes between all pairs of samples, in bytes/s.

    Short peaks, such as a health check's own process, do not bend it.
    """
    pairs = combinations(samples, 2)
    return statistics.median((b.memory - a.memory) / (b.at - a.at) for a, b in pairs if b.at > a.at)
