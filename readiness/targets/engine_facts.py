"""What a container engine's API says, turned into the words of `readiness.targets.platform`. Pure: no engine is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from readiness.targets.platform import (
    Ended,
    HealthCheck,
    ImageFacts,
    Isolation,
    Node,
    Replica,
    RunsAs,
    Service,
    Usage,
)

Facts = Mapping[str, Any]

NANO = 1_000_000_000
DEFAULT_HEALTH_SECONDS = 30.0
DEFAULT_HEALTH_RETRIES = 3
OF_THE_COPY = frozenset({"HOSTNAME", "HOME"})  # given by the engine, not by anybody's settings
UNLIMITED_FROM = 1 << 60  # the first cgroup version says "no limit" with the largest number of pages


def unix_seconds(timestamp: str) -> float:
    """An RFC 3339 timestamp of the engine as Unix seconds."""
    return datetime.fromisoformat(timestamp).timestamp()


def health_check_of(config: Facts | None) -> HealthCheck:
    """A health check from an engine's `Healthcheck` block, with the engine's defaults for what it leaves out."""
    block = config or {}
    command = tuple(block.get("Test") or ())
    return HealthCheck(
        command=() if command[:1] == ("NONE",) else command,
        interval=(block.get("Interval") or 0) / NANO or DEFAULT_HEALTH_SECONDS,
        timeout=(block.get("Timeout") or 0) / NANO or DEFAULT_HEALTH_SECONDS,
        retries=block.get("Retries") or DEFAULT_HEALTH_RETRIES,
        start_period=(block.get("StartPeriod") or 0) / NANO,
    )


def health_block(check: HealthCheck) -> dict[str, Any]:
    """The engine's block for a health check: the opposite of `health_check_of`."""
    return {
        "test": list(check.command) or ["NONE"],
        "interval": round(check.interval * NANO),
        "timeout": round(check.timeout * NANO),
        "retries": check.retries,
        "start_period": round(check.start_period * NANO),
    }


def service_of(name: str, attributes: Facts, nodes: int) -> Service:
    """A service from its inspection. A global service is meant to run once on each node."""
    spec = attributes["Spec"]
    template = spec["TaskTemplate"]
    limits = (template.get("Resources") or {}).get("Limits") or {}
    replicated = spec["Mode"].get("Replicated")
    update = (attributes.get("UpdateStatus") or {}).get("State", "")
    return Service(
        name=name,
        image=template["ContainerSpec"]["Image"],
        desired=replicated["Replicas"] if replicated else nodes,
        memory_limit=limits.get("MemoryBytes", 0),
        cpu_limit=limits.get("NanoCPUs", 0) / NANO,
        update_state="" if update in ("completed", "rollback_completed") else update,
        volumes=tuple(
            mount["Target"] for mount in template["ContainerSpec"].get("Mounts") or () if is_volume(mount)
        ),
    )


def node_of(attributes: Facts, label: str) -> Node:
    """A node from its inspection; ready is one that answers the managers, whether it takes new tasks or not."""
    labels = attributes["Spec"].get("Labels") or {}
    name = attributes["Description"]["Hostname"]
    return Node(attributes["ID"], name, labels.get(label, ""), attributes["Status"]["State"] == "ready")


def is_volume(mount: Facts) -> bool:
    """Whether a mount is a named volume, which outlives the container."""
    return mount.get("Type") == "volume" and bool(mount.get("Source"))


def is_everlasting(attributes: Facts) -> bool:
    """Whether a service is meant to run for ever (replicated or global), not a job that ends."""
    return bool({"Replicated", "Global"} & set(attributes["Spec"]["Mode"]))


def replica_of(service: str, task: Facts, container: Facts) -> Replica:
    """A copy from its task and the inspection of its container."""
    state = container["State"]
    return Replica(
        id=container["Id"],
        service=service,
        task=task["ID"],
        image_id=container["Image"],
        instance=container["Config"]["Hostname"],
        created=unix_seconds(task["CreatedAt"]),
        running=bool(state["Running"]),
        health=health_of(state),
        restarts=container.get("RestartCount", 0),
    )


def companion_of(container: Facts) -> Replica:
    """A container that no service started, from its inspection."""
    state = container["State"]
    return Replica(
        id=container["Id"],
        service=container["Name"].lstrip("/"),
        task="",
        image_id=container["Image"],
        instance=container["Config"]["Hostname"],
        created=unix_seconds(container["Created"]),
        running=bool(state["Running"]),
        health=health_of(state),
        restarts=container.get("RestartCount", 0),
    )


