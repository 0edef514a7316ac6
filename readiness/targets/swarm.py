"""A stack on Docker Swarm, asked through the engine's API. Into copies on other nodes we look through those nodes' engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docker.errors import APIError, NotFound

from readiness.config.stack import part_of
from readiness.core.deployments import Part, PeakMemory
from readiness.core.errors import CannotLook
from readiness.targets import engine_facts, stores, swarm_facts
from readiness.targets.asking import already_gone, asking
from readiness.targets.engine import LABEL, OURS
from readiness.targets.neighbours import StackOnEngine
from readiness.targets.nodes import Nodes
from readiness.targets.platform import Ended, HealthCheck, Node, Placement, Replica, Service, Store
from readiness.targets.swarm_copy import STACK_LABEL, StackCopy
from readiness.targets.swarm_trials import SwarmTrials

Facts = Mapping[str, Any]

ENDED_STATES = frozenset({"complete", "failed", "shutdown", "rejected", "orphaned"})
UPDATE_ATTEMPTS = 5
PEAKS = ("sh", "-c", "grep -h VmHWM /proc/[0-9]*/status")


class SwarmPlatform(SwarmTrials, StackOnEngine):
    """The platform protocol over Swarm. Services are named as in the stack's file, without the stack's name."""

    def __init__(self, stack: str, engines: Sequence[str] = ()) -> None:
        super().__init__(stack, next(iter(engines), ""))
        self._engines = Nodes(engines)

    def _home_of(self, _container: str) -> Any:
        return self._engines.home_of(_container)

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

    def deployment(self) -> tuple[Part, ...]:
        """Every service of the stack that is meant to run for ever, in the words of its description."""
        with asking(f"list the services of stack {self._stack}"):
            found = self._api.services(filters={"label": f"{STACK_LABEL}={self._stack}"}, status=False)
            networks = {each["Id"]: str(each["Name"]) for each in self._api.networks()}
        return tuple(
            part_of(
                each["Spec"]["Name"].removeprefix(f"{self._stack}_"),
                swarm_facts.as_described(each["Spec"], networks, self._stack),
                {},
            )
            for each in sorted(found, key=lambda each: str(each["Spec"]["Name"]))
            if engine_facts.is_everlasting(each)
        )

    def peak_memory(self, service: str) -> tuple[PeakMemory, ...]:
        """The sum of the peaks of each copy's processes, or what it uses now where that is more (files in memory)."""
        return tuple(
            PeakMemory(
                service,
                copy.instance,
                max(
                    engine_facts.peak_resident_of(self.run_inside(copy.id, PEAKS, timeout=10).output),
                    self.usage(copy.id).memory,
                ),
                self.limits(copy.id).memory or 0,
                "its start",
            )
            for copy in self.replicas(service)
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

    def nodes(self, label: str) -> tuple[Node, ...]:
        """All nodes, with the value of a label."""
        with asking("list the nodes of the swarm"):
            return tuple(engine_facts.node_of(each, label) for each in self._api.nodes())

    def placements(self, label: str) -> tuple[Placement, ...]:
        """The copies of all services that run on ready nodes and are meant to, as far as Swarm knows: no copy is looked into."""
        ready = {node.id: node for node in self.nodes(label) if node.ready}
        with asking(f"list the tasks of stack {self._stack}"):
            services = self._api.services(filters={"label": f"{STACK_LABEL}={self._stack}"})
            tasks = self._api.tasks(filters={"desired-state": "running"})
        names = {each["ID"]: str(each["Spec"]["Name"]).removeprefix(f"{self._stack}_") for each in services}
        return tuple(
            Placement(names[task["ServiceID"]], ready[task["NodeID"]].place, task["ID"])
            for task in tasks
            if task["ServiceID"] in names
            and task.get("NodeID") in ready
            and task["Status"]["State"] == "running"
        )

    def scale(self, service: str, copies: int) -> None:
        """Change the number of copies and nothing else; a service with a copy on each node is placed nowhere, or there again."""
        self._change(
            service, f"scale {service} to {copies}", lambda spec: swarm_facts.set_copies(spec, copies)
        )

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

    def store(self, copy: Replica, path: str) -> Store:
        """Where the files at a path of a copy lie, links followed, and whether its service gives the same to the next one."""
        followed = self.run_inside(copy.id, ["readlink", "-f", path], timeout=10)
        real = followed.output.strip() if followed.exit_code == 0 else path
        declared = self._declared(copy.service)["Spec"]["TaskTemplate"]["ContainerSpec"].get("Mounts") or ()
        mounts = self._inspected(copy.id)["Mounts"]
        return stores.store_of(real, self._mount_points(copy.id), mounts, declared)

    def written(self, replica_id: str) -> tuple[str, ...]:
        """The paths of the container's own layer that are not as in its image."""
        with asking(f"list the changes of container {replica_id[:12]}"):
            changes = self._home_of(replica_id).diff(replica_id) or ()
        return stores.own_changes(changes, self._mount_points(replica_id))

    def _mount_points(self, container: str) -> Mapping[str, str]:
        table = self.read_inside(container, "/proc/self/mountinfo")
        if table is None:
            raise CannotLook(
                f"container {container[:12]} does not tell what is mounted in it: its image has no `cat`"
            )
        return stores.mount_points(table)

    def hold_volumes(self, replica_ids: Sequence[str], name: str) -> None:
        """Make, and never start, a container that mounts every named volume of these copies."""
        copies = [self._inspected(each) for each in replica_ids]
        volumes = {mount["Name"] for copy in copies for mount in copy["Mounts"] if mount["Type"] == "volume"}
        binds = [f"{volume}:/held/{number}:ro,nocopy" for number, volume in enumerate(sorted(volumes))]
        with asking(f"hold the volumes {', '.join(sorted(volumes))}"):
            self._api.create_container(
                copies[0]["Image"],
                command=["hold"],
                name=name,
                labels=OURS,
                host_config=self._api.create_host_config(binds=binds, network_mode="none"),
            )

    def make_copy(self, name: str, copies: Mapping[str, int]) -> None:
        """A stack beside this one, from the declarations of its services."""
        declared = {service: self._declared(service)["Spec"] for service in copies}
        StackCopy(self._api, self._stack, name).make(declared, copies)

    def copied(self, name: str) -> SwarmPlatform:
        """The platform of a copy of this stack, which is a stack itself."""
        return SwarmPlatform(name)

    def remove_copy(self, name: str) -> None:
        """Remove a copy of this stack."""
        StackCopy(self._api, self._stack, name).remove()

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
        return self._engines.container_on(task["NodeID"], container, task["ID"])
