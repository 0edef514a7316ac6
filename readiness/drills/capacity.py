"""Whether warnings about what runs full come in time and not before: the rules in force, on series with the labels of today and
values that we make up; and whether the series that alarms look at exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from readiness.config.capacity import CapacityWarning, Rising, UnderFault, Warnings
from readiness.core.budgets import Budgets
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.rule_trials import Moment, Trial, Tried, ramp, steps, try_rules, written
from readiness.harness.undo import UndoStack
from readiness.probes.selectors import selectors_in
from readiness.targets.metrics import AlertRule
from readiness.targets.target import Target

METRICS = "metrics"
A_LITTLE = 0.01  # above and below the threshold
SOON, AVERAGED = (
    30.0,
    75.0,
)  # seconds in which an alarm follows its cause; the latter where it looks at a mean
ENDS_WITHIN = 120.0
SETTLES_WITHIN = 45.0  # seconds; what was restarted a moment ago has series again when it is next looked at
FILLS_FROM, FILLS_TO, FILLS_IN = (
    0.50,
    0.89,
    7200.0,
)  # full in two hours and a bit; the alarm has to come before the last
KEEPS, CRAWLS_TO = 0.80, 0.72


@dataclass(frozen=True, kw_only=True)
class Warned(Observation):
    """What the warnings did on simulated time. Examined: trials.

    `tried`: by what they are about (processor, memory, disk, database, filling). `absent`: selectors of the profile for which
    there is no series now; `unruled`: alarms for which there is no rule.
    """

    tried: tuple[tuple[str, Tried], ...]
    absent: tuple[tuple[str, str, str], ...]
    unruled: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LooksAt:
    """One selector of an alarm's expression: how many series it finds now; how its fault brings some about, if that is known."""

    alarm: str
    selector: str
    found: int
    under_fault: str = ""


@dataclass(frozen=True, kw_only=True)
class AlarmsLookAt(Observation):
    """Every selector of every alarm. `tried`: what is said to exist only under a fault, injected on simulated time."""

    looks: tuple[LooksAt, ...]
    tried: tuple[Tried, ...]


def warnings_of(target: Target) -> Warnings:
    """The alarms about capacity. CapabilityMissing where the profile names none."""
    if target.profile.warnings is None:
        raise CapabilityMissing(f"The profile of {target.name} names no warnings about capacity (warnings).")
    return target.profile.warnings


def metrics_service(target: Target) -> str:
    """The service that evaluates the rules. CapabilityMissing where the profile has none in that role."""
    service = target.profile.platform.services.get(METRICS)
    if service is None:
        raise CapabilityMissing(f"The profile of {target.name} names no service for the role {METRICS!r}.")
    return service


def try_warnings(target: Target, undo: UndoStack, budgets: Budgets) -> Warned:
    """Try every warning just above and just below its limit, and the one that tells ahead while a disk fills; once in a run."""
    return target.once(Warned, lambda: _try_warnings(target, undo, budgets))


def _try_warnings(target: Target, undo: UndoStack, budgets: Budgets) -> Warned:
    declared = warnings_of(target)
    rules = {each.name: each for each in target.metrics.rules()}
    known: dict[str, tuple[str, ...]] = {}

    def series(each: Rising) -> tuple[str, ...]:
        if each.series not in known:
            known[each.series] = tuple(written(one.labels) for one in target.metrics.query(each.series))
        return known[each.series]

    about: list[str] = []
    trials: list[Trial] = []
    named = [(each.alarm, each.about) for each in declared.capacity] + [(declared.filling.alarm, "filling")]
    for warning in declared.capacity:
        if rule := rules.get(warning.alarm):
            made = trials_of(warning, rule, *_numbers(warning, budgets), series)
            trials += made
            about += [warning.about] * len(made)
    if rule := rules.get(declared.filling.alarm):
        made = trials_of_filling(declared.filling.series, rule, series)
        trials += made
        about += ["filling"] * len(made)
    tried = try_rules(target.platform, undo, metrics_service(target), trials) if trials else ()
    asked: list[tuple[str, str, Rising]] = [
        (each.alarm, each.about, one) for each in declared.capacity for one in each.series
    ]
    asked += [(declared.filling.alarm, "filling", one) for one in declared.filling.series]
    return Warned(
        examined=len(tried) + len(asked),
        tried=tuple(zip(about, tried, strict=True)),
        absent=tuple((kind, alarm, one.series) for alarm, kind, one in asked if not series(one)),
        unruled=tuple((kind, alarm) for alarm, kind in named if alarm not in rules),
    )


