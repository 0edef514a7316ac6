"""Turns containers and their usage into Prometheus metrics with cAdvisor's names and labels."""

import time
from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from container_exporter.cgroups import NoControlGroup, Usage
from container_exporter.engine import Container, EngineError, ServiceTasks

SERVICE = "container_label_com_docker_swarm_service_name"
LABELS = (
    "id",
    "name",
    "image",
    SERVICE,
    "container_label_com_docker_swarm_task_id",
)

COUNTERS: dict[str, tuple[str, Callable[[Usage], float]]] = {
    "container_cpu_usage_seconds": ("CPU time used.", lambda usage: usage.cpu_seconds),
    "container_cpu_cfs_periods": ("Scheduling periods.", lambda usage: usage.cpu_periods),
    "container_cpu_cfs_throttled_periods": ("Throttled periods.", lambda usage: usage.cpu_throttled_periods),
    "container_cpu_cfs_throttled_seconds": ("Time throttled.", lambda usage: usage.cpu_throttled_seconds),
    "container_oom_events": ("Processes killed for lack of memory.", lambda usage: usage.oom_kills),
}

GAUGES: dict[str, tuple[str, Callable[[Usage], float]]] = {
    "container_spec_cpu_quota": ("CPU limit: time per period in µs, 0 = none.", lambda u: u.cpu_quota_us),
    "container_spec_cpu_period": ("Length of a scheduling period in µs.", lambda u: u.cpu_period_us),
    "container_spec_memory_limit_bytes": ("Memory limit, 0 = none.", lambda u: u.memory_limit_bytes),
    "container_memory_usage_bytes": ("Memory in use with page cache.", lambda u: u.memory_bytes),
    "container_memory_working_set_bytes": (
        "Memory in use without inactive page cache.",
        lambda u: u.memory_working_set_bytes,
    ),
    "container_memory_rss": ("Anonymous memory in bytes.", lambda u: u.memory_rss_bytes),
    "container_memory_cache": ("Page cache in bytes.", lambda u: u.memory_cache_bytes),
    "container_threads": ("Threads in the container.", lambda u: u.threads),
}


class ContainerCollector:
    """A collector for the prometheus_client registry; looks afresh at every scrape.

    `containers` lists the running containers and may raise EngineError; `usage` reads one container's numbers by its id
    and may raise NoControlGroup (the container is left out then: it ended in between). `services` counts the tasks of each
    service and may raise EngineError.
    """

    def __init__(
        self,
        containers: Callable[[], list[Container]],
        usage: Callable[[str], Usage],
        services: Callable[[], list[ServiceTasks]],
    ) -> None:
        self._containers = containers
        self._usage = usage
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """Yields all metrics of one scrape."""
        began = time.monotonic()
        up = GaugeMetricFamily("container_exporter_engine_up", "1 if the engine answered.")
        try:
            containers, services = self._containers(), self._services()
        except EngineError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield from _usage_metrics(list(self._measured(containers)))
        yield from _state_metrics(containers)
        yield from _service_metrics(services)
        yield GaugeMetricFamily(
            "container_exporter_scrape_seconds", "Time this scrape took.", value=time.monotonic() - began
        )

    def _measured(self, containers: Iterable[Container]) -> Iterator[tuple[Container, Usage]]:
        for container in containers:
            try:
                usage = self._usage(container.id)
            except NoControlGroup:
                continue
            yield container, usage


def _labels(container: Container) -> tuple[str, ...]:
    return container.id, container.name, container.image, container.service, container.task


def _usage_metrics(measured: list[tuple[Container, Usage]]) -> Iterator[Metric]:
    for name, (help_text, value) in COUNTERS.items():
        counter = CounterMetricFamily(name, help_text, labels=LABELS)
        for container, usage in measured:
            counter.add_metric(_labels(container), value(usage))
        yield counter
    for name, (help_text, value) in GAUGES.items():
        gauge = GaugeMetricFamily(name, help_text, labels=LABELS)
        for container, usage in measured:
            gauge.add_metric(_labels(container), value(usage))
        yield gauge


def _state_metrics(containers: list[Container]) -> Iterator[Metric]:
    started = GaugeMetricFamily(
        "container_start_time_seconds", "When it was made, since 1970.", labels=LABELS
    )
    seen = GaugeMetricFamily(
        "container_last_seen", "When it was last seen running, since 1970.", labels=LABELS
    )
    health = GaugeMetricFamily(
        "container_health_state", "1 healthy, 0 not; absent without verdict.", labels=LABELS
    )
    failing = GaugeMetricFamily(
        "container_health_failing_streak",
        "Health checks that failed one after the other; absent without check.",
        labels=LABELS,
    )
    for container in containers:
        started.add_metric(_labels(container), container.created_seconds)
        seen.add_metric(_labels(container), time.time())
        if container.healthy is not None:
            health.add_metric(_labels(container), int(container.healthy))
        if container.failing_checks is not None:
            failing.add_metric(_labels(container), container.failing_checks)
    yield from (started, seen, health, failing)


def _service_metrics(services: list[ServiceTasks]) -> Iterator[Metric]:
    running = GaugeMetricFamily("swarm_service_running_tasks", "Tasks that run.", labels=(SERVICE,))
    desired = GaugeMetricFamily(
        "swarm_service_desired_tasks", "Tasks that are meant to run.", labels=(SERVICE,)
    )
    for each in services:
        running.add_metric((each.service,), each.running)
        desired.add_metric((each.service,), each.desired)
    yield from (running, desired)
