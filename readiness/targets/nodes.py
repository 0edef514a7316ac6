"""The engines of a swarm's nodes: which one has a container, as far as each answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from docker.errors import NotFound

from readiness.core.errors import CannotLook
from readiness.targets.asking import asking
from readiness.targets.engine import Engine


class NodeEngine(Engine):
    """The engine of one node."""

    @cached_property
    def node_id(self) -> str:
        """The id of the node in its swarm."""
        with asking("learn this engine's node"):
            return str(self._client.info()["Swarm"]["NodeID"])

    @property
    def api(self) -> Any:
        """The engine's own API."""
        return self._api

    def container(self, container: str) -> Mapping[str, Any] | None:
        """The inspection of a container; None when it is gone."""
        with asking(f"inspect container {container[:12]}"):
            try:
                return dict(self._api.inspect_container(container))
            except NotFound:
                return None


class Nodes:
    """The nodes that can be looked into, by the addresses of their engines; nothing is contacted before it is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._engines = [NodeEngine(address) for address in addresses or ("",)]
        self._homes: dict[str, NodeEngine] = {}

    def container_on(self, node: str, container: str, task: str) -> Mapping[str, Any] | None:
        """The inspection of a task's container on a node; None when it is gone. CannotLook where the node is not one of these."""
        engine = self._engine_of(node)
        if engine is None:
            raise CannotLook(
                f"task {task} runs on node {node}, which cannot be looked into. Name its engine in the target's profile "
                "(platform.engines), run the specification on that node, or keep the service on this one."
            )
        self._homes[container] = engine
        return engine.container(container)

    def home_of(self, container: str) -> Any:
        """The API of the engine on which a container was seen; the first one's for a container that is new to us."""
        return self._homes.get(container, self._engines[0]).api

    def _engine_of(self, node: str) -> NodeEngine | None:
        """The engine of a node. One that does not answer is another node's, unless it said before that it is this one's."""
        silent: CannotLook | None = None
        for engine in self._engines:
            try:
                if engine.node_id == node:
                    return engine
            except CannotLook as reason:
                silent = reason
        if silent:
            raise silent
        return None
