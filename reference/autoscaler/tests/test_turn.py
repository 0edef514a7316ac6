"""A whole turn over HTTP: it reads, decides, acts, and leaves a log line and metrics that say why."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from autoscaler.decision import Policy
from autoscaler.engine import Engine
from autoscaler.metrics import Metrics
from autoscaler.turn import Autoscaler
from autoscaler.utilisation import Prometheus

SERVICE = "whoop_whoop-service"
POLICY = Policy(
    2, 10, cpu_target=0.7, memory_target=0.8, tolerance=0.1, breach=5, cooldown=30, stabilisation=60
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Running:
    """An autoscaler whose clock the test moves."""

    autoscaler: Autoscaler
    metrics: Metrics
    now: float = 0.0

    def turn(self, after: float = 5.0) -> dict[str, object]:
        """Takes one turn `after` seconds later and returns its log line."""
        self.now += after
        with capture_logs() as lines:
            self.autoscaler.turn()
        assert [line["event"] for line in lines if line["event"] != "again"] == ["decision"]
        return dict(lines[-1])

    def value(self, name: str, **labels: str) -> float | None:
        """The present value of one metric."""
        return self.metrics.registry.get_sample_value(name, labels)


def running_on(http, prometheus_url: str, engine_url: str) -> Running:
    metrics = Metrics(POLICY)
    running = Running(autoscaler=None, metrics=metrics)  # type: ignore[arg-type]  # not used here
    running.autoscaler = Autoscaler(
        Engine(http, engine_url, SERVICE),
        Prometheus(http, prometheus_url, SERVICE, rate_window=40, max_age=30),
        POLICY,
        metrics,
        settle=15,
        monotonic=lambda: running.now,
        utc=lambda: NOON + timedelta(seconds=running.now),
    )
    return running


@pytest.fixture
def running(http, prometheus, engine):
    return running_on(http, prometheus.url, engine.url)


def test_load_that_persists_adds_replicas_and_the_log_says_why(running, prometheus, engine):
    prometheus.runs(0.9, 1.0)
    first, second = running.turn(), running.turn()
    assert (first["action"], first["reason"]) == ("keep", "breach-too-brief")
    expected = {"action": "scale-out", "reason": "cpu-above-target", "from": 2, "to": 3, "outcome": "done"}
    expected |= {"cpu_utilisation": 0.95, "cpu_target": 0.7, "memory_utilisation": 0.1, "memory_target": 0.8}
    assert expected.items() <= second.items()
    assert engine.replicas == 3


def test_the_metrics_say_the_same(running, prometheus):
    prometheus.runs(0.9, 1.0)
    running.turn()
    running.turn()
    labels = {"action": "scale-out", "reason": "cpu-above-target"}
    assert running.value("autoscaler_decisions_total", **labels) == 1
    assert running.value("autoscaler_current_replicas") == 2
    assert running.value("autoscaler_desired_replicas") == 3
    assert running.value("autoscaler_utilisation_ratio", resource="cpu") == pytest.approx(0.95)
    assert running.value("autoscaler_target_ratio", resource="memory") == 0.8
    assert running.value("autoscaler_metrics_missing") == 0
    assert running.value("autoscaler_engine_errors_total", operation="resize") == 0


def test_quiet_for_the_whole_window_takes_replicas_away(running, prometheus, engine):
    engine.set(4)
    prometheus.runs(0.1, 0.1, 0.1, 0.1)
    running.turn()
    assert running.turn(after=59)["reason"] == "stabilising"
    line = running.turn(after=1)
    assert (line["action"], line["from"], line["to"]) == ("scale-in", 4, 2)
    assert engine.replicas == 2


def test_while_metrics_are_missing_the_size_stays_and_it_says_so(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    running.turn()
    prometheus.runs(1.0)  # the second replica has no samples any more
    line = running.turn()
    assert (line["action"], line["reason"], line["log_level"]) == ("keep", "metrics-missing", "warning")
    assert "2 replicas are wanted, 1 have samples" in str(line["detail"])
    assert running.value("autoscaler_metrics_missing") == 1
    prometheus.runs(1.0, 1.0)
    assert running.turn()["reason"] == "breach-too-brief"
    assert running.value("autoscaler_metrics_missing") == 0
    assert engine.replicas == 2


def test_a_prometheus_that_is_away_keeps_the_size(http, engine, unused_url):
    line = running_on(http, unused_url, engine.url).turn()
    assert (line["action"], line["reason"]) == ("keep", "metrics-missing")
    assert engine.bodies == []


def test_a_refusal_by_the_engine_is_logged_counted_and_tried_again(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    engine.refusal = (403, "not let through")
    running.turn()
    line = running.turn()
    assert (line["action"], line["outcome"], line["log_level"]) == ("scale-out", "refused", "warning")
    assert "403" in str(line["detail"])
    assert line["cpu_utilisation"] == 1.0
    assert running.value("autoscaler_engine_errors_total", operation="resize") == 1
    engine.refusal = None
    assert running.turn()["outcome"] == "done"
    assert engine.replicas == 3


def test_an_engine_that_is_away(http, prometheus, unused_url):
    running = running_on(http, prometheus.url, unused_url)
    line = running.turn()
    assert (line["action"], line["reason"], line["outcome"]) == ("keep", "engine-unavailable", "not-possible")
    assert "from" not in line
    assert running.value("autoscaler_engine_errors_total", operation="read") == 1


def test_an_update_in_progress_is_waited_for_and_so_is_its_warm_up(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    engine.update_status = {"State": "updating"}
    assert [running.turn()["reason"] for _ in range(3)] == ["update-in-progress"] * 3
    ended = NOON + timedelta(seconds=running.now)
    engine.update_status = {"State": "completed", "CompletedAt": ended.isoformat().replace("+00:00", "Z")}
    reasons = [running.turn()["reason"] for _ in range(4)]
    assert reasons == ["update-in-progress"] * 2 + ["breach-too-brief", "cpu-above-target"]
    assert engine.replicas == 3


def test_a_change_by_others_in_between_is_read_and_the_decision_repeated(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    running.turn()

    def relabelled() -> None:
        engine.set(2, image="whoop-service:2")
        engine.before_update = None

    engine.before_update = relabelled
    assert running.turn()["outcome"] == "done"
    assert engine.replicas == 3
    assert '"Image":"whoop-service:2"' in engine.bodies[-1]


def test_a_release_that_begins_in_between_is_not_disturbed(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    running.turn()

    def released() -> None:
        engine.set(2, image="whoop-service:2")
        engine.update_status = {"State": "updating"}

    engine.before_update = released
    assert running.turn()["outcome"] == "given-up"
    assert (engine.replicas, len(engine.bodies)) == (2, 1)
    assert running.turn()["reason"] == "update-in-progress"


def test_conflicts_without_end_are_a_refusal(running, prometheus, engine):
    prometheus.runs(1.0, 1.0)
    running.turn()
    engine.before_update = lambda: engine.set(2)
    line = running.turn()
    assert (line["outcome"], line["detail"]) == ("refused", "the service was changed in between")
    assert len(engine.bodies) == 3


def test_a_size_set_by_hand_is_left_alone_for_the_window(running, prometheus, engine):
    prometheus.runs(0.1, 0.1)
    running.turn()
    engine.set(7)
    prometheus.runs(*[0.1] * 7)
    assert {running.turn()["reason"] for _ in range(12)} == {"stabilising"}
    assert running.turn()["action"] == "scale-in"


def test_below_the_minimum_replicas_are_added_without_metrics(running, engine):
    engine.set(1)
    assert running.turn()["reason"] == "below-minimum"
    assert engine.replicas == 2


def test_a_stopped_service_stays_stopped(running, engine):
    engine.set(0)
    assert running.turn()["reason"] == "switched-off"
    assert engine.replicas == 0
