"""How every running container is confined, as the kernel and the engine know it of the container, not of its description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.targets.platform import Isolation, Limits, Platform, Replica
from readiness.targets.target import Target

PROCESSES = ("sh", "-c", "cat /proc/[0-9]*/status; echo; cat /proc/self/mountinfo")
PROCESS_LIMITS = ("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max")
ENGINES_OWN_INIT = ("docker-init", "tini", "catatonit")
SANDBOX_FILTER = "2"
AT_ONCE = 4


@dataclass(frozen=True)
class Process:
    """One process. `users`: real, effective, saved and file-system user; `capabilities`: those it has or could get."""

    name: str
    pid: int
    parent: int
    users: tuple[int, ...]
    capabilities: int
    no_new_privileges: bool
    filtered: bool


@dataclass(frozen=True)
class Confinement:
    """One running container: part it is of, the image it runs and the one that is declared, its processes and its limits.

    `processes` are those that it started itself, without the engine's own helper; `process_limit` is None where there is none.
    """

    part: str
    copy: str
    image: str
    declared_image: str
    health: str
    processes: tuple[Process, ...]
    read_only: bool
    isolation: Isolation
    limits: Limits
    process_limit: int | None


@dataclass(frozen=True, kw_only=True)
class Confinements(Observation):
    """Every copy of every part, and what stands on its networks besides. Examined: containers."""

    containers: tuple[Confinement, ...]


def look_at_confinement(target: Target) -> Confinements:
    """Look into every container of the deployment. CannotLook when one of them cannot be looked into."""
    platform = target.platform
    parts = platform.services()
    declared = {each.name: platform.image(each.image).id for each in parts}
    copies = [copy for each in parts for copy in platform.replicas(each.name)]
    beside = list(platform.companions())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = pool.map(lambda copy: _confinement(platform, copy, declared), [*copies, *beside])
        containers = tuple(seen)
    return Confinements(examined=len(containers), containers=containers)


def _confinement(platform: Platform, copy: Replica, declared: dict[str, str]) -> Confinement:
    ran = platform.run_inside(copy.id, PROCESSES, timeout=15)
    told, _, mounts = ran.output.partition("\n\n")
    processes = tuple(own_processes(list(processes_of(told))))
    if not processes or not mounts.strip():
        raise CannotLook(
            f"the processes of {copy.service} ({copy.instance}) cannot be seen: its image needs sh and cat. {ran.output[:200]}"
        )
    return Confinement(
        part=copy.service,
        copy=copy.instance,
        image=copy.image_id,
        declared_image=declared.get(copy.service, copy.image_id),
        health=copy.health,
        processes=processes,
        read_only=root_is_read_only(mounts),
        isolation=platform.isolation(copy.id),
        limits=platform.limits(copy.id),
        process_limit=_process_limit(platform, copy.id),
    )


def processes_of(text: str) -> Iterator[Process]:
    """The processes from the text of `/proc/*/status` files, one after the other."""
    fields: dict[str, str] = {}
    for line in [*text.splitlines(), "Name:"]:
        name, _, value = line.partition(":")
        if name == "Name" and "NoNewPrivs" in fields:
            yield _process(fields)
            fields = {}
        fields[name] = value.strip()


def _process(fields: dict[str, str]) -> Process:
    sets = (fields.get(name, "0") for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
    capabilities = 0
    for each in sets:
        capabilities |= int(each, 16)
    return Process(
        name=fields.get("Name", ""),
        pid=int(fields.get("Pid", "0")),
        parent=int(fields.get("PPid", "0")),
        users=tuple(int(each) for each in fields.get("Uid", "").split()),
        capabilities=capabilities,
        no_new_privileges=fields["NoNewPrivs"] == "1",
        filtered=fields.get("Seccomp", "") == SANDBOX_FILTER,
    )


def own_processes(seen: Sequence[Process]) -> Iterator[Process]:
    """The first process and its descendants, without the engine's own init. What the engine started besides (a health check,
    ourselves) has a parent outside, as the first one has, and another number.
    """
    known = {1}
    for each in sorted(seen, key=lambda each: each.pid):
        if each.pid == 1 or each.parent in known:
            known.add(each.pid)
            if not (each.pid == 1 and each.name in ENGINES_OWN_INIT):
                yield each


def root_is_read_only(mounts: str) -> bool:
    """Whether the root file system, by the kernel's table of mounts (`mountinfo`), can be read only."""
    roots = [line.split() for line in mounts.splitlines() if len(line.split()) > 5 and line.split()[4] == "/"]
    return bool(roots) and "ro" in roots[-1][5].split(",")


def _process_limit(platform: Platform, copy: str) -> int | None:
    for path in PROCESS_LIMITS:
        text = platform.read_inside(copy, path)
        if text is not None:
            return None if text.strip() == "max" else int(text)
    raise CannotLook(
        f"the limit of processes of container {copy[:12]} cannot be read: no control group is visible"
    )
