"""A load of known size in a container of our own; what the meters say of it, beside what the kernel told at the same time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from readiness.actions import calibrated
from readiness.actions.copies import start_clone
from readiness.config.meters import Meters
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.targets.metrics import Series
from readiness.targets.platform import Replica
from readiness.targets.target import Target

CLONE = "readiness-calibration"
HELD, FULL, WRITTEN = (
    0.58,
    0.90,
    0.29,
)  # of the memory limit; what is written twice goes to the page cache, up to the limit
SHARE = 0.3  # of a processor
PATIENCE = 90.0
SEEN_AFTER = 8.0  # seconds after which the meters must have seen what happened: two scrapes at most
SCRAPE_TAKES = (-0.2, 1.0)  # seconds around the time of a sample in which the exporter may have looked
LINES = 1000


class Timed(Protocol):
    """Something that was told at a Unix time."""

    @property
    def at(self) -> float:
        """When."""


Truth = TypeVar("Truth", bound=Timed)


@dataclass(frozen=True)
class Told:
    """What the kernel told inside the container: at which Unix time, in which phase, and so many seconds after its start."""

    at: float
    since: float
    phase: int
    device: str
    processor: float
    memory: float
    busy: float
    available: float
    free: float


@dataclass(frozen=True)
class Compared:
    """What a meter reported, and between which values the truth was while it looked. None: it reported nothing.

    `unit`: of all three.
    """

    meter: str
    reported: float | None
    least: float
    most: float
    unit: str


@dataclass(frozen=True)
class Labelled:
    """A copy of a service, and the name of the service under which it is measured; None where it is not measured."""

    service: str
    instance: str
    measured_as: str | None


@dataclass(frozen=True, kw_only=True)
class Calibration(Observation):
    """Examined: comparisons, copies, machines and looks at the alarm.

    `alarm_exists`; `cried_over_cache`: the alarm's expression named the container while its memory was full of page cache;
    `saw_memory`: it did so when its memory was really used. `machines`: those that are measured; `nodes`: that there are.
    """

    compared: tuple[Compared, ...]
    copies: tuple[Labelled, ...]
    stack: str
    machines: int
    nodes: int
    alarm: str
    alarm_exists: bool
    cried_over_cache: bool
    saw_memory: bool
    told: tuple[Told, ...]


def meters_of(target: Target) -> Meters:
    """How it is measured what is used. CapabilityMissing where the profile does not say."""
    if target.profile.meters is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how machines and containers are measured (meters)."
        )
    return target.profile.meters


def calibrate(target: Target, undo: UndoStack) -> Calibration:
    """Run the load, watch the memory alarm's expression meanwhile, and compare what was reported afterwards."""
    meters, platform = meters_of(target), target.platform
    copies = platform.replicas(meters.like)
    limit = platform.limits(copies[0].id).memory if copies else None
    if limit is None:
        raise CannotLook(f"no copy of {meters.like} runs with a memory limit, by which a load could be sized")
    sizes = [str(int(limit * each)) for each in (HELD, FULL, WRITTEN)]
    with open(calibrated.__file__, encoding="utf-8") as file:
        argv = ["python3", "-c", file.read(), *sizes, str(SHARE), meters.writes_to]
    step = start_clone(platform, undo, meters.like, CLONE, argv, volume=meters.writes_to)
    rule = next((each for each in target.metrics.rules() if each.name == meters.memory_alarm), None)
    named: list[
        tuple[int, float]
    ] = []  # phase and seconds since its start at which the expression named our container

    def look() -> tuple[Told, ...]:
        ours = platform.replicas(CLONE)
        told = told_in(platform.logs(ours[0].id, LINES)) if ours else ()
        if told and rule and _names(target, rule.query, ours[0]):
            named.append((told[-1].phase, told[-1].since))
        return told

    waited = wait_until(
        look,
        lambda told: told and told[-1].since >= calibrated.END - 1,
        patience=PATIENCE,
        every=1.0,
    )
    if not waited.happened:
        raise CannotLook(f"the calibrated load did not come to its end within {waited.seconds:.0f} s")
    told, ours = waited.last, platform.replicas(CLONE)[0]
    compared = tuple(_comparisons(target, meters, ours, told))
    machines = {
        each.labels.get(meters.machine.node_label) for each in target.metrics.query(meters.machine.memory)
    }
    labelled = _labelled(target, meters, ours)
    undo.settle(step)
    return Calibration(
        examined=len(compared) + len(labelled) + len(machines) + waited.looks,
        compared=compared,
        copies=labelled,
        stack=str(target.profile.platform.stack),
        machines=len(machines),
        nodes=sum(node.ready for node in platform.nodes("")),
        alarm=meters.memory_alarm,
        alarm_exists=rule is not None,
        cried_over_cache=any(phase == 1 and since > SEEN_AFTER for phase, since in named),
        saw_memory=any(phase == 2 for phase, _ in named),
        told=told[:: max(1, len(told) // 30)],
    )


def told_in(log: str) -> tuple[Told, ...]:
    """What the load printed; CannotLook with its words when it failed."""
    found = []
    for line in log.splitlines():
        try:
            found.append(Told(**json.loads(line)))
        except (ValueError, TypeError) as problem:
            if "Error" in line:
                raise CannotLook(f"the calibrated load failed: {log[-300:]}") from problem
    return tuple(found)


def _names(target: Target, query: str, ours: Replica) -> bool:
    found = target.metrics.query(query)
    return any(ours.task in value or ours.id in value for each in found for value in each.labels.values())


def _comparisons(target: Target, meters: Meters, ours: Replica, told: Sequence[Told]) -> Iterator[Compared]:
    def taken(selector: str) -> list[tuple[float, float]]:
        """Sums over the series of one scrape, from the time of the load."""
        question = selector.replace("{container}", ours.id).replace("{device}", told[0].device)
        return summed(target.metrics.samples(question, 2 * PATIENCE), told[0].at, told[-1].at)

    container, machine = meters.container, meters.machine
    mib = float(1 << 20)
    used, memory = taken(container.processor), taken(container.memory)
    yield grown("processor time of the container", used, told, lambda each: each.processor, 1.0, "s")
    for phase, words in (
        (1, "memory of the container beside page cache"),
        (2, "memory of the full container"),
    ):
        settled = [each for each in told if each.phase == phase]
        yield level(words, memory, settled, lambda each: each.memory, mib, "MiB")
    yield grown(
        "busy time of the machine's processors",
        taken(machine.processor),
        told,
        lambda each: each.busy,
        1.0,
        "s",
    )
    yield level(
        "memory that the machine has left",
        taken(machine.memory),
        told,
        lambda each: each.available,
        mib,
        "MiB",
    )
    disk = target.metrics.samples(machine.disk_free.replace("{device}", told[0].device), 2 * PATIENCE)
    yield from (
        level(
            f"free bytes of the disk ({each.labels.get('mountpoint', told[0].device)})",
            summed([each], told[0].at, told[-1].at), told, lambda one: one.free, mib, "MiB",
        )
        for each in disk
    )  # fmt: skip
    if not disk:
        yield Compared(f"free bytes of the disk {told[0].device}", None, 0.0, 0.0, "MiB")


def summed(series: Sequence[Series], begin: float, end: float) -> list[tuple[float, float]]:
    """Sums of the samples that were taken at the same time, between two times."""
    sums: dict[float, float] = {}
    for each in series:
        for at, value in each.points:
            if begin <= at <= end - SCRAPE_TAKES[1]:
                sums[at] = sums.get(at, 0.0) + value
    return sorted(sums.items())


def grown(
    meter: str, samples: Sequence[tuple[float, float]], told: Sequence[Truth],
    of: Callable[[Truth], float], scale: float, unit: str,
) -> Compared:  # fmt: skip
    """By how much a counter grew between the first and the last sample, and by how much the truth did."""
    if len(samples) < 2:
        return Compared(meter, None, 0.0, 0.0, unit)
    (first, before), (last, after) = samples[0], samples[-1]
    begin, end = _around(told, first, of), _around(told, last, of)
    return Compared(
        meter,
        (after - before) / scale,
        (min(end) - max(begin)) / scale,
        (max(end) - min(begin)) / scale,
        unit,
    )


def level(
    meter: str, samples: Sequence[tuple[float, float]], told: Sequence[Truth],
    of: Callable[[Truth], float], scale: float, unit: str,
) -> Compared:  # fmt: skip
    """The last sample taken while these were told, and the truth around it."""
    inside = [(at, value) for at, value in samples if told and told[0].at + 1 <= at <= told[-1].at]
    if not inside:
        return Compared(meter, None, 0.0, 0.0, unit)
    at, value = inside[-1]
    truth = _around(told, at, of)
    return Compared(meter, value / scale, min(truth) / scale, max(truth) / scale, unit)


def _around(told: Sequence[Truth], at: float, of: Callable[[Truth], float]) -> list[float]:
    """The truth while the exporter may have looked; where nobody looked just then, the neighbours in time."""
    begin, end = at + SCRAPE_TAKES[0], at + SCRAPE_TAKES[1]
    before = [each for each in told if each.at <= begin][-1:]
    after = [each for each in told if each.at >= end][:1]
    inside = [each for each in told if begin <= each.at <= end]
    return [of(each) for each in (*before, *inside, *after)]


def _labelled(target: Target, meters: Meters, ours: Replica) -> tuple[Labelled, ...]:
    """Every copy of every service, ours too, as the meters call it now."""
    platform = target.platform
    found = target.metrics.query(meters.container.memory.replace("{container}", ""))
    copies = [ours, *(copy for each in platform.services() for copy in platform.replicas(each.name))]

    def measured_as(copy: Replica) -> str | None:
        labels = [each.labels for each in found if any(copy.id in value for value in each.labels.values())]
        return labels[0].get(meters.container.service_label, "") if labels else None

    return tuple(Labelled(copy.service, copy.instance, measured_as(copy)) for copy in copies)
