"""What the autoscaler shows to Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from autoscaler.decision import Decision, Policy, Reason
from autoscaler.utilisation import Utilisation


class Metrics:
    """The metrics of this process, in a registry of their own."""

    def __init__(self, policy: Policy) -> None:
        registry = self.registry = CollectorRegistry()
        self._decisions = Counter(
            "autoscaler_decisions", "Decisions taken.", ("action", "reason"), registry=registry
        )
        self._current = Gauge(
            "autoscaler_current_replicas", "Replicas that the engine was told.", registry=registry
        )
        self._desired = Gauge("autoscaler_desired_replicas", "Replicas last decided.", registry=registry)
        self._used = Gauge(
            "autoscaler_utilisation_ratio",
            "Mean share of the limit in use, last known.",
            ("resource",),
            registry=registry,
        )
        self._missing = Gauge(
            "autoscaler_metrics_missing",
            "1 while the size is kept because utilisation is not known.",
            registry=registry,
        )
        self._errors = Counter(
            "autoscaler_engine_errors", "Calls to the engine that failed.", ("operation",), registry=registry
        )
        for operation in ("read", "resize"):
            self._errors.labels(operation)
        self._show(policy)

    def _show(self, policy: Policy) -> None:
        targets = Gauge(
            "autoscaler_target_ratio", "Share of the limit aimed at.", ("resource",), registry=self.registry
        )
        targets.labels("cpu").set(policy.cpu_target)
        targets.labels("memory").set(policy.memory_target)
        Gauge("autoscaler_min_replicas", "Fewest replicas.", registry=self.registry).set(policy.least)
        Gauge("autoscaler_max_replicas", "Most replicas.", registry=self.registry).set(policy.most)

    def decided(self, decision: Decision) -> None:
        """Counts a decision; its sizes are shown if the engine could be asked."""
        self._decisions.labels(decision.action, decision.reason.value).inc()
        if decision.reason is not Reason.NO_ENGINE:
            self._current.set(decision.present)
            self._desired.set(decision.wanted)

    def used(self, utilisation: Utilisation | None) -> None:
        """Shows the utilisation; None means that it is not known, and the last one stays."""
        self._missing.set(utilisation is None)
        if utilisation is not None:
            self._used.labels("cpu").set(utilisation.cpu)
            self._used.labels("memory").set(utilisation.memory)

    def engine_failed(self, operation: str) -> None:
        """Counts a failed call: `read` or `resize`."""
        self._errors.labels(operation).inc()
