"""A description for Render (render.yaml) in the words of `readiness.core.deployments`.

Fields and their defaults: https://render.com/docs/blueprint-spec. A variable that is not written down (`sync: false`,
`generateValue`, `fromDatabase`, `fromService`) is something that must have a value where it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from readiness.config.documents import read_document
from readiness.config.notations import hidden, mark, plain
from readiness.config.secrets import SECRET_SHAPE
from readiness.core.deployments import Bounds, Part
from readiness.core.errors import ConfigurationError, Problem

VARIABLE = "variable "
WRITTEN_SECRET = "(hidden, "
CACHES = frozenset({"keyvalue", "redis"})
DEFAULT_REGION, DEFAULT_PLAN, DEFAULT_DATABASE_PLAN = "oregon", "starter", "basic-256mb"
DEFAULT_SHUTDOWN = 30
DEFAULT_PORT = 10000
COMMANDS = ("dockerCommand", "preDeployCommand", "buildCommand", "startCommand")
PATHS = ("dockerfilePath", "dockerContext")
Raw = Mapping[str, Any]


def read_blueprint(root: Path, file: str) -> tuple[Part, ...]:
    """Every service and data store that a blueprint describes. ConfigurationError where it cannot be read as one."""
    content = read_document(root, file).content
    try:
        groups = {each["name"]: each.get("envVars") or () for each in _listed(content, "envVarGroups")}
        services = tuple(_service(each, groups) for each in _listed(content, "services"))
        databases = tuple(
            Part(
                each["name"],
                "database",
                plan=each.get("plan", DEFAULT_DATABASE_PLAN),
                region=each.get("region", DEFAULT_REGION),
            )
            for each in _listed(content, "databases")
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        wrong = f"cannot be read as a blueprint ({type(error).__name__}: {error})"
        allowed = "the format of https://render.com/docs/blueprint-spec"
        raise ConfigurationError([Problem(file, "file", wrong, allowed)]) from error
    if not services:
        raise ConfigurationError([Problem(file, "services", "describes no service", "at least one service")])
    return (*services, *databases)


def port_of(part: Part) -> int:
    """Where Render asks a web service for its health: the variable PORT, or Render's own default."""
    return int(part.settings.get(f"{VARIABLE}PORT", DEFAULT_PORT))


def same_path(path: str) -> str:
    """A path in the repository in one spelling."""
    return path.removeprefix("./") or "."


def _listed(content: Raw, key: str) -> list[Raw]:
    found = content.get(key) or []
    if not isinstance(found, list):
        raise TypeError(f"{key} is no list")
    return found


def _service(service: Raw, groups: Mapping[str, Any]) -> Part:
    kind = service["type"]
    variables = dict(_variables(service.get("envVars") or (), groups))
    scaling = service.get("scaling")
    store = kind in CACHES
    return Part(
        name=service["name"],
        kind="cache" if store else "job" if kind == "cron" else "service",
        image=(service.get("image") or {}).get("url", ""),
        plan=service.get("plan", DEFAULT_PLAN),
        region=service.get("region", DEFAULT_REGION),
        health_path=service.get("healthCheckPath", ""),
        copies=None if store or scaling or kind == "cron" else service.get("numInstances", 1),
        bounds=_bounds(scaling) if scaling else None,
        settings={}
        if store
        else dict(_settings(service))
        | {f"{VARIABLE}{key}": value for key, value in variables.items() if value is not None},
        secrets={key: None for key, value in variables.items() if value is None},
    )


def _bounds(scaling: Raw) -> Bounds:
    return Bounds(
        scaling["minInstances"],
        scaling["maxInstances"],
        scaling.get("targetCPUPercent"),
        scaling.get("targetMemoryPercent"),
    )


def _variables(entries: Any, groups: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Name -> value, None where it is not written down. A service's own go before those of its groups."""
    for entry in entries:
        if "fromGroup" in entry:
            yield from _variables(groups[entry["fromGroup"]], groups)
    for entry in entries:
        if "key" in entry:
            value = entry.get("value")
            yield entry["key"], None if value is None else _concealed(entry["key"], plain(value))


def _concealed(key: str, value: str) -> str:
    return mark(value) if SECRET_SHAPE.search(value) else hidden(key, value)


def _settings(service: Raw) -> Iterator[tuple[str, str]]:
    trigger = service.get("autoDeployTrigger") or ("commit" if service.get("autoDeploy", True) else "off")
    yield "automatic releases", "no" if trigger == "off" else "yes"
    yield "runtime", str(service.get("runtime") or service.get("env", ""))
    if service["type"] not in ("cron", "worker"):
        yield "time to shut down", f"{service.get('maxShutdownDelaySeconds', DEFAULT_SHUTDOWN)} s"
    if service.get("schedule"):
        yield "schedule", str(service["schedule"])
    if disk := service.get("disk"):
        yield "disk", f"{disk['name']} at {disk['mountPath']}, {disk.get('sizeGB', 10)} GB"
    for name in COMMANDS:
        if service.get(name):
            yield name, " ".join(str(service[name]).split())
    for name in PATHS:
        if service.get(name):
            yield name, same_path(str(service[name]))
