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
        return (self.interval + self.timeout) * (self.retries + 1)


@dataclass(frozen=True)
class Service:
    """One service as the platform declares it. Limits: bytes and cores, 0 where none is set. `update_state`: "" when idle."""

    name: str
    image: str
    desired: int
    memory_limit: int
    cpu_limit: float
    update_state: str


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
class Ran:
    """The result of a command: exit code, output, seconds."""

    exit_code: int
    output: str
    seconds: float


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


class Platform(Protocol):
    """A container platform. Methods raise `CannotLook` with what, where and why when the platform does not answer.

    Whatever changes the target is called through `readiness.actions`, which registers the undo first.
    """

    def service(self, name: str) -> Service: ...

    def services(self) -> tuple[Service, ...]:
        """All services of this deployment."""

    def replicas(self, service: str) -> tuple[Replica, ...]:
        """The copies of a service that run now."""

    def ended(self, service: str) -> tuple[Ended, ...]:
        """The copies of a service that the platform remembers as ended, newest first."""

    def health_check(self, service: str) -> HealthCheck:
        """The health check in force: the service's own where it sets one, otherwise its image's."""

    def run_inside(self, replica_id: str, argv: Sequence[str], *, timeout: float) -> Ran:
        """Run a command in the container of a copy."""

    def read_inside(self, replica_id: str, path: str) -> str | None:
        """The text of a small file in the container; None where there is none. Works without any tool in the image."""

    def processor_seconds(self, replica_id: str) -> float:
        """Processor time used by a copy since its start, in core seconds."""

    def memory_bytes(self, replica_id: str) -> int:
        """Memory in use by a copy (working set: without inactive file cache), in bytes."""

    def image(self, reference: str) -> ImageFacts: ...

    def export_image(self, reference: str) -> Iterator[bytes]:
        """The image as a tar stream in the OCI/docker-archive layout."""

    def scale(self, service: str, copies: int) -> None: ...

    def signal(self, replica_id: str, name: str) -> None:
        """Send a signal (SIGSTOP, SIGCONT, SIGKILL …) to the first process of a copy."""

    def start_clone(self, service: str, name: str, argv: Sequence[str]) -> None:
        """Start a one-copy service with the service's image, limits and restart policy, running `argv`, on no network or volume."""

    def remove_service(self, name: str) -> None: ...

    def start_throwaway(
        self, image: str, name: str, argv: Sequence[str], *, health_check: HealthCheck | None, environment: Sequence[str] = ()
    ) -> Throwaway:
        """Start a container on no network, bounded in memory and processes, labelled as the specification's own."""

    def throwaway_health(self, container_id: str) -> str: ...

    def remove_container(self, name: str) -> None: ...

    def remove_image(self, reference: str) -> None: ...
