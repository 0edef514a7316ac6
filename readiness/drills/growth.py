"""A rush of customers passes; later customers come to stay for a while, and leave: how many copies serve them, and when."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from readiness.config.autoscaling import Autoscaling
from readiness.core.errors import CannotLook
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.customers import HIGHEST_RATE, customers, send
from readiness.drills.sizing import Agreed, Phase, Sizing
from readiness.harness.undo import UndoStack
from readiness.load.results import Result, Second
from readiness.probes.decisions import Decision, read_decisions
from readiness.probes.sizes import (
    SizeWatch,
    autoscaling_of,
    between,
    changes_in,
    limits_of,
    mean_processor,
)
from readiness.targets.target import Target

# Shares of the processor limit above the trigger: where copies are to be driven, and from where they clearly should grow.
ABOVE, CLEARLY = 0.15, 0.04
FEW, PROBING = 2.0, 12.0  # requests per second
# Seconds. A look at the copies may take one, and their use of the processor takes two looks.
IDLE, PROBED, RUSH, QUIET, SETTLED = 3.5, 4.0, 10.0, 12.0, 5.0
MOST_OVER_PRICE = (
    1.6  # times the rate that was priced: beyond it, something else than the copies' processor is the limit
)
ATTEMPTS = 4  # customers who do not take the copies above the trigger show nothing, and more of them are sent


@dataclass(frozen=True, kw_only=True)
class Growth(Sizing):
    """The whole visit. Examined: requests.

    `errors`: kind -> count, of all requests. `served`: copy -> right answers while customers stayed. `first_served`: seconds
    from when customers began to stay until a copy that was not there before gave one of them the right answer, or until we
    stopped looking. `driven`: the mean share of the processor limit in the ten seconds before the service first grew.
    """

    load: tuple[Second, ...]
    errors: dict[str, int]
    served: dict[str, int]
    added: tuple[str, ...]
    first_served: float
    driven: float


def let_customers_come_and_go(target: Target, undo: UndoStack, agreed: Agreed) -> Growth:
    """Send a rush of ten seconds and later a steady load, both of which take the copies above the processor's trigger.

    The load stays until every added copy serves, or longer than it may take. Undo: as many copies as before.
    """
    scaling, service = autoscaling_of(target), target.profile.service.name
    declared = limits_of(target.platform.service(service))
    undo.owe("scale_service", service=service, copies=declared.desired)
    began = clock()
    with SizeWatch(target) as watch:
        _wait_for_the_least(watch, scaling)
        visit = _Visit(target, watch, agreed)
        visit.walk(scaling)
    return visit.growth(scaling, read_decisions(target, began))


def _wait_for_the_least(watch: SizeWatch, scaling: Autoscaling) -> None:
    waited = wait_until(
        lambda: watch.last,
        lambda seen: seen.asked == len(seen.running) == scaling.least,
        patience=3 * scaling.shrinks_after + 60,
        every=0.5,
    )
    if not waited.happened:
        raise CannotLook(
            f"the service was not at its least of {scaling.least} copies before customers came: "
            f"{waited.last.asked} are asked for, {len(waited.last.running)} run"
        )


class _Visit:
    """The phases, one after the other, and what is kept of each."""

    def __init__(self, target: Target, watch: SizeWatch, agreed: Agreed) -> None:
        self._target = target
        self._watch = watch
        self._trigger = agreed.processor
        self._driven = min(0.95, agreed.processor + ABOVE)
        self._patience = agreed.patience
        self._phases: list[Phase] = []
        self._results: list[Result] = []
        self._priced = self._first_served = 0.0
        self._served: dict[str, int] = {}
        self._before = frozenset(watch.last.running)

    def walk(self, scaling: Autoscaling) -> None:
        """A rush, a quiet time, customers who stay, and the time after them."""
        rate = self._rate_for_the_trigger()
        for _ in range(ATTEMPTS):
            self._phase("rush", rate, RUSH)
            used = self._used("rush")
            if used > self._trigger + CLEARLY:
                break
            self._phase("quiet", FEW, QUIET)
            rate = self._more_than(rate, used)
        else:
            raise self._not_driven(rate, used)
        self._phase("quiet", FEW, QUIET)
        self._stay(rate * self._driven / used)
        self._leave(scaling)

    def _rate_for_the_trigger(self) -> float:
        """Requests per second that take the copies to where they are to be driven.

        From what a few of them cost, and then half of all, for a busy copy spends less on each.
        """
        begun = clock()
        pause(IDLE)
        idle = mean_processor(between(self._watch.samples, begun, clock()))
        wanted = 2 * PROBING
        for name in ("probing", "half"):
            rate = wanted / 2
            self._phase(name, rate, PROBED)
            cost = (self._used(name) - idle) / rate
            if math.isnan(cost):
                raise CannotLook("what the copies use could not be measured while a few requests were sent")
            if cost <= 0 or (self._driven - idle) / cost > HIGHEST_RATE:
                raise CannotLook(
                    f"a request costs the copies {cost:.4%} of their limit, so {HIGHEST_RATE:.0f} per second, the most that "
                    "is sent, do not make them grow. Name a request that costs more (profile: autoscaling.load)."
                )
            wanted = (self._driven - idle) / cost
        self._priced = wanted
        return wanted

    def _more_than(self, rate: float, used: float) -> float:
        """The rate that should do where one did not. Far more of it than was priced is not sent."""
        more = rate * self._driven / used
        if more > MOST_OVER_PRICE * self._priced:
            raise self._not_driven(rate, used)
        return more

    def _not_driven(self, rate: float, used: float) -> CannotLook:
        return CannotLook(
            f"{rate:.0f} requests per second took the copies to {used:.0%} of their processor limit only, where a few had "
            f"promised that {self._priced:.0f} do for {self._driven:.0%}; they grow at {self._trigger:.0%}, so nothing is shown "
            "by their not growing. Something else is the limit: give the machine less to do, or name a request that costs the "
            "copies more (profile: autoscaling.load)."
        )

    def _used(self, name: str) -> float:
        """The mean share in use during a phase, without its first second, in which the load begins."""
        phase = next(each for each in reversed(self._phases) if each.name == name)
        return mean_processor(between(self._watch.samples, phase.began + 1.5, phase.ended))

    def _phase(self, name: str, rate: float, seconds: float) -> None:
        began = clock()
        self._results.append(send(self._target, rate, seconds))
        self._phases.append(Phase(name, began, clock()))

    def _until(
        self, name: str, rate: float, reached: Callable[[tuple[Second, ...]], bool], patience: float
    ) -> Result:
        """Customers at a rate until something is reached, and a little longer."""
        began = clock()
        with customers(self._target, rate, patience + SETTLED + 60) as load:
            wait_until(lambda: load.seconds, reached, patience=patience)
            pause(SETTLED)
            ended = clock()
            self._results.append(load.end().conclusive())
        self._phases.append(Phase(name, began, ended))
        return self._results[-1]

    def _stay(self, rate: float) -> None:
        """Customers who stay; more of them come where the first do not take the copies clearly above the trigger."""
        for _ in range(ATTEMPTS):
            result = self._until("stay", rate, self._enough_seen, self._patience)
            used = self._used("stay")
            if self._grown() or used > self._trigger + CLEARLY:
                break
            self._phases[-1] = replace(self._phases[-1], name="below")
            rate = self._more_than(rate, used)
        else:
            raise self._not_driven(rate, used)
        phase = self._phases[-1]
        for second in result.seconds:
            for instance, count in second.instances.items():
                self._served[instance] = self._served.get(instance, 0) + count
        newcomers = [
            at
            for second in result.seconds
            for name, at in second.newcomers.items()
            if name not in self._before
        ]
        self._first_served = min(newcomers, default=phase.ended) - phase.began

    def _grown(self) -> bool:
        began = self._phases[-1].began
        return any(each.at >= began for each in changes_in(self._watch.samples))

    def _enough_seen(self, seconds: tuple[Second, ...]) -> bool:
        """Whether every copy serves, or the copies are not clearly above the trigger, so that they need not grow."""
        return self._everybody_serves(seconds) or self._below(seconds)

    def _below(self, seconds: tuple[Second, ...]) -> bool:
        now = clock()
        lately = mean_processor(between(self._watch.samples, now - RUSH, now))
        grows = self._watch.last.asked > len(self._before)
        return len(seconds) > RUSH + SETTLED and not grows and lately <= self._trigger + CLEARLY

    def _everybody_serves(self, seconds: tuple[Second, ...]) -> bool:
        """Whether the service has grown and each copy that runs has served somebody."""
        seen = self._watch.last
        serving = {name for second in seconds for name in second.instances}
        return len(self._before) < seen.asked == len(seen.running) and serving.issuperset(seen.running)

    def _leave(self, scaling: Autoscaling) -> None:
        def shrunk(_: tuple[Second, ...]) -> bool:
            seen = self._watch.last
            return seen.asked == len(seen.running) == scaling.least

        self._until("gone", FEW, shrunk, 3 * scaling.shrinks_after + 60)

    def growth(self, scaling: Autoscaling, decisions: tuple[Decision, ...]) -> Growth:
        """What was seen in all."""
        samples = self._watch.samples
        stay = next(phase for phase in self._phases if phase.name == "stay")
        grew = next((each.at for each in changes_in(samples) if each.at >= stay.began), stay.ended)
        ever = {name for each in samples for name in each.running}
        errors: dict[str, int] = {}
        for result in self._results:
            for kind, count in result.total.errors.items():
                errors[kind] = errors.get(kind, 0) + count
        return Growth(
            examined=sum(result.total.sent for result in self._results),
            least=scaling.least,
            most=scaling.most,
            samples=samples,
            decisions=decisions,
            phases=tuple(self._phases),
            load=tuple(second for result in self._results for second in result.seconds),
            errors=errors,
            served=self._served,
            added=tuple(sorted(ever - self._before)),
            first_served=self._first_served,
            driven=mean_processor(between(samples, grew - 10, grew)),
        )
