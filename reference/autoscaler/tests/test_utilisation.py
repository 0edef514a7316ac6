"""Utilisation is known for all replicas or not at all."""

import pytest

from autoscaler.utilisation import MetricsMissing, Prometheus, Utilisation


@pytest.fixture
def asked(http, prometheus):
    return Prometheus(http, prometheus.url, "whoop_whoop-service", rate_window=40, max_age=30)


def test_the_mean_over_the_services_own_replicas(asked, prometheus, replica):
    prometheus.runs(0.4, 0.8, memory=0.25)
    prometheus.replicas["whoop_whoop-service-proxy"] = [replica("other", cpu=1.0)]
    used = asked.utilisation(2)
    assert used == Utilisation(2, pytest.approx(0.6), 0.25)


def test_every_query_is_about_one_service_and_tells_replicas_apart(asked, prometheus):
    prometheus.runs(0.4)
    asked.utilisation(1)
    assert len(prometheus.queries) == 3
    for query in prometheus.queries:
        assert query.startswith("max by (container_label_com_docker_swarm_task_id) (")
        assert query.count("{") == query.count(
            '{container_label_com_docker_swarm_service_name="whoop_whoop-service"}'
        )


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"cpu": None}, "1 of CPU"),
        ({"memory": None}, "1 of memory"),
        ({"cpu": float("nan")}, "1 of CPU"),
        ({"cpu": None, "memory": None, "age": None}, "1 have samples"),
    ],
)
def test_a_replica_without_samples_or_limit_is_missed(asked, prometheus, replica, lacking, words):
    prometheus.replicas["whoop_whoop-service"] = [replica("a"), replica("b", **lacking)]
    with pytest.raises(MetricsMissing, match=f"2 replicas are wanted.*{words}"):
        asked.utilisation(2)


def test_more_samples_than_replicas_are_no_base_for_a_decision(asked, prometheus):
    prometheus.runs(0.1, 0.1, 0.1)
    with pytest.raises(MetricsMissing, match="2 replicas are wanted, 3 have samples"):
        asked.utilisation(2)


def test_old_samples_are_missing_samples(asked, prometheus, replica):
    prometheus.replicas["whoop_whoop-service"] = [replica("a"), replica("b", age=31.0)]
    with pytest.raises(MetricsMissing, match="31 s old, at most 30 s"):
        asked.utilisation(2)


def test_old_samples_of_replicas_that_have_left_do_not_count(asked, prometheus, replica):
    left = replica("left", cpu=0.9, memory=0.9, age=120.0)
    prometheus.replicas["whoop_whoop-service"] = [replica("a", cpu=0.4), replica("b", cpu=0.8), left]
    assert asked.utilisation(2).cpu == pytest.approx(0.6)


def test_no_samples_at_all(asked):
    with pytest.raises(MetricsMissing, match="no samples of whoop_whoop-service"):
        asked.utilisation(2)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data":{"result":[{"metric":{},"value":[0,"1"]}]}}'])
def test_an_answer_that_cannot_be_read(asked, prometheus, body):
    prometheus.body = body
    with pytest.raises(MetricsMissing, match="cannot be read"):
        asked.utilisation(2)


def test_a_prometheus_that_refuses(asked, prometheus):
    prometheus.runs(0.1, 0.1)
    prometheus.status = 503
    with pytest.raises(MetricsMissing, match="answered 503"):
        asked.utilisation(2)


def test_a_prometheus_that_is_away(http, unused_url):
    with pytest.raises(MetricsMissing, match="does not answer"):
        Prometheus(http, unused_url, "whoop_whoop-service", 40, 30).utilisation(2)
