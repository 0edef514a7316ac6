"""The size of the service over time: how many copies are asked for, how many run, and what these use of their limits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from types import TracebackType

from readiness.config.autoscaling import Autoscaling
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import clock
from readiness.targets.platform import Platform, Replica, Service, Usage
from readiness.targets.target import Target

EVERY = 1.0


@dataclass(frozen=True)
class Sample:
    """One look: when (clock), copies asked for, which run (instances), and the mean share of the limits that they use.

    A share is None where no copy could be measured; of the processor it takes two looks at the same copy.
    """

    at: float
    asked: int
    running: tuple[str, ...]
    processor: float | None
    memory: float | None


@dataclass(frozen=True)
class Resized:
    """A change of the number of copies that are asked for, as it was seen."""

    at: float
    before: int
    after: int


def autoscaling_of(target: Target) -> Autoscaling:
    """What the profile says of it. CapabilityMissing where it says nothing."""
    if target.profile.autoscaling is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how it grows and shrinks by itself (autoscaling)."
        )
    return target.profile.autoscaling


def changes_in(samples: Sequence[Sample]) -> tuple[Resized, ...]:
    """Every change of the number asked for."""
    pairs = pairwise(samples)
    return tuple(Resized(new.at, old.asked, new.asked) for old, new in pairs if old.asked != new.asked)


def between(samples: Sequence[Sample], begin: float, end: float) -> tuple[Sample, ...]:
    """The samples of a stretch of time."""
    return tuple(each for each in samples if begin <= each.at <= end)


def mean_processor(samples: Sequence[Sample]) -> float:
    """The mean share of the processor limit; not a number where nothing was measured."""
    shares = [each.processor for each in samples if each.processor is not None]
    return fmean(shares) if shares else float("nan")


def mean_memory(samples: Sequence[Sample]) -> float:
    """The mean share of the memory limit; not a number where nothing was measured."""
    shares = [each.memory for each in samples if each.memory is not None]
    return fmean(shares) if shares else float("nan")


class SizeWatch:
    """Looks once a second until its block ends. CannotLook at that end where looking stopped early."""

    def __init__(self, target: Target) -> None:
        self._platform = target.platform
        self._service = target.profile.service.name
        self._former: dict[str, Usage] = {}
        self._samples: list[Sample] = []
        self._leaving = threading.Event()
        self._troubles: list[CannotLook] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> SizeWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()
        if problem is None and self._troubles:
            raise self._troubles[0]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Everything until now."""
        return tuple(self._samples)

    @property
    def last(self) -> Sample:
        """The newest look; made now where there is none yet."""
        return self._samples[-1] if self._samples else self._look()

    def _watch(self) -> None:
        try:
            while not self._leaving.is_set():
                began = clock()
                self._samples.append(self._look())
                self._leaving.wait(max(0.0, began + EVERY - clock()))
        except CannotLook as trouble:
            self._troubles.append(trouble)

    def _look(self) -> Sample:
        declared = self._platform.service(self._service)
        copies = self._platform.replicas(self._service)
        used = usages(self._platform, copies)
        rates = [
            (now.processor_seconds - then.processor_seconds) / (now.at - then.at)
            for copy, now in used.items()
            if (then := self._former.get(copy)) is not None and now.at > then.at
        ]
        self._former = used
        return Sample(
            at=clock(),
            asked=declared.desired,
            running=tuple(sorted(copy.instance for copy in copies)),
            processor=_share(rates, declared.cpu_limit),
            memory=_share([each.memory for each in used.values()], declared.memory_limit),
        )


def usages(platform: Platform, copies: Sequence[Replica]) -> dict[str, Usage]:
    """What each copy has used, by its id, without those that left meanwhile.

    All are asked at once: an engine may answer each only when its next sample is there, which takes up to a second.
    """
    with ThreadPoolExecutor(max(1, len(copies))) as pool:
        found = pool.map(lambda copy: _usage(platform, copy), copies)
        return {copy.id: usage for copy, usage in zip(copies, found, strict=True) if usage is not None}


def _usage(platform: Platform, copy: Replica) -> Usage | None:
    try:
        return platform.usage(copy.id)
    except CannotLook:
        if copy.id in {each.id for each in platform.replicas(copy.service)}:
            raise
        return None


def limits_of(service: Service) -> Service:
    """The service itself; CannotLook where it has no limits that its use could be a share of."""
    if not service.cpu_limit or not service.memory_limit:
        raise CannotLook(
            f"service {service.name} has no limits, so there is nothing that its use is a share of"
        )
    return service


def _share(used: Sequence[float], limit: float) -> float | None:
    return fmean(used) / limit if used and limit else None
