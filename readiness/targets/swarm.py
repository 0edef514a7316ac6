"""A stack on Docker Swarm, asked through the engine's API. Copies on other nodes cannot be looked into from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docker.errors import APIError, NotFound

from readiness.core.errors import CannotLook
from readiness.targets import engine_facts
from readiness.targets.engine import LABEL, OURS, Engine, already_gone, asking
from readiness.targets.platform import Ended, HealthCheck, Published, Replica, Service

Facts = Mapping[str, Any]

STACK_LABEL = "com.docker.stack.namespace"
KEPT_OF_CONTAINER = (
    "Image",
    "User",
    "Groups",
    "ReadOnly",
    "CapabilityDrop",
    "CapabilityAdd",
    "Init",
    "Ulimits",
    "StopGracePeriod",
)
KEPT_OF_TASK = ("Resources", "RestartPolicy", "Placement", "LogDriver")
ENDED_STATES = frozenset({"complete", "failed", "shutdown", "rejected", "orphaned"})
UPDATE_ATTEMPTS = 5


class SwarmPlatform(Engine):
    """The platform protocol over Swarm. Services are named as in the stack's file, without the stack's name."""

    def __init__(self, stack: str) -> None:
        super().__init__()
        self._stack = stack

    def service(self, name: str) -> Service:
        """One service as it is declared. CannotLook when there is none of this name."""
        return engine_facts.service_of(name, self._declared(name), self._nodes())

    def services(self) -> tuple[Service, ...]:
        """All services of the stack that are meant to run for ever."""
        with asking(f"list the services of stack {self._stack}"):
            found = self._api.services(filters={"label": f"{STACK_LABEL}={self._stack}"}, status=False)
        nodes, prefix = self._nodes(), f"{self._stack}_"
        return tuple(
            engine_facts.service_of(each["Spec"]["Name"].removeprefix(prefix), each, nodes)
            for each in sorted(found, key=lambda each: str(each["Spec"]["Name"]))
            if engine_facts.is_everlasting(each)
        )

    def replicas(self, service: str) -> tuple[Replica, ...]:
        """The copies that run now and are meant to."""
        tasks = self._tasks(service, meant_to_run=True)
        found = [
            (task, self._container_of(task))
            for task in tasks
            if task["Status"]["State"] in ("starting", "running")
        ]
        return tuple(
            engine_facts.replica_of(service, task, container)
            for task, container in found
            if container is not None and container["State"]["Running"]
        )

    def ended(self, service: str) -> tuple[Ended, ...]:
        """The copies that the platform remembers as ended, newest first."""
        tasks = [task for task in self._tasks(service) if task["Status"]["State"] in ENDED_STATES]
        tasks.sort(key=lambda task: str(task["Status"]["Timestamp"]), reverse=True)
        return tuple(engine_facts.ended_of(task, self._container_of(task)) for task in tasks)

    def health_check(self, service: str) -> HealthCheck:
        """The health check in force, from a running copy, where the engine has merged the service's with the image's."""
        copies = self.replicas(service)
        if not copies:
            raise CannotLook(
                f"no copy of service {service} is running, so the health check in force cannot be seen"
            )
        return engine_facts.health_check_of(self._inspected(copies[0].id)["Config"].get("Healthcheck"))

    def companions(self) -> tuple[Replica, ...]:
        """Containers beside the stack on its networks."""
        networks = self._networks()
        with asking("list the running containers"):
            found = self._api.containers()
        return tuple(
            engine_facts.companion_of(self._inspected(each["Id"]))
            for each in found
            if self._is_ours(each, networks) and not self._labelled(each.get("Labels"))
        )

    def published(self) -> tuple[Published, ...]:
        """Ports of containers, and those that Swarm opens on every node for a service."""
        with asking("list the published ports"):
            containers, services = self._api.containers(), self._api.services()
        networks = self._networks()
        return (
            *(
                Published(port["PublicPort"], each["Names"][0].lstrip("/"), self._is_ours(each, networks))
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

    def is_part(self, container_id: str) -> bool:
        """Whether a running container belongs to the stack or is on one of its networks."""
        with asking(f"look for container {container_id[:12]}"):
            found = self._api.containers(filters={"id": container_id})
        networks = self._networks()
        return any(self._is_ours(each, networks) for each in found)

    def _networks(self) -> frozenset[str]:
        with asking(f"list the networks of stack {self._stack}"):
            found = self._api.networks(filters={"label": f"{STACK_LABEL}={self._stack}"})
        return frozenset(each["Name"] for each in found)

    def _is_ours(self, container: Facts, networks: frozenset[str]) -> bool:
        on = (container.get("NetworkSettings") or {}).get("Networks") or {}
        return self._labelled(container.get("Labels")) or not networks.isdisjoint(on)

    def _labelled(self, labels: Mapping[str, str] | None) -> bool:
        return (labels or {}).get(STACK_LABEL) == self._stack

    def scale(self, service: str, copies: int) -> None:
        """Change the number of copies and nothing else of the service's declaration."""

        def change(spec: dict[str, Any]) -> None:
            spec["Mode"]["Replicated"]["Replicas"] = copies

        self._change(service, f"scale {service} to {copies}", change)

    def renew(self, service: str) -> None:
        """Count up what Swarm looks at to know that copies are to be replaced although nothing else changed."""

        def change(spec: dict[str, Any]) -> None:
            template = spec["TaskTemplate"]
            template["ForceUpdate"] = template.get("ForceUpdate", 0) + 1

        self._change(service, f"replace the copies of {service}", change)

    def _change(self, service: str, what: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a service's declaration; anew where somebody else changed it in between."""
        for attempt in range(UPDATE_ATTEMPTS):
            declared = self._declared(service)
            change(declared["Spec"])
            try:
                self._update(declared)
            except APIError as problem:
                out_of_sequence = "out of sequence" in str(problem.explanation)
                if not out_of_sequence or attempt == UPDATE_ATTEMPTS - 1:
                    raise CannotLook(f"Swarm refused to {what}: {problem.explanation}") from problem
            else:
                return

    def _update(self, declared: Facts) -> None:
        spec = declared["Spec"]
        self._api.update_service(
            declared["ID"],
            declared["Version"]["Index"],
            task_template=spec["TaskTemplate"],
            name=spec["Name"],
            labels=spec.get("Labels"),
            mode=spec["Mode"],
            update_config=spec.get("UpdateConfig"),
            rollback_config=spec.get("RollbackConfig"),
            endpoint_spec=spec.get("EndpointSpec"),
        )

    def start_clone(self, service: str, name: str, argv: Sequence[str]) -> None:
        """Start a one-copy service from a service's image, limits and restart policy that runs `argv` alone."""
        template = self._declared(service)["Spec"]["TaskTemplate"]
        original = template["ContainerSpec"]
        container = {key: original[key] for key in KEPT_OF_CONTAINER if key in original}
        container |= {"Command": list(argv), "Healthcheck": {"Test": ["NONE"]}}
        self._start_our_own(
            service, name, {key: template[key] for key in KEPT_OF_TASK if key in template}, container
        )

    def start_sibling(self, service: str, name: str) -> None:
        """Start a one-copy service like another, under no alias that visitors know, each volume empty and its own."""
        template = self._declared(service)["Spec"]["TaskTemplate"]
        original = template["ContainerSpec"]
        mounts = [
            {"Type": "volume", "Target": mount["Target"]} if engine_facts.is_volume(mount) else mount
            for mount in original.get("Mounts") or ()
        ]
        networks = [{"Target": network["Target"]} for network in template.get("Networks") or ()]
        self._start_our_own(service, name, {**template, "Networks": networks}, {**original, "Mounts": mounts})

    def _start_our_own(self, service: str, name: str, task: Facts, container: Facts) -> None:
        template = {**task, "ContainerSpec": {**container, "Labels": OURS}}
        with asking(f"start a copy of service {service} of our own"):
            self._api.create_service(template, name=name, labels=OURS, mode={"Replicated": {"Replicas": 1}})

    def remove_service(self, name: str) -> None:
        """Remove a service that carries our own label."""
        with asking(f"remove service {name}"), already_gone():
            found = self._api.inspect_service(name)
            if found["Spec"].get("Labels", {}).get(LABEL) != OURS[LABEL]:
                raise CannotLook(f"service {name} was not made by the specification, so it is not removed")
            self._api.remove_service(found["ID"])

    def _declared(self, name: str) -> dict[str, Any]:
        """The declaration of a service of the stack, or of one that the specification made."""
        for full_name in (f"{self._stack}_{name}", name):
            with asking(f"inspect service {full_name}"):
                try:
                    return dict(self._api.inspect_service(full_name))
                except NotFound:
                    continue
        raise CannotLook(
            f"there is no service {name!r} in stack {self._stack!r}. "
            "Is the deployment up, and are platform.stack and platform.services of the profile right?"
        )

    def _nodes(self) -> int:
        with asking("count the nodes of the swarm"):
            nodes = self._api.nodes()
        return sum(node["Spec"].get("Availability") == "active" for node in nodes)

    def _tasks(self, service: str, *, meant_to_run: bool = False) -> list[dict[str, Any]]:
        filters = {"service": self._declared(service)["ID"]}
        with asking(f"list the tasks of service {service}"):
            return list(
                self._api.tasks(filters={**filters, "desired-state": "running"} if meant_to_run else filters)
            )

    def _container_of(self, task: Facts) -> Facts | None:
        """The inspection of a task's container; None when it has none yet or any more."""
        container = (task["Status"].get("ContainerStatus") or {}).get("ContainerID")
        if not container:
            return None
        here = self._node_id()
        if task.get("NodeID", here) != here:
            raise CannotLook(
                f"task {task['ID']} runs on node {task['NodeID']}, and only the node of this engine can be looked into. "
                "Run the specification on that node, or keep the service on this one."
            )
        with asking(f"inspect container {container[:12]}"):
            try:
                return dict(self._api.inspect_container(container))
            except NotFound:
                return None

    def _node_id(self) -> str:
        with asking("learn this engine's node"):
            return str(self._client.info()["Swarm"]["NodeID"])
