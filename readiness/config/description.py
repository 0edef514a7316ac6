"""An environment's whole description (a Compose file with its variables filled in) as flat settings that can be compared.

One thing has one key and one spelling, however it was written: `api: environment LOG_LEVEL` -> `INFO`. Lists and mappings,
long and short forms, `1m30s` and `90s`, `512M` and `536870912` come out the same.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from readiness.config.notations import flat, hidden, plain, size

PRESENT = "present"
RESTARTS = {"always": "any", "unless-stopped": "any", "no": "none"}
OLD_LIMITS = {
    "mem_limit": "deploy resources limits memory",
    "cpus": "deploy resources limits cpus",
    "mem_reservation": "deploy resources reservations memory",
    "scale": "deploy replicas",
}
Raw = Mapping[str, Any]
Settings = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Description:
    """The names of the services, and every setting: key -> value."""

    services: tuple[str, ...]
    settings: Mapping[str, str]


def description_of(text: str) -> Description:
    """Read a description. ValueError when it is none: no YAML, or no services in it."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"it is no YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("services"), dict):
        raise ValueError("it has no services")
    found: dict[str, str] = {}
    for name, service in content["services"].items():
        found[name] = PRESENT
        found |= {f"{name}: {key}": value for key, value in settings_of(service or {}, content).items()}
    for kind in ("network", "volume"):
        for name, each in (content.get(f"{kind}s") or {}).items():
            found |= dict(_shared(kind, name, each or {}, str(content.get("name", ""))))
    return Description(tuple(sorted(content["services"])), found)


def settings_of(service: Raw, whole: Raw) -> dict[str, str]:
    """The settings of one service; `whole` is the description that it stands in."""
    found: dict[str, str] = {}
    for key, value in _service(service, whole):
        known = found.get(key)  # such as one port that is published twice
        found[key] = value if known in (None, value) else f"{known}, {value}"
    return found


def _shared(kind: str, name: str, each: Raw, project: str) -> Settings:
    """A network or volume that several services share. A name that only repeats its key is none of its own."""
    label = f"{kind} {name}"
    yield label, PRESENT
    own_name = str(each.get("name", "")) not in ("", f"{project}_{name}")
    for key, value in each.items():
        if key != "name" or own_name:
            yield from flat(f"{label}: {key}", value)


def _service(service: Raw, whole: Raw) -> Settings:
    for key, value in service.items():
        if value is None:
            continue
        if key in OLD_LIMITS:
            yield from flat(OLD_LIMITS[key], value)
        elif key in READERS:
            yield from READERS[key](value, whole)
        else:
            yield from flat(key, value)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """NAME=value lists and mappings. What has no value is empty."""
    pairs = value.items() if isinstance(value, dict) else (str(each).partition("=")[::2] for each in value)
    return ((str(name), "" if each is None else plain(each)) for name, each in pairs)


def _environment(value: Any, _whole: Raw) -> Settings:
    return ((f"environment {name}", hidden(name, each)) for name, each in _named(value))


def _labels(value: Any, _whole: Raw) -> Settings:
    return ((f"label {name}", each) for name, each in _named(value))


def _command(key: str, value: Any) -> Settings:
    yield key, json.dumps(shlex.split(value) if isinstance(value, str) else [str(each) for each in value])


def _restart(value: Any, _whole: Raw) -> Settings:
    yield "deploy restart_policy condition", RESTARTS.get(str(value), str(value))


def _build(value: Any, _whole: Raw) -> Settings:
    yield "build", json.dumps(value, sort_keys=True)


def _memory(value: Any, _whole: Raw) -> Settings:
    for each in [value] if isinstance(value, str) else value:
        target, _, options = str(each).partition(":")
        yield f"memory {target}", size(options.removeprefix("size=")) if options else ""


def _mounts(value: Any, _whole: Raw) -> Settings:
    return (_mount(each) for each in value)


def _ports(value: Any, _whole: Raw) -> Settings:
    yield from sorted(_port(each) for each in value)


def _secrets(value: Any, whole: Raw) -> Settings:
    """Where each secret comes from, and to whom in the container it belongs."""
    for each in value:
        long = each if isinstance(each, dict) else {"source": each}
        source = str(long["source"])
        target = str(long.get("target") or source).removeprefix("/run/secrets/")
        yield f"secret {target}", _origin(source, whole.get("secrets"))
        owner = [f"{detail} {long[detail]}" for detail in ("uid", "gid", "mode") if detail in long]
        if owner:
            yield f"owner of secret {target}", ", ".join(owner)


def _files(value: Any, whole: Raw) -> Settings:
    for each in value:
        long = each if isinstance(each, dict) else {"source": each}
        source = str(long["source"])
        yield f"file {long.get('target') or '/' + source}", _origin(source, whole.get("configs"))


def _origin(source: str, known: Raw | None) -> str:
    """The file that a shared secret or configuration is made from, or its name on the platform where it lies there already."""
    declared = (known or {}).get(source) or {}
    return str(declared.get("file") or declared.get("name") or source)


def _mount(each: Any) -> tuple[str, str]:
    """A mount of any form. What is bound from the machine is a file, whether it comes as a folder or as a platform's config."""
    if isinstance(each, str):
        source, _, rest = each.partition(":")
        target, _, mode = rest.partition(":")
        kind = "bind" if source.startswith(("/", ".", "~")) else "volume"
        each = {"type": kind, "source": source, "target": target, "read_only": "ro" in mode.split(",")}
        if not target:
            each = {"type": "volume", "source": "(without a name)", "target": source}
    target = str(each["target"])
    match each.get("type"):
        case "tmpfs":
            limit = (each.get("tmpfs") or {}).get("size", "")
            return f"memory {target}", size(str(limit)) if limit else ""
        case "bind":
            return f"file {target}", f"{each['source']}{'' if each.get('read_only') else ', writable'}"
    return f"volume {target}", f"{each.get('source', '')}{', read-only' if each.get('read_only') else ''}"


def _networks(value: Any, _whole: Raw) -> Settings:
    for name, each in value.items() if isinstance(value, dict) else ((name, None) for name in value):
        yield f"network {name}", PRESENT
        for key, detail in (each or {}).items():
            yield from flat(f"network {name} {key}", detail)


def _port(each: Any) -> tuple[str, str]:
    """A published port: the container's port and protocol -> the address and port on the machine."""
    if isinstance(each, dict):
        target, protocol = each["target"], each.get("protocol", "tcp")
        host, published = each.get("host_ip", ""), each.get("published", "")
    else:
        text, _, protocol = str(each).partition("/")
        outside, _, target = text.rpartition(":")
        host, _, published = outside.rpartition(":")
    return f"port {target}/{protocol or 'tcp'}", f"{host or 'every address'}:{published}"


READERS: Mapping[str, Callable[[Any, Raw], Settings]] = {
    "environment": _environment,
    "labels": _labels,
    "secrets": _secrets,
    "configs": _files,
    "volumes": _mounts,
    "tmpfs": _memory,
    "networks": _networks,
    "ports": _ports,
    "command": lambda value, _whole: _command("command", value),
    "entrypoint": lambda value, _whole: _command("entrypoint", value),
    "restart": _restart,
    "build": _build,
}