def _numbers(warning: CapacityWarning, budgets: Budgets) -> tuple[float, float]:
    """Threshold and window: the profile's, or else the plan's."""
    threshold, window = warning.threshold, warning.window
    if threshold is None:
        threshold = budgets.by_id(f"{warning.about}_alert_threshold").limit.value
    if window is None:
        window = budgets.by_id(f"{warning.about}_alert_window").limit.value
    return threshold, window


def trials_of(
    warning: CapacityWarning,
    rule: AlertRule,
    threshold: float,
    window: float,
    series: Callable[[Rising], Sequence[str]],
) -> list[Trial]:
    """Just above: off while the window lasts, on soon after it, off again afterwards. Just below: never on."""
    soon = AVERAGED if any(each.counts for each in warning.series) else SOON
    above, below = threshold + A_LITTLE, threshold - A_LITTLE
    on_at = window + soon
    off_at = on_at + ENDS_WITHIN
    rise = {
        name: steps(
            [(each.value(above), on_at + 15), (each.value(below), ENDS_WITHIN + 30)], counts=each.counts
        )
        for each in warning.series
        for name in series(each)
    }
    stay = {
        name: steps([(each.value(below), 2 * window + ENDS_WITHIN)], counts=each.counts)
        for each in warning.series
        for name in series(each)
    }
    early = window * 0.9 // 15 * 15
    return [
        Trial(f"just above {threshold:.0%} for a while, then below", rule, rise,
              (Moment(early, False), Moment(on_at, True), Moment(off_at, False))),
        Trial(f"just below {threshold:.0%}", rule, stay, (Moment(on_at, False), Moment(2 * window + 60, False))),
    ]  # fmt: skip


def trials_of_filling(
    filling: Sequence[Rising], rule: AlertRule, series: Callable[[Rising], Sequence[str]]
) -> list[Trial]:
    """A disk that fills within hours; one that keeps its level; one that takes days."""

    def goes(begin: float, end: float) -> dict[str, str]:
        return {
            name: ramp(each.value(begin), each.value(end), FILLS_IN)
            for each in filling
            for name in series(each)
        }

    last = FILLS_IN - 60
    return [
        Trial(f"a disk goes from {FILLS_FROM:.0%} to {FILLS_TO:.0%} in 2 hours", rule, goes(FILLS_FROM, FILLS_TO),
              (Moment(last, True),)),
        Trial(f"a disk stays at {KEEPS:.0%}", rule, goes(KEEPS, KEEPS), (Moment(last / 2, False), Moment(last, False))),
        Trial(f"a disk goes from 70% to {CRAWLS_TO:.0%} in 2 hours", rule, goes(0.70, CRAWLS_TO),
              (Moment(last / 2, False), Moment(last, False))),
    ]  # fmt: skip


def look_at_alarms(target: Target, undo: UndoStack) -> AlarmsLookAt:
    """Ask for each selector of each alarm; try on simulated time what is said to come with its fault."""
    declared, rules = warnings_of(target).under_fault, target.metrics.rules()
    looks = wait_until(
        lambda: tuple(_looks(target, rules, declared)),
        lambda seen: all(each.found or each.under_fault for each in seen),
        patience=SETTLES_WITHIN,
        every=2.0,
    ).last
    by_name = {each.name: each for each in rules}
    trials = [
        Trial(f"{each.series} is {each.value:g}", by_name[each.alarm], *_injected(each, by_name[each.alarm]))
        for each in declared
        if each.alarm in by_name
    ]
    tried = try_rules(target.platform, undo, metrics_service(target), trials) if trials else ()
    return AlarmsLookAt(examined=len(looks) + len(tried), looks=looks, tried=tried)


def _injected(fault: UnderFault, rule: AlertRule) -> tuple[dict[str, str], tuple[Moment, ...]]:
    """Not there, then there for as long as the rule asks for."""
    on_at = 15 + rule.holds_for + 15
    return {fault.series: f"_ {steps([(fault.value, on_at + 15)])}"}, (Moment(0, False), Moment(on_at, True))


def _looks(target: Target, rules: Sequence[AlertRule], declared: Sequence[UnderFault]) -> Iterator[LooksAt]:
    reasons = {(each.alarm, each.selector): each.reason for each in declared}
    counted: dict[str, int] = {}
    for rule in rules:
        for selector in selectors_in(rule.query):
            if selector not in counted:
                counted[selector] = len(target.metrics.query(selector))
            yield LooksAt(rule.name, selector, counted[selector], reasons.get((rule.name, selector), ""))
