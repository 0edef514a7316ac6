"""A copy is killed and replaced while customers ask: what is counted meanwhile, as people see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from readiness.actions.copies import kill_copy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.undisturbed import undisturbed
from readiness.drills.visitors import Visitors
from readiness.harness.undo import UndoStack
from readiness.probes.counted import after_a_look, copies_counted, counting_of, read_counts
from readiness.targets.target import Target

LOOKS = 4  # looks of the metrics service over which a rate is told
STEP = 1.0


@dataclass(frozen=True, kw_only=True)
class Replaced(Observation):
    """What was shown while a copy was replaced. Examined: values of the rate.

    `lowest`, `highest`: of the rate, in requests per second; `asked_per_second`: the most that was asked in any such window.
    """

    new: str
    lowest: float
    highest: float
    asked_per_second: float
    answered_by_the_new: int
    counted_by_the_new: float


def replace_a_copy(target: Target, undo: UndoStack) -> Replaced:
    """Kill one copy while customers walk their journeys and no robot does, and let them go on until its successor is seen."""
    return undisturbed(target, lambda: _replace(target, undo))


def _replace(target: Target, undo: UndoStack) -> Replaced:
    counting, service = counting_of(target), target.profile.service.name
    window = LOOKS * counting.every
    old = target.platform.replicas(service)
    if not old:
        raise CannotLook(f"no copy of {service} runs")
    ids = {copy.id for copy in old}
    with Visitors(target) as visitors:
        first = clock()
        began = target.metrics.now()
        pause(counting.every)
        kill_copy(target.platform, undo, old[0])
        came = wait_until(
            lambda: [copy for copy in target.platform.replicas(service) if copy.id not in ids],
            lambda new: len(new) == 1 and any(each.instance == new[0].instance for each in visitors.served),
            patience=target.profile.patience.change,
        )
        if not came.happened:
            raise CannotLook(f"{service} had no other copy that serves within {came.seconds:.0f} s")
        new = came.last[0]
        after_a_look(target, [new], target.metrics.now())
        pause(counting.every)
        visitors.stop()
        ended = target.metrics.now()
        if not after_a_look(target, [new], ended):
            raise CannotLook(f"the metrics service does not look at the new copy {new.instance}")
        served = visitors.served
        counts = read_counts(target, copies_counted(target))
    own = (
        began + window
    )  # earlier rates tell of what was asked before, too; a jump stays in them for a whole window
    of_service = f'{counting.labels.service}="{service}"'
    rate = f"sum(rate({counting.requests}{{{of_service}}}[{window:g}s]))"
    values = [
        each.value
        for series in target.metrics.query_range(rate, own, ended + counting.every, STEP)
        for each in series
    ]
    seconds = Counter(int(each.asked - first) for each in served)
    busiest = (
        max(sum(seconds[at + each] for each in range(int(window))) for at in range(max(seconds) + 1)) / window
    )
    return Replaced(
        examined=len(values),
        new=new.instance,
        lowest=min(values, default=0.0),
        highest=max(values, default=0.0),
        asked_per_second=busiest,
        answered_by_the_new=sum(each.instance == new.instance for each in served),
        counted_by_the_new=sum(
            value
            for (copy, method, route, _), value in counts.requests.items()
            if copy == new.instance and f"{method} {route}" not in counting.background
        ),
    )
