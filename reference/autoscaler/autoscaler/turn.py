"""One turn: read the service, read what it uses, decide, act, and say so."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from autoscaler.decision import Decider, Decision, Policy, Reason
from autoscaler.engine import Engine, EngineError, Service, VersionConflict
from autoscaler.metrics import Metrics
from autoscaler.utilisation import MetricsMissing, Prometheus, Utilisation

ATTEMPTS = 3  # of one change, when others change the service at the same time


@dataclass(frozen=True)
class Evaluation:
    """A decision with what it rests on. `detail` says in words what is missing, if something is."""

    decision: Decision
    used: Utilisation | None = None
    detail: str = ""


class Autoscaler:
    """Takes turns. `settle` (seconds) is how long after an update nothing is judged: new replicas warm up.

    `monotonic` and `utc` are the clocks; the second is only compared with the engine's own times.
    """

    def __init__(
        self,
        engine: Engine,
        prometheus: Prometheus,
        policy: Policy,
        metrics: Metrics,
        settle: float,
        monotonic: Callable[[], float] = time.monotonic,
        utc: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._prometheus = prometheus
        self._policy = policy
        self._metrics = metrics
        self._settle = timedelta(seconds=settle)
        self._monotonic = monotonic
        self._utc = utc
        self._decider = Decider(policy)
        self._log = structlog.get_logger()

    def turn(self) -> Evaluation:
        """One decision, logged and counted, and carried out if it changes the size."""
        try:
            service = self._engine.read()
        except EngineError as error:
            self._metrics.engine_failed("read")
            evaluation = Evaluation(self._decider.hold(0, Reason.NO_ENGINE), detail=str(error))
            return self._conclude(evaluation, "not-possible")
        evaluation = self._evaluate(service)
        if evaluation.decision.action == "keep":
            return self._conclude(evaluation, "nothing-to-do")
        try:
            outcome = self._resize(service, evaluation.decision)
        except EngineError as error:
            self._metrics.engine_failed("resize")
            return self._conclude(evaluation, "refused", str(error))
        return self._conclude(evaluation, outcome)

    def _evaluate(self, service: Service) -> Evaluation:
        now, present = self._monotonic(), service.replicas
        self._decider.observe(now, present)
        if self._unsettled(service):
            return Evaluation(self._decider.hold(present, Reason.UPDATE), detail=service.update)
        correction = self._decider.correct_bounds(now, present)
        if correction is not None:
            return Evaluation(correction)
        try:
            used = self._prometheus.utilisation(present)
        except MetricsMissing as missing:
            self._metrics.used(None)
            return Evaluation(self._decider.hold(present, Reason.NO_METRICS), detail=str(missing))
        self._metrics.used(used)
        return Evaluation(self._decider.decide(now, present, used), used)

    def _unsettled(self, service: Service) -> bool:
        ended = service.update_ended
        return service.being_updated or (ended is not None and self._utc() - ended < self._settle)

    def _resize(self, service: Service, decision: Decision) -> str:
        """Carries out a decision: `done`. When others were faster, looks again: `given-up` if it no longer holds."""
        for _ in range(ATTEMPTS - 1):
            try:
                self._engine.resize(service, decision.wanted)
                return "done"
            except VersionConflict as conflict:
                self._log.info("again", detail=str(conflict))
            service = self._engine.read()
            if service.being_updated or service.replicas != decision.present:
                return "given-up"
        self._engine.resize(service, decision.wanted)
        return "done"

    def _conclude(self, evaluation: Evaluation, outcome: str, refusal: str = "") -> Evaluation:
        decision, used, policy = evaluation.decision, evaluation.used, self._policy
        self._metrics.decided(decision)
        values: dict[str, object] = {"action": decision.action, "reason": decision.reason.value}
        if decision.reason is not Reason.NO_ENGINE:
            values |= {"from": decision.present, "to": decision.wanted}
        if used is not None:
            values |= {"cpu_utilisation": round(used.cpu, 4), "memory_utilisation": round(used.memory, 4)}
        values |= {
            "cpu_target": policy.cpu_target,
            "memory_target": policy.memory_target,
            "min": policy.least,
            "max": policy.most,
            "outcome": outcome,
        }
        if evaluation.detail or refusal:
            values["detail"] = evaluation.detail or refusal
        trouble = outcome in ("refused", "not-possible") or decision.reason is Reason.NO_METRICS
        (self._log.warning if trouble else self._log.info)("decision", **values)
        return evaluation
