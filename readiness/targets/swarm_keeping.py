"""How Swarm keeps secrets: since when, and what of it stands on the disk of its engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from readiness.targets.asking import asking
from readiness.targets.engine import OURS, THROWAWAY_MEMORY, THROWAWAY_PROCESSES
from readiness.targets.engine_facts import unix_seconds
from readiness.targets.platform import Disk, Stored
from readiness.targets.swarm_writings import STACK_LABEL

Facts = Mapping[str, Any]

FOLDERS = ("volumes", "swarm", "containers")
# Swarm's log is encrypted; the key to that is in a file beside it, which is encrypted, too, when Swarm locks itself.
CLOSED = (
    "sh",
    "-c",
    'grep -q "ENCRYPTED PRIVATE KEY" /disk/swarm/certificates/swarm-node.key && echo closed || echo open',
)


class SwarmKeeping:
    """The part of the Swarm adapter that knows how secrets are kept."""

    _api: Any
    _client: Any
    _stack: str

    def kept_secrets(self) -> tuple[Stored, ...]:
        """The secrets that services of the stack have now, by Swarm's own records."""
        with asking(f"list the secrets of stack {self._stack}"):
            services = self._api.services(filters={"label": f"{STACK_LABEL}={self._stack}"})
            created = {each["ID"]: unix_seconds(each["CreatedAt"]) for each in self._api.secrets()}
        used = {each["SecretID"]: str(each["SecretName"]) for each in secrets_of(services)}
        return tuple(Stored(name, created[secret]) for secret, name in used.items() if secret in created)

    def start_at_disk(self, image: str, name: str, argv: Sequence[str]) -> Disk:
        """Start a container of our own, on no network, that may read all that the engine keeps on its disk, at /disk.

        What it writes at /planted lies on that disk, too, and goes with it.
        """
        with asking("start a container at the engine's disk"):
            root = self._client.info()["DockerRootDir"]
            container = self._client.containers.run(
                image,
                name=name,
                entrypoint=list(argv),
                healthcheck={"test": ["NONE"]},
                network_mode="none",
                volumes=[f"{root}:/disk:ro", "/planted"],
                user="0",
                cap_drop=["ALL"],
                cap_add=["DAC_READ_SEARCH"],
                read_only=True,
                mem_limit=THROWAWAY_MEMORY,
                pids_limit=THROWAWAY_PROCESSES,
                security_opt=["no-new-privileges"],
                labels=OURS,
                detach=True,
            )
        return Disk(str(container.id), FOLDERS, CLOSED)


def secrets_of(services: Sequence[Facts]) -> list[Facts]:
    """All secrets in the declarations of services."""
    return [
        secret
        for each in services
        for secret in each["Spec"]["TaskTemplate"]["ContainerSpec"].get("Secrets") or ()
    ]
