"""What runs on a stack's networks, and the ports that the engine opens for it and for others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.targets import engine_facts
from readiness.targets.asking import asking
from readiness.targets.engine import Engine
from readiness.targets.platform import Published, Replica
from readiness.targets.swarm_copy import STACK_LABEL

Facts = Mapping[str, Any]


class StackOnEngine(Engine):
    """A stack and the containers that share its networks, on the engine at an address (none: this machine's)."""

    def __init__(self, stack: str, address: str = "") -> None:
        super().__init__(address)
        self._stack = stack

    def companions(self) -> tuple[Replica, ...]:
        """Containers beside the stack on its networks."""
        networks = self._networks()
        with asking("list the running containers"):
            found = self._api.containers()
        return tuple(
            engine_facts.companion_of(self._inspected(each["Id"]))
            for each in found
            if self._is_near(each, networks) and not self._labelled(each.get("Labels"))
        )

    def is_part(self, container_id: str) -> bool:
        """Whether a running container belongs to the stack or is on one of its networks."""
        with asking(f"look for container {container_id[:12]}"):
            found = self._api.containers(filters={"id": container_id})
        networks = self._networks()
        return any(self._is_near(each, networks) for each in found)

    def published(self) -> tuple[Published, ...]:
        """Ports of containers, and those that Swarm opens on every node for a service."""
        with asking("list the published ports"):
            containers, services = self._api.containers(), self._api.services()
        networks = self._networks()
        return (
            *(
                Published(port["PublicPort"], each["Names"][0].lstrip("/"), self._is_near(each, networks))
                for each in containers
                for port in each.get("Ports") or ()
                if port.get("PublicPort") and port["Type"] == "tcp"
            ),
            *(
                Published(
                    port["PublishedPort"], each["Spec"]["Name"], self._labelled(each["Spec"].get("Labels"))
                )
                for each in services
                for port in (each.get("Endpoint") or {}).get("Ports") or ()
                if port["Protocol"] == "tcp" and port.get("PublishedPort")
            ),
        )

    def _networks(self) -> frozenset[str]:
        with asking(f"list the networks of stack {self._stack}"):
            found = self._api.networks(filters={"label": f"{STACK_LABEL}={self._stack}"})
        return frozenset(each["Name"] for each in found)

    def _is_near(self, container: Facts, networks: frozenset[str]) -> bool:
        on = (container.get("NetworkSettings") or {}).get("Networks") or {}
        return self._labelled(container.get("Labels")) or not networks.isdisjoint(on)

    def _labelled(self, labels: Mapping[str, str] | None) -> bool:
        return (labels or {}).get(STACK_LABEL) == self._stack