def isolation_of(container: Facts) -> Isolation:
    """What a running container shares with its machine, from its inspection."""
    host = container["HostConfig"]
    modes = {
        "network": host.get("NetworkMode", ""),
        "processes": host.get("PidMode", ""),
        "memory": host.get("IpcMode", ""),
        "host name": host.get("UTSMode", ""),
    }
    return Isolation(
        shared=tuple(name for name, mode in modes.items() if mode == "host"),
        privileged=bool(host.get("Privileged")),
        devices=tuple(each["PathOnHost"] for each in host.get("Devices") or ()),
        machine_paths=tuple(
            each["Source"] for each in container.get("Mounts") or () if each.get("Type") == "bind"
        ),
    )


def health_of(state: Facts) -> str:
    """ "healthy", "unhealthy", "starting", or "" where there is no health check."""
    status = (state.get("Health") or {}).get("Status", "")
    return "" if status == "none" else status


def ended_of(task: Facts, container: Facts | None) -> Ended:
    """A copy that ended, from its task and what is left of its container."""
    status = task["Status"]
    told = status.get("ContainerStatus") or {}
    state = (container or {}).get("State") or {}
    return Ended(
        task=task["ID"],
        exit_code=state.get("ExitCode", told.get("ExitCode")),
        out_of_memory=bool(state.get("OOMKilled", False)),
        message=f"{status['State']}: {status.get('Err') or status.get('Message', '')}",
    )


def image_of(attributes: Facts, history: Sequence[Facts]) -> ImageFacts:
    """An image from its inspection and its history, oldest line first."""
    config = attributes.get("Config") or {}
    return ImageFacts(
        id=attributes["Id"],
        size=attributes["Size"],
        layers=tuple((attributes.get("RootFS") or {}).get("Layers") or ()),
        history=tuple(line.get("CreatedBy", "") for line in reversed(history)),
        user=config.get("User", ""),
        health_check=health_check_of(config.get("Healthcheck")),
        environment=tuple(config.get("Env") or ()),
    )


def runs_as_of(container: Facts, told: str | None) -> RunsAs:
    """How a container runs, from its inspection; `told` is the environment of its first process as the kernel has it.

    Of a variable that the container was started with, the kernel's value counts. What the program gave itself does not.
    """
    config, host = container["Config"], container["HostConfig"]
    given = _pairs(config.get("Env") or ())
    now = given if told is None else _pairs(told.split("\0"))
    environment = {name: now.get(name, "") for name in sorted(given)}
    return RunsAs(
        image_id=container["Image"],
        argv=(container["Path"], *container["Args"]),
        user=config.get("User", ""),
        environment={name: value for name, value in sorted(environment.items()) if name not in OF_THE_COPY},
        memory_limit=host.get("Memory") or 0,
        cpu_limit=(host.get("NanoCpus") or 0) / NANO
        or (host.get("CpuQuota") or 0) / (host.get("CpuPeriod") or 100_000),
    )


def _pairs(lines: Iterable[str]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines if "=" in line)


def peak_resident_of(statuses: str) -> int:
    """Bytes: the sum of the processes' own peaks, from the lines `VmHWM` of `/proc/*/status`."""
    lines = (line.split() for line in statuses.splitlines())
    return sum(int(words[1]) * 1024 for words in lines if words[:1] == ["VmHWM:"])


def usage_of(sample: Facts) -> Usage:
    """Usage from one sample of the engine's statistics, of either cgroup version."""
    memory = sample["memory_stats"]
    details = memory.get("stats") or {}
    cache = details.get("total_inactive_file", details.get("inactive_file", 0))
    return Usage(
        at=unix_seconds(sample["read"]),
        processor_seconds=sample["cpu_stats"]["cpu_usage"]["total_usage"] / NANO,
        memory=max(0, memory.get("usage", 0) - cache),
    )


def memory_limit_of(text: str | None) -> int | None:
    """Bytes of a cgroup memory file (`memory.limit_in_bytes`, `memory.max`); None where nothing is enforced."""
    value = (text or "max").strip()
    if value == "max" or int(value) >= UNLIMITED_FROM:
        return None
    return int(value)


def cpu_limit_of(quota: str | None, period: str | None) -> float | None:
    """Cores of a quota and a period in microseconds; None where nothing is enforced."""
    value = (quota or "max").strip()
    if value == "max" or int(value) <= 0:
        return None
    return int(value) / int(period or 100_000)


def total_swap_of(meminfo: str | None) -> int:
    """Bytes of swap that the machine has, from `/proc/meminfo`."""
    lines = (line.split() for line in (meminfo or "").splitlines())
    return next((int(line[1]) * 1024 for line in lines if line and line[0] == "SwapTotal:"), 0)
