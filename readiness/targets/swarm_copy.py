"""A copy of a Swarm stack beside it, from the declarations of its running services: what is wrong there is wrong here.

It shares nothing with the stack that can be changed: its networks are its own and lead nowhere, its volumes are its own and
empty, it publishes no port. Images, secrets and configs, which nobody can change, are the stack's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.targets.asking import already_gone, asking
from readiness.targets.engine import OURS

Facts = Mapping[str, Any]

STACK_LABEL = "com.docker.stack.namespace"
SOCKET = ".sock"
PATIENCE_TO_GO = 90.0


class StackCopy:
    """The copy `name` of a stack on one engine, which `api` is the low-level client of."""

    def __init__(self, api: Any, stack: str, name: str) -> None:
        self._api = api
        self._stack = stack
        self._name = name
        self._labels = {**OURS, STACK_LABEL: name}

    def make(self, declared: Mapping[str, Facts], copies: Mapping[str, int]) -> None:
        """Make networks and services. `declared`: service -> its specification in the stack; `copies`: how many, in what order.

        CannotLook, before anything is made, when a copy of that name is there, or a service would reach what is not its own.
        """
        self._require_room()
        refuse_strangers(declared)
        networks = self._make_networks(declared.values())
        for service, number in copies.items():
            spec = declared[service]
            with asking(f"make a copy of service {service}"):
                self._api.create_service(
                    copied_template(spec["TaskTemplate"], self._name, self._labels, networks),
                    name=f"{self._name}_{service}",
                    labels=self._labels,
                    mode={"Replicated": {"Replicas": number}},
                    update_config=spec.get("UpdateConfig"),
                    rollback_config=spec.get("RollbackConfig"),
                    endpoint_spec={"Mode": (spec.get("EndpointSpec") or {}).get("Mode", "vip")},
                )

    def remove(self) -> None:
        """Remove services, containers, networks and volumes. CannotLook when something stays."""
        waited = wait_until(self._sweep, lambda left: not left, patience=PATIENCE_TO_GO)
        if not waited.happened:
            raise CannotLook(
                f"{', '.join(waited.last)} of the copy {self._name} did not go away within {waited.seconds:.0f} s"
            )

    def _require_room(self) -> None:
        if self._left("service") or self._left("volume"):
            raise CannotLook(f"there is a copy {self._name} of stack {self._stack} already; remove it first")

    def _make_networks(self, specs: Iterable[Facts]) -> dict[str, str]:
        """Id of each network that the services are on -> id of the one that takes its place."""
        attachments = [each for spec in specs for each in spec["TaskTemplate"].get("Networks") or ()]
        made = {}
        for target in dict.fromkeys(each["Target"] for each in attachments):
            with asking(f"make a copy of network {target}"):
                original = self._api.inspect_network(target)
                name = original["Name"].removeprefix(f"{self._stack}_")
                created = self._api.create_network(
                    f"{self._name}_{name}", driver="overlay", internal=True, labels=self._labels
                )
            made[target] = made[original["Name"]] = str(created["Id"])
        return made

    def _sweep(self) -> tuple[str, ...]:
        """Remove what can be removed now; kind and number of what is left."""
        removals: dict[str, Callable[[str], Any]] = {
            "service": self._api.remove_service,
            "container": lambda each: self._api.remove_container(each, force=True, v=True),
            "network": self._api.remove_network,
            "volume": lambda each: self._api.remove_volume(each, force=True),
        }
        for kind, remove in removals.items():
            for each in self._left(kind):
                _try(remove, each)
        left = {kind: len(self._left(kind)) for kind in removals}
        return tuple(f"{number} {kind}s" for kind, number in left.items() if number)

    def _left(self, kind: str) -> list[str]:
        """Ids, or names of volumes, of what carries the copy's labels."""
        marks = {"label": [f"{key}={value}" for key, value in self._labels.items()]}
        with asking(f"list the {kind}s of the copy {self._name}"):
            match kind:
                case "service":
                    return [each["ID"] for each in self._api.services(filters=marks)]
                case "container":
                    return [each["Id"] for each in self._api.containers(all=True, filters=marks)]
                case "network":
                    return [each["Id"] for each in self._api.networks(filters=marks)]
            return [each["Name"] for each in self._api.volumes(filters=marks)["Volumes"] or ()]


def _try(remove: Callable[[str], Any], each: str) -> None:
    """Remove it, or leave it for the next time: it may be in use for a moment longer."""
    try:
        with asking("remove a part of a copy"), already_gone():
            remove(each)
    except CannotLook:
        return


def refuse_strangers(declared: Mapping[str, Facts]) -> None:
    """CannotLook when a copy of a service would have a hand on the machine, or on what is kept outside the engine."""
    for service, spec in declared.items():
        for mount in spec["TaskTemplate"]["ContainerSpec"].get("Mounts") or ():
            source = str(mount.get("Source", ""))
            if mount["Type"] not in ("volume", "tmpfs", "bind") or source.endswith(SOCKET):
                raise CannotLook(
                    f"service {service} mounts {source or mount['Type']} at {mount['Target']}, which a copy of it must not have"
                )


def copied_template(template: Facts, name: str, labels: Facts, networks: Mapping[str, str]) -> dict[str, Any]:
    """The declaration of a service's tasks for a copy: other networks under the same aliases, other volumes at the same paths."""
    container = dict(template["ContainerSpec"])
    container["Labels"] = dict(labels)
    container["Mounts"] = [copied_mount(each, name, labels) for each in container.get("Mounts") or ()]
    attachments = [
        {"Target": networks[each["Target"]], "Aliases": each.get("Aliases") or []}
        for each in template.get("Networks") or ()
    ]
    return {**template, "ContainerSpec": container, "Networks": attachments}


def copied_mount(mount: Facts, name: str, labels: Facts) -> Facts:
    """A mount for a copy. What the original could write to becomes a volume of the copy's own, wherever it lay before."""
    if mount["Type"] == "tmpfs" or (mount["Type"] == "bind" and mount.get("ReadOnly")):
        return mount
    source = str(mount.get("Source") or mount["Target"]).strip("/").replace("/", "-")
    return {
        "Type": "volume",
        "Source": f"{name}_{source}",
        "Target": mount["Target"],
        "VolumeOptions": {"Labels": dict(labels)},
    }
