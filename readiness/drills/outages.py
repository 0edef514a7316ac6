"""Every part of the deployment hangs once, and is gone once: which alarms name it, how soon, and whether they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.actions.copies import freeze, owe_thaw, scale_service
from readiness.config.availability import Availability, GoneAlarm
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.capacity import metrics_service
from readiness.drills.rule_trials import Moment, Trial, Tried, steps, try_rules, written
from readiness.drills.simulated_rules import STEP
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.metrics import AlertRule
from readiness.targets.target import Target

QUIET_FIRST = 180.0
TOLD_WITHIN = 120.0  # seconds for which we wait for the alarm of the slowest
BACK_WITHIN = 240.0
EVERY = 1.0
AT_ONCE = 4
HANGS, GONE = "hangs", "is gone"
QUIET_FOR = {HANGS: 0.0, GONE: 7.0}  # seconds; between two alarms on one that comes back there may be a gap


@dataclass(frozen=True)
class Outage:
    """One service that hung or was gone. Seconds are counted from the fault, or from its end.

    `alarms`: those that named it, pending or on. `seen_after`: until the first of them was; `told_after`: until that would be on,
    as long as it has to be pending; None where none named it. `over_after`: until none of them named it any more; None where one
    still did.
    """

    service: str
    fault: str
    alarms: tuple[str, ...]
    seen_after: float | None
    told_after: float | None
    over_after: float | None


@dataclass(frozen=True, kw_only=True)
class Outages(Observation):
    """Examined: outages and trials. `loud_before`: services that an alarm named before anything was done.

    `tried`: the alarms on simulated time. `unruled`: alarms of the profile for which there is no rule.
    """

    outages: tuple[Outage, ...]
    loud_before: tuple[str, ...]
    tried: tuple[Tried, ...]
    unruled: tuple[str, ...]

    @property
    def slowest(self) -> float:
        """Seconds until the last outage would have been told of. ValueError when one was not seen."""
        told = [each.told_after for each in self.outages]
        if None in told:
            raise ValueError("an outage was not seen")
        return max(each for each in told if each is not None)


def availability_of(target: Target) -> Availability:
    """By which alarms outages are told. CapabilityMissing where the profile does not say."""
    if target.profile.availability is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which alarms tell that a part is gone (availability)."
        )
    return target.profile.availability


def break_everything(target: Target, undo: UndoStack) -> Outages:
    """Let all services hang, then stop them all; each time those last by which others are watched. Once in a run."""
    return target.once(Outages, lambda: Drill(target, undo).run())


class Drill:
    """The experiment and what it needs: the rules in force, and who is named by which alarm now."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        self._target = target
        self._undo = undo
        self._declared = availability_of(target)
        self._rules = {each.name: each for each in target.metrics.rules()}

    def run(self) -> Outages:
        """All of it."""
        platform, declared = self._target.platform, self._declared
        left_out = {each.service for each in declared.elsewhere}
        services = [each.name for each in platform.services() if each.name not in left_out]
        together = [each for each in services if each not in declared.apart]
        apart = [each for each in services if each in declared.apart]
        quiet = wait_until(
            lambda: self._named().keys() & set(services),
            lambda named: not named,
            patience=QUIET_FIRST,
            every=EVERY,
        )
        groups = [each for each in (together, apart) if each]
        seen = [*self._leg(HANGS, groups, self._freeze), *self._leg(GONE, groups, self._stop)]
        trials = tuple(self._trials())
        return Outages(
            examined=len(seen) + len(trials),
            outages=tuple(seen),
            loud_before=tuple(sorted(quiet.last)),
            tried=try_rules(platform, self._undo, metrics_service(self._target), trials) if trials else (),
            unruled=tuple(each.alarm for each in declared.alarms if each.alarm not in self._rules),
        )

    def _named(self) -> dict[str, set[str]]:
        """Service -> the alarms that name it now, pending or on. Only alarms that tell of outages count."""
        ours = {each.alarm for each in self._declared.alarms}
        found: dict[str, set[str]] = {}
        for each in self._target.metrics.query("ALERTS"):
            if each.labels.get("alertname") in ours:
                name = each.labels.get(self._declared.names_by, "")
                found.setdefault(name, set()).add(each.labels["alertname"])
        return found

    def _freeze(self, services: Sequence[str]) -> dict[str, UndoStep]:
        """One copy of each hangs, all at the same time."""
        platform = self._target.platform
        copies = [platform.replicas(each)[:1] for each in services]
        missing = [name for name, found in zip(services, copies, strict=True) if not found]
        if missing:
            raise CannotLook(f"no copy of {', '.join(missing)} runs that could hang")
        owed = {copy.service: owe_thaw(self._undo, copy) for (copy,) in copies}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda found: freeze(platform, found[0]), copies))
        return owed

    def _stop(self, services: Sequence[str]) -> dict[str, UndoStep]:
        """No copy of any is left."""
        platform = self._target.platform
        owed = {each: scale_service(platform, self._undo, each, 0) for each in services}
        stopped = wait_until(
            lambda: [each for each in services if platform.replicas(each)],
            lambda left: not left,
            patience=self._target.profile.patience.change,
        )
        if not stopped.happened:
            raise CannotLook(f"{', '.join(stopped.last)} did not stop within {stopped.seconds:.0f} s")
        return owed

    def _leg(
        self,
        fault: str,
        groups: Sequence[Sequence[str]],
        act: Callable[[Sequence[str]], Mapping[str, UndoStep]],
    ) -> list[Outage]:
        """Act on one group after the other; when all of them are back, wait until all alarms are over."""
        alarms: dict[str, set[str]] = {each: set() for group in groups for each in group}
        seen_after: dict[str, float] = {}
        for group in groups:
            began = clock()
            seen_after |= self._until_seen(group, act(group), alarms, began)
        over_after = self._wait_until_over(tuple(alarms), QUIET_FOR[fault])
        return [
            Outage(
                each,
                fault,
                tuple(sorted(those)),
                seen_after.get(each),
                self._told_after(those, seen_after.get(each)),
                over_after.get(each),
            )
            for each, those in alarms.items()
        ]

    def _until_seen(
        self,
        services: Sequence[str],
        owed: Mapping[str, UndoStep],
        alarms: dict[str, set[str]],
        began: float,
    ) -> dict[str, float]:
        """End each fault as soon as an alarm named the service, the others when we have waited long enough."""
        seen_after: dict[str, float] = {}

        def look() -> list[str]:
            for name, those in self._named().items():
                if name in alarms:
                    alarms[name] |= those
                if name in owed and name not in seen_after:
                    seen_after[name] = clock() - began
                    self._end(owed[name])
            return [each for each in services if each not in seen_after]

        for each in wait_until(look, lambda left: not left, patience=TOLD_WITHIN, every=EVERY).last:
            self._end(owed[each])
        return seen_after

    def _end(self, step: UndoStep) -> None:
        failures = self._undo.settle(step)
        if failures:
            raise CannotLook(f"a fault could not be ended: {failures[0].step}: {failures[0].error}")

    def _wait_until_over(self, services: Sequence[str], quiet_for: float) -> dict[str, float]:
        """Seconds until no alarm named a service any more, and every service has its copies; for those that came so far."""
        began = clock()
        over: dict[str, float] = {}

        def look() -> bool:
            named = self._named()
            for each in services:
                if each in named:
                    over.pop(each, None)
                else:
                    over.setdefault(each, clock() - began)
            quiet = len(over) == len(services) and clock() - began - max(over.values()) >= quiet_for
            return quiet and self._all_run(services)

        wait_until(look, bool, patience=BACK_WITHIN, every=EVERY)
        return over

    def _all_run(self, services: Sequence[str]) -> bool:
        platform = self._target.platform
        return all(
            len(copies := platform.replicas(each)) >= platform.service(each).desired > 0
            and all(copy.health in ("healthy", "") for copy in copies)
            for each in services
        )

    def _told_after(self, alarms: set[str], seen_after: float | None) -> float | None:
        """The quickest of those alarms: it must have been pending for as long as its rule asks for."""
        if seen_after is None:
            return None
        return seen_after + min(self._rules[each].holds_for for each in alarms)

    def _trials(self) -> Iterable[Trial]:
        for each in self._declared.alarms:
            rule = self._rules.get(each.alarm)
            labels = [one.labels for one in self._target.metrics.query(each.series)]
            if rule:
                yield trial_of(each, rule, [written(one) for one in labels] or [each.series])


def trial_of(alarm: GoneAlarm, rule: AlertRule, series: Sequence[str]) -> Trial:
    """Well, then ill for longer than the rule asks for, then well again; the alarm is on in between, and not before."""
    well, ill = 60.0, rule.holds_for + 60
    middle = f"stale _x{round(ill / STEP) - 1}" if alarm.ill is None else steps([(alarm.ill, ill)])
    values = f"{steps([(alarm.well, well)])} {middle} {steps([(alarm.well, 120)])}"
    moments = (Moment(45, False), Moment(well + rule.holds_for + 30, True), Moment(well + ill + 60, False))
    return Trial("a part is gone for a while", rule, dict.fromkeys(series, values), moments)
