"""A service as Swarm has it, in the notation of a Compose file, so that both can be read by one reader. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]

NANO = 1_000_000_000
OWN_WORDS = {
    "User": "user",
    "Hostname": "hostname",
    "Dir": "working_dir",
    "ReadOnly": "read_only",
    "CapabilityAdd": "cap_add",
    "CapabilityDrop": "cap_drop",
    "Init": "init",
    "Sysctls": "sysctls",
    "TTY": "tty",
    "OpenStdin": "stdin_open",
    "StopSignal": "stop_signal",
    "Groups": "group_add",
    "Hosts": "extra_hosts",
    "Ulimits": "ulimits",
    "Args": "command",
    "Command": "entrypoint",
    "Env": "environment",
}
TIMES = ("Delay", "Monitor", "Window", "Interval", "Timeout", "StartPeriod", "StartInterval")

# What a container that is started beside a copy has in common with it.
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


NOWHERE = "node.labels.readiness.nowhere == yes"  # a label that no node has


def set_copies(spec: dict[str, Any], copies: int) -> None:
    """Change the number of copies; one that has a copy on each node has them, or none."""
    if "Global" not in spec["Mode"]:
        spec["Mode"]["Replicated"]["Replicas"] = copies
        return
    placement = spec["TaskTemplate"].setdefault("Placement", {})
    others = [each for each in placement.get("Constraints") or () if each != NOWHERE]
    placement["Constraints"] = others if copies else [*others, NOWHERE]


def as_described(spec: Facts, networks: Mapping[str, str], stack: str) -> dict[str, Any]:
    """A service's specification as a Compose file would say it. `networks`: id -> name."""
    template = spec["TaskTemplate"]
    container = template["ContainerSpec"]
    found = {word: container[key] for key, word in OWN_WORDS.items() if container.get(key)}
    found["image"] = container["Image"]
    if "StopGracePeriod" in container:
        found["stop_grace_period"] = _seconds(container["StopGracePeriod"])
    if container.get("Healthcheck"):
        found["healthcheck"] = _named(container["Healthcheck"])
    if template.get("LogDriver"):
        driver = template["LogDriver"]
        found["logging"] = {"driver": driver["Name"], "options": driver.get("Options") or {}}
    return {
        **found,
        "secrets": [_file(each, "Secret") for each in container.get("Secrets") or ()],
        "configs": [_file(each, "Config") for each in container.get("Configs") or () if each.get("File")],
        "volumes": [_mount(each, stack) for each in container.get("Mounts") or ()],
        "networks": dict(_networks(template.get("Networks") or spec.get("Networks") or (), networks, stack)),
        "ports": [_port(each) for each in (spec.get("EndpointSpec") or {}).get("Ports") or ()],
        "dns": (container.get("DNSConfig") or {}).get("Nameservers") or None,
        "deploy": _deploy(spec, template),
    }


def _deploy(spec: Facts, template: Facts) -> dict[str, Any]:
    resources = template.get("Resources") or {}
    replicated = spec["Mode"].get("Replicated")
    return {
        "mode": "replicated" if replicated else "global",
        "replicas": replicated.get("Replicas", 1) if replicated else None,
        "endpoint_mode": (spec.get("EndpointSpec") or {}).get("Mode"),
        "restart_policy": _named(template.get("RestartPolicy") or {}),
        "update_config": _named(spec.get("UpdateConfig") or {}),
        "rollback_config": _named(spec.get("RollbackConfig") or {}),
        "placement": {
            "constraints": (template.get("Placement") or {}).get("Constraints"),
            "preferences": (template.get("Placement") or {}).get("Preferences"),
            "max_replicas_per_node": (template.get("Placement") or {}).get("MaxReplicas") or None,
        },
        "resources": {
            "limits": _resources(resources.get("Limits") or {}),
            "reservations": _resources(resources.get("Reservations") or {}),
        },
    }


def _resources(block: Facts) -> dict[str, Any]:
    cores, memory, processes = block.get("NanoCPUs"), block.get("MemoryBytes"), block.get("Pids")
    return {
        "cpus": cores / NANO if cores else None,
        "memory": str(memory) if memory else None,
        "pids": processes or None,
    }


def _named(block: Facts) -> dict[str, Any]:
    """The engine's block with Compose's names, times with their unit."""
    return {
        _snake(key): _seconds(value) if key in TIMES else value
        for key, value in block.items()
        if value is not None
    }


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds / NANO:g}s"


def _file(each: Facts, kind: str) -> dict[str, Any]:
    file = each["File"]
    return {
        "source": each[f"{kind}Name"],
        "target": file["Name"],
        "uid": file.get("UID", "0"),
        "gid": file.get("GID", "0"),
        "mode": file.get("Mode", 0o444),
    }


def _mount(each: Facts, stack: str) -> dict[str, Any]:
    source = str(each.get("Source", ""))
    found: dict[str, Any] = {
        "type": each["Type"],
        "source": source.removeprefix(f"{stack}_") if each["Type"] == "volume" else source,
        "target": each["Target"],
        "read_only": bool(each.get("ReadOnly")),
    }
    size = (each.get("TmpfsOptions") or {}).get("SizeBytes")
    return {**found, "tmpfs": {"size": size}} if size else found


def _networks(
    entries: Any, names: Mapping[str, str], stack: str
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for each in entries:
        name = names.get(each["Target"], each["Target"]).removeprefix(f"{stack}_")
        yield name, {"aliases": each["Aliases"]} if each.get("Aliases") else None


def _port(each: Facts) -> dict[str, Any]:
    return {
        "target": each["TargetPort"],
        "published": each.get("PublishedPort", ""),
        "protocol": each.get("Protocol", "tcp"),
    }
