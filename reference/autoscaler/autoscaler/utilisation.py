"""Asks Prometheus what each replica of one service uses of its limits."""

import json
import math
from dataclasses import dataclass

import urllib3

TASK = "container_label_com_docker_swarm_task_id"
SERVICE = "container_label_com_docker_swarm_service_name"


class MetricsMissing(RuntimeError):
    """What the replicas use is not known: no answer, no samples, old samples, or samples of only some replicas."""


@dataclass(frozen=True)
class Utilisation:
    """The mean over all replicas, as a share of the limit (1.0 = all of it)."""

    replicas: int
    cpu: float
    memory: float


@dataclass(frozen=True)
class Prometheus:
    """Where to ask, and about which service.

    `rate_window` (seconds) must hold at least two scrapes; samples older than `max_age` (seconds) count as missing.
    """

    http: urllib3.PoolManager
    url: str
    service: str
    rate_window: int
    max_age: float

    def utilisation(self, replicas: int) -> Utilisation:
        """Reads the utilisation of exactly `replicas` replicas. Raises MetricsMissing.

        Containers are told apart by their Swarm task and chosen by their Swarm service: nothing else that runs beside
        them counts. `irate` is exact for a replica that has just started, where `rate` would show too little.
        """
        of = f'{{{SERVICE}="{self.service}"}}'
        quota = f"(container_spec_cpu_quota{of} > 0) / container_spec_cpu_period{of}"
        memory_limit = f"(container_spec_memory_limit_bytes{of} > 0)"
        used = "container_memory_working_set_bytes"
        age = self._by_task(f"time() - timestamp({used}{of})")
        cpu = self._by_task(f"irate(container_cpu_usage_seconds_total{of}[{self.rate_window}s]) / ({quota})")
        memory = self._by_task(f"{used}{of} / {memory_limit}")
        now = self._present(replicas, age)
        cpu, memory = ({task: each[task] for task in now & each.keys()} for each in (cpu, memory))
        if not len(now) == len(cpu) == len(memory) == replicas:
            raise MetricsMissing(
                f"{replicas} replicas are wanted, {len(now)} have samples, "
                f"{len(cpu)} of CPU against a limit, {len(memory)} of memory against a limit"
            )
        return Utilisation(replicas, sum(cpu.values()) / replicas, sum(memory.values()) / replicas)

    def _present(self, replicas: int, age: dict[str, float]) -> set[str]:
        """The tasks with fresh samples. Old ones may be of replicas that have left: a Prometheus that was started anew
        shows what it knew before for five minutes. Where fresh ones are too few, a replica is not measured."""
        if not age:
            raise MetricsMissing(f"Prometheus has no samples of {self.service}")
        fresh = {task for task, seconds in age.items() if seconds <= self.max_age}
        if len(fresh) < min(replicas, len(age)):
            oldest = max(age.values())
            raise MetricsMissing(
                f"the samples of a replica are {oldest:.0f} s old, at most {self.max_age:g} s"
            )
        return fresh

    def _by_task(self, expression: str) -> dict[str, float]:
        """The value for each Swarm task; a container that is scraped twice counts once."""
        query = f"max by ({TASK}) ({expression})"
        try:
            answer = self.http.request("GET", f"{self.url}/api/v1/query", fields={"query": query})
        except urllib3.exceptions.HTTPError as error:
            raise MetricsMissing(f"Prometheus does not answer: {error}") from error
        if answer.status != 200:
            raise MetricsMissing(f"Prometheus answered {answer.status}")
        try:
            samples = json.loads(answer.data)["data"]["result"]
            values = {str(sample["metric"][TASK]): float(sample["value"][1]) for sample in samples}
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise MetricsMissing(f"the answer of Prometheus cannot be read: {error!r}") from error
        return {task: value for task, value in values.items() if math.isfinite(value)}
