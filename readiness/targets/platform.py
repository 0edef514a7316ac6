"""What the specification needs of the platform that runs containers; adapters implement it, nobody else talks to an engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from readiness.core.deployments import Part, PeakMemory
from readiness.targets.facts import (
    Belonging,
    Ended,
    HealthCheck,
    ImageFacts,
    Isolation,
    Limits,
    Node,
    Placement,
    Published,
    Ran,
    Replica,
    RunsAs,
    Service,
    Store,
    Throwaway,
    TrialEnd,
    Usage,
)

__all__ = [
    "Belonging",
    "Ended",
    "HealthCheck",
    "ImageFacts",
    "Isolation",
    "Limits",
    "Node",
    "Placement",
    "Platform",
    "Published",
    "Ran",
    "Replica",
    "RunsAs",
    "Service",
    "Store",
    "Throwaway",
    "TrialEnd",
    "Usage",
]


class Platform(Protocol):
    """A container platform. Methods raise `CannotLook` with what, where and why when the platform does not answer.

    Whatever changes the target is called through `readiness.actions`, which registers the undo first.
    """

    def service(self, name: str) -> Service: ...

    def services(self) -> tuple[Service, ...]:
        """All services of this deployment that are meant to run for ever."""

    def deployment(self) -> tuple[Part, ...]:
        """The deployment as the platform has it; which secrets have a value is looked up where they are used."""

    def peak_memory(self, service: str) -> tuple[PeakMemory, ...]:
        """The most memory that each copy of a service has had so far; empty where no copy runs."""

    def replicas(self, service: str) -> tuple[Replica, ...]:
        """The copies of a service that run now and are meant to."""

    def ended(self, service: str) -> tuple[Ended, ...]:
        """The copies of a service that the platform remembers as ended, newest first."""

    def health_check(self, service: str) -> HealthCheck:
        """The health check in force: the service's own where it sets one, otherwise its image's."""

    def run_inside(
        self,
        replica_id: str,
        argv: Sequence[str],
        *,
        timeout: float,
        settings: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run a command in the container of a copy; `no_such_command` where the image has none of that name.

        `settings` become its environment, where a secret is safer than among the arguments.
        """

    def start_inside(self, replica_id: str, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a command in the container of a copy, with these variables beside its own; returns at once."""

    def read_inside(self, replica_id: str, path: str) -> str | None:
        """The text of a small file in the container; None where there is none. Kernel files need `cat` in the image."""

    def store(self, copy: Replica, path: str) -> Store:
        """Where the files at a path of a copy lie."""

    def written(self, replica_id: str) -> tuple[str, ...]:
        """What a copy has changed in its own container, beside everything that is mounted there."""

    def runs_as(self, container_id: str) -> RunsAs:
        """How a copy, or a container of another project, runs; by its id or its name."""

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

    def nodes(self, label: str) -> tuple[Node, ...]:
        """The platform's nodes, each with the value of a label of theirs."""

    def placements(self, label: str) -> tuple[Placement, ...]:
        """The copies that run now on ready nodes, by that label; also while some nodes do not answer."""

    def scale(self, service: str, copies: int) -> None:
        """Ask for a number of copies; returns at once."""

    def renew(self, service: str) -> None:
        """Ask for every copy of a service to be replaced by a new one of the same kind; returns at once."""

    def signal(self, replica_id: str, name: str) -> None:
        """Send a signal (SIGSTOP, SIGCONT, SIGKILL …) to the first process of a copy or of a throwaway."""

    def start_clone(self, service: str, name: str, argv: Sequence[str], *, volume: str = "") -> None:
        """Start a one-copy service with a service's image, limits and restart policy that runs `argv` alone.

        It has no network, volume, secret, setting or health check of the original. `volume`: a path at which it has an empty
        volume of its own, which goes with it.
        """

    def start_sibling(self, service: str, name: str, *, same_volumes: bool = False) -> None:
        """Start a one-copy service with everything of a service, but no visitors, and volumes of its own, which are empty.

        `same_volumes`: with the service's volumes instead. It is rolled out as the service is.
        """

    def settings(self, service: str) -> Mapping[str, str]:
        """The settings that a service is declared with, beside those of its image."""

    def change_settings(self, service: str, settings: Mapping[str, str | None]) -> None:
        """Roll out a service with some settings changed; None takes one away. Returns at once."""

    def change_image(self, service: str, image: str) -> None:
        """Roll out a service with another image, and nothing else changed. Returns at once."""

    def update_state(self, service: str) -> str:
        """How the last rollout of a service went, in the platform's words; "" when it never had one."""

    def writings(self) -> Iterator[tuple[str, str]]:
        """All that the platform has in writing about this deployment, secrets apart: what it is, and its text."""

    def start_trial(
        self,
        service: str,
        name: str,
        settings: Mapping[str, str | None],
        secrets: Mapping[str, bytes | None],
    ) -> None:
        """Start one copy like a service's, without visitors, that is not started again when it ends.

        Some of its settings and secrets (by their paths) are other ones, or there are more of them; None takes one away. Its
        volumes are its own, and empty.
        """

    def trial_end(self, name: str) -> TrialEnd | None:
        """How a copy on trial ended; None while it has not."""

    def remove_trial(self, name: str) -> None:
        """Remove a copy on trial with the secrets that were made for it; nothing happens when it is gone."""

    def make_copy(self, name: str, copies: Mapping[str, int]) -> None:
        """Make a copy of the deployment beside it, of these services in this order, with so many copies each.

        Everything is as it is declared now, secrets included, but for networks and volumes of its own, which lead nowhere
        and are empty, and for public ports, of which it has none. CannotLook when something would reach what is not its own.
        """

    def copied(self, name: str) -> Platform:
        """The platform of a copy of the deployment."""

    def remove_copy(self, name: str) -> None:
        """Remove a copy of the deployment with its networks and volumes; nothing happens when it is gone."""

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

    def hold_volumes(self, replica_ids: Sequence[str], name: str) -> None:
        """Keep the engine from removing a volume of these copies, with a container of our own that uses it and never runs."""

    def throwaway_health(self, container_id: str) -> str:
        """Its health as in `Replica.health`, or "ended" when it does not run any more."""

    def remove_container(self, name: str) -> None:
        """Remove a container that the specification made; nothing happens when it is gone."""

    def remove_image(self, reference: str) -> None:
        """Take a tag from an image, and all others of the same name; nothing happens when it is gone."""

    def belongings(self, project: str) -> tuple[Belonging, ...]:
        """All containers (ended ones too), volumes and networks of a project beside the target, such as another environment."""

    def remove_belongings(self, project: str) -> None:
        """Remove them all at once; nothing happens when they are gone."""
