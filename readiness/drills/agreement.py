"""Many customers ask for something dear at once, and some requests fail: what they felt, and what is told of it."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.config.journey import RUN
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock
from readiness.drills.counting import let_commits_fail, send_further
from readiness.drills.undisturbed import undisturbed
from readiness.harness.undo import UndoStack
from readiness.probes.counted import after_a_look, business_of, copies_counted, counting_of
from readiness.probes.sizes import autoscaling_of
from readiness.targets.journey import value_at
from readiness.targets.target import Target

AT_ONCE = 40
EACH = 4
FAILING_ROUNDS = 5


@dataclass(frozen=True)
class Compared:
    """One number, as customers measured it and as the metrics service told it, with its unit."""

    what: str
    felt: float
    told: float
    unit: str

    @property
    def apart(self) -> float:
        """By what share of what was felt the two differ."""
        return abs(self.told - self.felt) / self.felt if self.felt else float("inf")


@dataclass(frozen=True, kw_only=True)
class Agreement(Observation):
    """What customers felt against what was told. Examined: requests. `times`: how long each dear request took, in seconds."""

    compared: tuple[Compared, ...]
    times: tuple[float, ...]
    odd: tuple[str, ...]

    @property
    def furthest(self) -> float:
        """By what share the worst of them differs."""
        return max(each.apart for each in self.compared)

    @property
    def in_words(self) -> str:
        """All numbers, as they were felt and told."""
        return "; ".join(
            f"{each.what}: felt {each.felt:.3g} {each.unit}, told {each.told:.3g}" for each in self.compared
        )


def compare_with_customers(target: Target, undo: UndoStack) -> Agreement:
    """Let many customers ask at once, more than the copies can serve, then let some fail; compare."""
    return undisturbed(target, lambda: _compare(target, undo))


def _compare(target: Target, undo: UndoStack) -> Agreement:
    counting, load = counting_of(target), autoscaling_of(target).load
    door_counts = next((each for each in target.profile.alarms if each.failing), None)
    if door_counts is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where errors are counted (alarms.failing)."
        )
    headers = target.headers(load.identity) if load.identity else {}
    door, ready = target.another_door(), target.profile.door.ready
    door.ask("GET", load.path, headers=headers, timeout=target.profile.patience.answer)  # its series begins
    _settle(target)
    began, before, counted = (
        target.metrics.now(),
        _ended(target, door_counts.series, door_counts.label),
        clock(),
    )

    def customer() -> list[float]:
        own = target.another_door()
        own.ask("GET", ready.path, timeout=target.profile.patience.answer)  # connects
        answers = [own.ask("GET", load.path, headers=headers, timeout=60) for _ in range(EACH)]
        wrong = [each for each in answers if each.status != load.expect_status]
        if wrong:
            raise CannotLook(f"{load.path} was not answered: {wrong[0].error or wrong[0].status}")
        return [each.seconds for each in answers]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        times = [
            seconds for each in [pool.submit(customer) for _ in range(AT_ONCE)] for seconds in each.result()
        ]
    _settle(target)
    window = int(target.metrics.now() - began) + 1
    of_route = f'{counting.labels.route}=~".*/{load.path.rpartition("/")[2]}"'
    compared = list(_times(target, counting.seconds, of_route, window, times))
    business = business_of(target)
    known = {RUN: uuid.uuid4().hex[:12]}
    registered, answer = send_further(target, door, business.owner, known, identity=business.identity)
    known["member"] = str(value_at(answer.json(), business.owner_id))
    failed = [each for _ in range(FAILING_ROUNDS) for each in let_commits_fail(target, undo, door, known)]
    send_further(target, door, business.remove, known, identity=business.identity)
    sent = AT_ONCE * (EACH + 1) + len(failed) + 2
    elapsed = clock() - counted
    _settle(target)
    after = _ended(target, door_counts.series, door_counts.label)
    grown = {code: value - before.get(code, 0.0) for code, value in after.items()}
    total = sum(grown.values())
    if not total:
        raise CannotLook(f"{door_counts.series} did not grow while {sent} requests were sent")
    compared.append(
        Compared(
            "share of errors",
            100 * len(failed) / sent,
            100 * grown.get(door_counts.failing, 0.0) / total,
            "%",
        )
    )
    compared.append(Compared("requests per second", sent / elapsed, total / elapsed, "/s"))
    return Agreement(
        examined=sent,
        compared=tuple(compared),
        times=tuple(sorted(times)),
        odd=tuple(each.odd for each in (registered, *failed) if each.odd),
    )


def _times(target: Target, series: str, of_route: str, window: int, times: list[float]) -> list[Compared]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    buckets = f"sum by (le) (increase({series}_bucket{{{of_route}}}[{window}s]))"
    mean = f"sum(increase({series}_sum{{{of_route}}}[{window}s])) / sum(increase({series}_count{{{of_route}}}[{window}s]))"
    return [
        Compared("mean response time", statistics.fmean(times), _value(target, mean), "s"),
        Compared(
            "95 of 100 are faster than", cuts[94], _value(target, f"histogram_quantile(0.95, {buckets})"), "s"
        ),
        Compared(
            "99 of 100 are faster than", cuts[98], _value(target, f"histogram_quantile(0.99, {buckets})"), "s"
        ),
    ]


def _value(target: Target, expression: str) -> float:
    told = target.metrics.query(expression)
    return told[0].value if told and told[0].value == told[0].value else 0.0  # NaN is nothing told


def _ended(target: Target, series: str, label: str) -> Mapping[str, float]:
    ended: dict[str, float] = {}
    for each in target.metrics.query(series):
        ended[each.labels.get(label, "")] = ended.get(each.labels.get(label, ""), 0.0) + each.value
    return ended


def _settle(target: Target) -> None:
    after_a_look(target, copies_counted(target), target.metrics.now())
