"""Takes turns until it is told to stop (SIGTERM or SIGINT); a turn that has begun is finished."""

import signal
import threading

import structlog
import urllib3

from autoscaler import logs, settings
from autoscaler.decision import Policy
from autoscaler.engine import Engine
from autoscaler.metrics import Metrics
from autoscaler.operations import Heartbeat, OperationsServer
from autoscaler.settings import Settings
from autoscaler.turn import Autoscaler
from autoscaler.utilisation import Prometheus


def policy_of(told: Settings) -> Policy:
    """The rules of deciding, percentages as shares."""
    return Policy(
        least=told.min_replicas,
        most=told.max_replicas,
        cpu_target=told.cpu_target_percent / 100,
        memory_target=told.memory_target_percent / 100,
        tolerance=told.tolerance_percent / 100,
        breach=told.breach_seconds,
        cooldown=told.cooldown_seconds,
        stabilisation=told.stabilisation_seconds,
    )


def main() -> None:
    """Runs the service."""
    told = settings.load()
    logs.configure(told.release, told.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    timeout = urllib3.Timeout(connect=told.timeout_seconds, read=told.timeout_seconds)
    http = urllib3.PoolManager(timeout=timeout, retries=False)
    policy = policy_of(told)
    metrics = Metrics(policy)
    autoscaler = Autoscaler(
        Engine(http, told.engine_url, told.scaled_service),
        Prometheus(
            http,
            told.prometheus_url,
            told.scaled_service,
            told.rate_window_seconds,
            told.sample_max_age_seconds,
        ),
        policy,
        metrics,
        told.settle_seconds,
    )
    heartbeat = Heartbeat(told.longest_turn_seconds)
    log = structlog.get_logger()
    with OperationsServer(told.operations_port, heartbeat, metrics.registry):
        log.info("started", **told.model_dump())
        while not stop.is_set():
            autoscaler.turn()
            heartbeat.beat()
            stop.wait(told.interval_seconds)
    log.info("stopped")


if __name__ == "__main__":
    main()
