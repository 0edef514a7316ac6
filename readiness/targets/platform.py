"""What the specification needs of the platform that runs containers; adapters implement it, nobody else talks to an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


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
    """An image in the engine's store: id (content digest), total bytes, layer ids (diff ids, base first), history lines, user."""

    id: str
    size: int
    layers: tuple[str, ...]
    history: tuple[str, ...]
    user: str
    health_check: HealthCheck


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
class Belonging:
    """A container, volume or network of a project beside the target. For a container: its service and its image's id."""

    kind: str
    name: str
    service: str = ""
    image_id: str = ""


class Platform(Protocol):
    """A container platform. Methods raise `CannotLook` with what, where and why when the platform does not answer.

    Whatever changes the target is called through `readiness.actions`, which registers the undo first.
    """

    def service(self, name: str) -> Service: ...

    def services(self) -> tuple[Service, ...]:
        """All services of this deployment that are meant to run for ever."""

    def replicas(self, service: str) -> tuple[Replica, ...]:
        """The copies of a service that run now and are meant to."""

    def ended(self, service: str) -> tuple[Ended, ...]:
        """The copies of a service that the platform remembers as ended, newest first."""

    def health_check(self, service: str) -> HealthCheck:
        """The health check in force: the service's own where it sets one, otherwise its image's."""

    def run_inside(self, replica_id: str, argv: Sequence[str], *, timeout: float) -> Ran:
        """Run a command in the container of a copy; `no_such_command` where the image has none of that name."""

    def read_inside(self, replica_id: str, path: str) -> str | None:
        """The text of a small file in the container; None where there is none. Kernel files need `cat` in the image."""

    def limits(self, replica_id: str) -> Limits:
        """The limits in force, as the kernel tells them inside the copy."""

    def usage(self, replica_id: str) -> Usage:
        """What a copy has used up to now; looking costs the copy nothing."""

    def addresses(self, replica_id: str) -> tuple[str, ...]:
        """The addresses that a copy has on the deployment's networks."""

    def logs(self, replica_id: str, lines: int) -> str:
        """The newest lines that a copy wrote, output and errors together."""

    def isolation(self, replica_id: str) -> Isolation:
        """What a running container shares with its machine."""

    def companions(self) -> tuple[Replica, ...]:
        """Containers that are no copy of a service and stand on the deployment's networks; `service` is their name."""

    def published(self) -> tuple[Published, ...]:
        """All ports that the engine opens on this machine, on whatever address."""

    def is_part(self, container_id: str) -> bool:
        """Whether a container is a part of the deployment, or on one of its networks."""

    def image(self, reference: str) -> ImageFacts: ...

    def export_image(self, reference: str) -> Iterator[bytes]:
        """The image as a tar stream in the OCI/docker-archive layout."""

    def scale(self, service: str, copies: int) -> None:
        """Ask for a number of copies; returns at once."""

    def renew(self, service: str) -> None:
        """Ask for every copy of a service to be replaced by a new one of the same kind; returns at once."""

    def signal(self, replica_id: str, name: str) -> None:
        """Send a signal (SIGSTOP, SIGCONT, SIGKILL …) to the first process of a copy or of a throwaway."""

    def start_clone(self, service: str, name: str, argv: Sequence[str]) -> None:
        """Start a one-copy service with a service's image, limits and restart policy that runs `argv` alone.

        It has no network, volume, secret, setting or health check of the original.
        """

    def start_sibling(self, service: str, name: str) -> None:
        """Start a one-copy service with everything of a service, but volumes of its own, which are empty, and no visitors."""

    def remove_service(self, name: str) -> None:
        """Remove a service that the specification made; nothing happens when it is gone."""

    def start_throwaway(
        self,
        image: str,
        name: str,
        argv: Sequence[str],
        *,
        health_check: HealthCheck | None,
        environment: Sequence[str] = (),
    ) -> Throwaway:
        """Start a container on no network, bounded in memory and processes, labelled as the specification's own.

        No `argv`: the image's own command. No `health_check`: the image's own.
        """

    def start_beside(self, replica_id: str, image: str, name: str, argv: Sequence[str]) -> Throwaway:
        """Start a container of our own beside a copy: in its network, as its user, with what it mounts of the machine.

        It can change nothing: everything is mounted for reading only, and it has no capability.
        """

    def throwaway_health(self, container_id: str) -> str:
        """Its health as in `Replica.health`, or "ended" when it does not run any more."""

    def remove_container(self, name: str) -> None:
        """Remove a container that the specification made; nothing happens when it is gone."""

    def remove_image(self, reference: str) -> None:
        """Take a tag from an image; nothing happens when it is gone."""

    def belongings(self, project: str) -> tuple[Belonging, ...]:
        """All containers (ended ones too), volumes and networks of a project beside the target, such as another environment."""

    def remove_belongings(self, project: str) -> None:
        """Remove them all at once; nothing happens when they are gone."""
