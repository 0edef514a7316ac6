"""Reads what a container uses from its control groups, version 1 or 2, as the kernel counts it."""

from dataclasses import dataclass
from pathlib import Path

# Version 1 says "no limit" with the largest number of whole pages, which depends on the page size.
NO_LIMIT_FROM = 1 << 62


class NoControlGroup(LookupError):
    """The container has no control group here: it has just ended, or the engine keeps them elsewhere."""


@dataclass(frozen=True)
class Usage:
    """Numbers of one container. Limits are 0 where there is none, as cAdvisor shows them."""

    cpu_seconds: float
    cpu_periods: int
    cpu_throttled_periods: int
    cpu_throttled_seconds: float
    cpu_quota_us: int
    cpu_period_us: int
    memory_bytes: int
    memory_inactive_file_bytes: int
    memory_rss_bytes: int
    memory_cache_bytes: int
    memory_limit_bytes: int
    oom_kills: int
    threads: int

    @property
    def memory_working_set_bytes(self) -> int:
        """Memory in use without the page cache that the kernel can take back at once."""
        return max(0, self.memory_bytes - self.memory_inactive_file_bytes)


def read_usage(root: Path, container_id: str) -> Usage:
    """Reads the usage of a container; `root` is where /sys/fs/cgroup is mounted. Raises NoControlGroup."""
    version_2 = (root / "cgroup.controllers").exists()
    try:
        return _read_version_2(root, container_id) if version_2 else _read_version_1(root, container_id)
    except OSError as error:
        raise NoControlGroup(f"{container_id[:12]}: {error}") from error


def _read_version_2(root: Path, container_id: str) -> Usage:
    group = _find(root, container_id)
    cpu, memory = _table(group / "cpu.stat"), _table(group / "memory.stat")
    quota, period = (group / "cpu.max").read_text().split()
    return Usage(
        cpu_seconds=cpu["usage_usec"] / 1e6,
        cpu_periods=cpu.get("nr_periods", 0),
        cpu_throttled_periods=cpu.get("nr_throttled", 0),
        cpu_throttled_seconds=cpu.get("throttled_usec", 0) / 1e6,
        cpu_quota_us=_limit(quota),
        cpu_period_us=int(period),
        memory_bytes=_number(group / "memory.current"),
        memory_inactive_file_bytes=memory["inactive_file"],
        memory_rss_bytes=memory["anon"],
        memory_cache_bytes=memory["file"],
        memory_limit_bytes=_limit((group / "memory.max").read_text()),
        oom_kills=_table(group / "memory.events").get("oom_kill", 0),
        threads=_number(group / "pids.current"),
    )


def _read_version_1(root: Path, container_id: str) -> Usage:
    cpu_group, memory_group = _find(root / "cpu", container_id), _find(root / "memory", container_id)
    cpu, memory = _table(cpu_group / "cpu.stat"), _table(memory_group / "memory.stat")
    return Usage(
        cpu_seconds=_number(_find(root / "cpuacct", container_id) / "cpuacct.usage") / 1e9,
        cpu_periods=cpu["nr_periods"],
        cpu_throttled_periods=cpu["nr_throttled"],
        cpu_throttled_seconds=cpu["throttled_time"] / 1e9,
        cpu_quota_us=max(0, _number(cpu_group / "cpu.cfs_quota_us")),
        cpu_period_us=_number(cpu_group / "cpu.cfs_period_us"),
        memory_bytes=_number(memory_group / "memory.usage_in_bytes"),
        memory_inactive_file_bytes=memory["total_inactive_file"],
        memory_rss_bytes=memory["total_rss"],
        memory_cache_bytes=memory["total_cache"],
        memory_limit_bytes=_limit((memory_group / "memory.limit_in_bytes").read_text()),
        oom_kills=_table(memory_group / "memory.oom_control").get("oom_kill", 0),
        threads=_number(_find(root / "pids", container_id) / "pids.current"),
    )


def _find(hierarchy: Path, container_id: str) -> Path:
    """Finds a container's group: where the cgroupfs or the systemd driver puts it, else anywhere below."""
    usual = (hierarchy / "docker" / container_id, hierarchy / "system.slice" / f"docker-{container_id}.scope")
    for path in usual:
        if path.is_dir():
            return path
    for path in hierarchy.glob(f"**/*{container_id}*"):
        if path.is_dir():
            return path
    raise NoControlGroup(f"{container_id[:12]}: no control group below {hierarchy}")


def _table(path: Path) -> dict[str, int]:
    """Reads lines of `name number`; other lines are left out."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _number(path: Path) -> int:
    return int(path.read_text())


def _limit(text: str) -> int:
    text = text.strip()
    value = 0 if text == "max" else int(text)
    return 0 if value >= NO_LIMIT_FROM else value
