"""What a platform tells of copies, services, images and nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class HealthCheck:
    """A container's own health check as it is in force: argv as the engine has it, times in seconds. Empty command: none."""

    command: tuple[str, ...]
    interval: float
    timeout: float
    retries: int
    start_period: float

    @property
    def detection_seconds(self) -> float:
        """The longest time this health check may need to call a container that stopped working unhealthy."""
        return (self.interval + self.timeout) * self.retries


@dataclass(frozen=True)
class Service:
    """One service as the platform declares it. Limits: bytes and cores, 0 where none is set. `update_state`: "" when idle.

    `volumes`: where in the container the volumes are that outlive a copy.
    """

    name: str
    image: str
    desired: int
    memory_limit: int
    cpu_limit: float
    update_state: str
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replica:
    """One running copy of a service. `image_id` is the id of the image it runs; `instance` is what it calls itself in answers.

    `created` is the time (Unix seconds) at which the platform decided to start this copy. `health` is "healthy", "unhealthy",
    "starting" or "" where there is no health check. `restarts` counts restarts of this very container.
    """

    id: str
    service: str
    task: str
    image_id: str
    instance: str
    created: float
    running: bool
    health: str
    restarts: int


@dataclass(frozen=True)
class Ended:
    """One copy that is no more: exit code, whether the kernel ended it for want of memory, and the platform's words."""

    task: str
    exit_code: int | None
    out_of_memory: bool
    message: str


@dataclass(frozen=True)
class Limits:
    """What the kernel enforces on a copy: memory and swap in bytes, processor in cores. None where nothing is enforced.

    `swap` is what the copy may use beside its memory; 0 where it may use none or the machine has none.
    """

    memory: int | None
    swap: int
    cpu: float | None


@dataclass(frozen=True)
class Usage:
    """What a copy has used: processor time since its start in core seconds, memory without inactive file cache in bytes.

    `at` is the platform's own clock in Unix seconds.
    """

    at: float
    processor_seconds: float
    memory: int


@dataclass(frozen=True)
class Ran:
    """The result of a command: exit code, output, seconds."""

    exit_code: int
    output: str
    seconds: float

    @property
    def no_such_command(self) -> bool:
        """Whether it could not even be started: the image has no such command."""
        return self.exit_code in (126, 127)


@dataclass(frozen=True)
class ImageFacts:
    """An image in the engine's store: id (content digest), total bytes, layer ids (diff ids, base first), history lines, user.

    `environment`: the NAME=value settings that are part of it.
    """

    id: str
    size: int
    layers: tuple[str, ...]
    history: tuple[str, ...]
    user: str
    health_check: HealthCheck
    environment: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunsAs:
    """How a container runs, whoever started it. Limits as in `Service`; `environment` is that of its first process.

    What differs from one copy to the next by nature (its host name) is left out.
    """

    image_id: str
    argv: tuple[str, ...]
    user: str
    environment: Mapping[str, str]
    memory_limit: int
    cpu_limit: float


@dataclass(frozen=True)
class Throwaway:
    """A container that the specification made for itself and that its undo removes."""

    id: str
    name: str


@dataclass(frozen=True)
class Published:
    """A port that the engine opens on its machine: for whom, and whether that is a part of the deployment.

    A container that is on one of the deployment's networks is a part of it, too.
    """

    port: int
    by: str
    part: bool


@dataclass(frozen=True)
class Isolation:
    """What a container shares with its machine: namespaces, devices, all rights, folders and files (their paths there)."""

    shared: tuple[str, ...]
    privileged: bool
    devices: tuple[str, ...]
    machine_paths: tuple[str, ...]


@dataclass(frozen=True)
class Store:
    """Where the files at a path of a copy lie: on what kind of thing, and its name.

    `outlives`: the copy that takes this one's place finds the same files there.
    """

    path: str
    kind: str
    name: str
    outlives: bool


@dataclass(frozen=True)
class Belonging:
    """A container, volume or network of a project beside the target. For a container: its service and its image's id."""

    kind: str
    name: str
    service: str = ""
    image_id: str = ""


@dataclass(frozen=True)
class Node:
    """A machine of the platform. `place` is the value of a label that the profile names, such as its region; "" without it."""

    id: str
    name: str
    place: str
    ready: bool


@dataclass(frozen=True)
class Placement:
    """One running copy (`task`) of a service, and the place of the node that it is on."""

    service: str
    place: str
    task: str


@dataclass(frozen=True)
class TrialEnd:
    """How a copy on trial ended: exit code, seconds from the start of its container, its words.

    `exit_code` is None where it could not even be started; then `words` are the platform's.
    """

    exit_code: int | None
    seconds: float
    words: str
