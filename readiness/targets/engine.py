"""One container engine, asked through its API: containers and images, whatever platform put them there."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import docker
from docker.errors import NotFound

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.targets import engine_facts
from readiness.targets.asking import already_gone, asking, ended_within
from readiness.targets.platform import (
    Belonging,
    HealthCheck,
    ImageFacts,
    Isolation,
    Limits,
    Ran,
    RunsAs,
    Throwaway,
    Usage,
)

LABEL = "readiness.project"
PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
OURS = {LABEL: "harness"}
THROWAWAY_MEMORY = "512m"
THROWAWAY_PROCESSES = 256
SMALL_FILE = 1 << 20


class Engine:
    """A container engine at an address (none: this machine's). Nothing is contacted before it is asked for; CannotLook when it
    does not answer.
    """

    def __init__(self, address: str = "") -> None:
        self._address = address
        self._connection: docker.DockerClient | None = None

    @property
    def _client(self) -> docker.DockerClient:
        if self._connection is None:
            with asking("connect to the container engine"):
                self._connection = docker.DockerClient(self._address) if self._address else docker.from_env()
        return self._connection

    @property
    def _api(self) -> Any:
        """The low-level client: the engine's own API, whose answers have no types."""
        return self._client.api

    def _home_of(self, _container: str) -> Any:
        """The engine that has a container; of several, an adapter knows which."""
        return self._api

    def run_inside(
        self,
        replica_id: str,
        argv: Sequence[str],
        *,
        timeout: float,
        settings: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run a command in a container; output and errors together."""
        started = clock()
        what = f"run {argv[0]!r} in container {replica_id[:12]}"
        with asking(what):
            engine = self._home_of(replica_id)
            execution = engine.exec_create(replica_id, list(argv), environment=dict(settings or {}))["Id"]
            output = ended_within(timeout, what, lambda: engine.exec_start(execution))
            code = engine.exec_inspect(execution)["ExitCode"]
        return Ran(code, output.decode("utf-8", "replace"), clock() - started)

    def start_inside(self, replica_id: str, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a command in a container; nobody waits for it."""
        with asking(f"start {argv[0]!r} in container {replica_id[:12]}"):
            engine = self._home_of(replica_id)
            execution = engine.exec_create(replica_id, list(argv), environment=dict(environment))["Id"]
            engine.exec_start(execution, detach=True)

    def read_inside(self, replica_id: str, path: str) -> str | None:
        """The text of a small file: with the image's own `cat`, or out of the container's file system where it has none."""
        ran = self.run_inside(replica_id, ["cat", path], timeout=10)
        if not ran.no_such_command:
            return ran.output if ran.exit_code == 0 else None
        return self._copied_out(replica_id, path)

    def _copied_out(self, container: str, path: str) -> str | None:
        with asking(f"copy {path} out of container {container[:12]}"):
            try:
                stream, _ = self._home_of(container).get_archive(container, path)
            except NotFound:
                return None
            content = b"".join(stream)
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            file = archive.extractfile(archive.next() or tarfile.TarInfo())
            return file.read(SMALL_FILE).decode("utf-8", "replace") if file else None

    def runs_as(self, container_id: str) -> RunsAs:
        """How a container runs; the environment is the kernel's own where it may be read, otherwise the engine's."""
        told = None
        with suppress(CannotLook):  # one that has ended has no process to be asked
            told = self.read_inside(container_id, "/proc/1/environ")
        return engine_facts.runs_as_of(self._inspected(container_id), told)

    def limits(self, replica_id: str) -> Limits:
        """The limits that the kernel enforces, read from the copy's own control group (either version)."""
        memory, total, cpu = self._cgroup_v2(replica_id) or self._cgroup_v1(replica_id)
        machine_swap = engine_facts.total_swap_of(self.read_inside(replica_id, "/proc/meminfo"))
        swap = 0 if memory is None else machine_swap if total is None else min(total - memory, machine_swap)
        return Limits(memory, swap, cpu)

    def _cgroup_v2(self, container: str) -> tuple[int | None, int | None, float | None] | None:
        memory_text = self.read_inside(container, "/sys/fs/cgroup/memory.max")
        if memory_text is None:
            return None
        memory = engine_facts.memory_limit_of(memory_text)
        swap = engine_facts.memory_limit_of(self.read_inside(container, "/sys/fs/cgroup/memory.swap.max"))
        quota, _, period = (self.read_inside(container, "/sys/fs/cgroup/cpu.max") or "max").partition(" ")
        total = None if memory is None or swap is None else memory + swap
        return memory, total, engine_facts.cpu_limit_of(quota, period)

    def _cgroup_v1(self, container: str) -> tuple[int | None, int | None, float | None]:
        folder = "/sys/fs/cgroup/memory"
        memory_text = self.read_inside(container, f"{folder}/memory.limit_in_bytes")
        if memory_text is None:
            raise CannotLook(
                f"the limits of container {container[:12]} cannot be read: no control group is visible in /sys/fs/cgroup, "
                "or the image has no `cat`. Mount it read-only, as engines do by default."
            )
        total = engine_facts.memory_limit_of(
            self.read_inside(container, f"{folder}/memory.memsw.limit_in_bytes")
        )
        quota = self.read_inside(container, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
        period = self.read_inside(container, "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
        return engine_facts.memory_limit_of(memory_text), total, engine_facts.cpu_limit_of(quota, period)

    def usage(self, replica_id: str) -> Usage:
        """One sample of the engine's statistics; taken outside the container, so it costs the copy nothing."""
        with asking(f"sample the usage of container {replica_id[:12]}"):
            sample = self._home_of(replica_id).stats(replica_id, stream=False, one_shot=True)
        return engine_facts.usage_of(sample)

    def image(self, reference: str) -> ImageFacts:
        """Facts of an image in the engine's store."""
        with asking(f"inspect image {reference}"):
            attributes = self._api.inspect_image(reference)
            return engine_facts.image_of(attributes, self._api.history(reference))

    def export_image(self, reference: str) -> Iterator[bytes]:
        """The image as a tar stream."""
        with asking(f"export image {reference}"):
            yield from self._api.get_image(reference)

    def signal(self, replica_id: str, name: str) -> None:
        """Send a signal to the first process of a container."""
        with asking(f"send {name} to container {replica_id[:12]}"):
            self._home_of(replica_id).kill(replica_id, signal=name)

    def start_throwaway(
        self,
        image: str,
        name: str,
        argv: Sequence[str],
        *,
        health_check: HealthCheck | None,
        environment: Sequence[str] = (),
    ) -> Throwaway:
        """Start a container of our own on no network."""
        with asking(f"start a throwaway container from image {image}"):
            container = self._client.containers.run(
                image,
                name=name,
                entrypoint=list(argv) or None,
                environment=list(environment),
                healthcheck=engine_facts.health_block(health_check) if health_check else None,
                network_mode="none",
                mem_limit=THROWAWAY_MEMORY,
                pids_limit=THROWAWAY_PROCESSES,
                security_opt=["no-new-privileges"],
                labels=OURS,
                detach=True,
            )
        return Throwaway(str(container.id), name)

    def start_beside(self, replica_id: str, image: str, name: str, argv: Sequence[str]) -> Throwaway:
        """Start a container of our own in the network of another, as its user, with what that mounts of the machine."""
        facts = self._inspected(replica_id)
        binds = [each for each in facts["Mounts"] if each["Type"] == "bind"]
        with asking(f"start a container beside container {replica_id[:12]}"):
            container = self._client.containers.run(
                image,
                name=name,
                entrypoint=list(argv),
                healthcheck={"test": ["NONE"]},
                network_mode=f"container:{replica_id}",
                volumes=[f"{each['Source']}:{each['Destination']}:ro" for each in binds],
                user=facts["Config"].get("User") or "0",
                group_add=facts["HostConfig"].get("GroupAdd") or [],
                cap_drop=["ALL"],
                read_only=True,
                mem_limit=THROWAWAY_MEMORY,
                pids_limit=THROWAWAY_PROCESSES,
                security_opt=["no-new-privileges"],
                labels=OURS,
                detach=True,
            )
        return Throwaway(str(container.id), name)

    def addresses(self, replica_id: str) -> tuple[str, ...]:
        """The addresses that a container has on its networks."""
        networks = self._inspected(replica_id)["NetworkSettings"]["Networks"] or {}
        return tuple(sorted(each["IPAddress"] for each in networks.values() if each.get("IPAddress")))

    def isolation(self, replica_id: str) -> Isolation:
        """What a running container shares with its machine."""
        return engine_facts.isolation_of(self._inspected(replica_id))

    def logs(self, replica_id: str, lines: int) -> str:
        """The newest lines that a container wrote."""
        with asking(f"read the log of container {replica_id[:12]}"):
            return str(self._home_of(replica_id).logs(replica_id, tail=lines).decode("utf-8", "replace"))

    def throwaway_health(self, container_id: str) -> str:
        """Its health, or "ended"."""
        state = self._inspected(container_id)["State"]
        return engine_facts.health_of(state) if state["Running"] else "ended"

    def remove_container(self, name: str) -> None:
        """Remove a container with its anonymous volumes, at once."""
        with asking(f"remove container {name}"), already_gone():
            self._api.remove_container(name, force=True, v=True)

    def remove_image(self, reference: str) -> None:
        """Take a tag from an image, and those that the image has got of the same name since, also where ended copies had it."""
        name = reference.rpartition(":")[0] or reference
        with asking(f"remove image {reference}"), already_gone():
            tags = [tag for image in self._api.images(name=name) for tag in image["RepoTags"] or ()]
            for tag in tags:
                if tag.rpartition(":")[0] == name:
                    self._api.remove_image(tag, force=True)

    def belongings(self, project: str) -> tuple[Belonging, ...]:
        """What carries the project's label, containers first."""
        mark = {"label": f"{PROJECT_LABEL}={project}"}
        with asking(f"list what belongs to project {project}"):
            containers = self._api.containers(all=True, filters=mark)
            volumes = self._api.volumes(filters=mark)["Volumes"] or ()
            networks = self._api.networks(filters=mark)
        return (
            *(
                Belonging(
                    "container",
                    each["Names"][0].lstrip("/"),
                    each["Labels"].get(SERVICE_LABEL, ""),
                    each["ImageID"],
                )
                for each in containers
            ),
            *(Belonging("volume", each["Name"]) for each in volumes),
            *(Belonging("network", each["Name"]) for each in networks),
        )

    def remove_belongings(self, project: str) -> None:
        """Remove containers, then what they used."""
        removals = {
            "container": lambda name: self._api.remove_container(name, force=True, v=True),
            "volume": lambda name: self._api.remove_volume(name, force=True),
            "network": self._api.remove_network,
        }
        for each in self.belongings(project):
            with asking(f"remove {each.kind} {each.name}"), already_gone():
                removals[each.kind](each.name)

    def _inspected(self, container: str) -> Mapping[str, Any]:
        with asking(f"inspect container {container[:12]}"):
            return dict(self._home_of(container).inspect_container(container))
