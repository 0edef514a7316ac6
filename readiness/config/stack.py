"""A stack's description (a Compose file with its variables filled in) in the words of `readiness.core.deployments`.

What is left unsaid is what Swarm takes for it, so a default that is written out, or that Swarm reports, makes no difference.
Labels say nothing of what runs, and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from readiness.config.description import settings_of
from readiness.core.deployments import Part

Raw = Mapping[str, Any]
SECRET = "secret "
ROLLING = {
    "parallelism": "1",
    "delay": "0 s",
    "failure_action": "pause",
    "monitor": "5 s",
    "max_failure_ratio": "0",
    "order": "stop-first",
}
DEFAULTS: Mapping[str, str] = {
    **{f"deploy {kind} {key}": value for kind in ("update_config", "rollback_config") for key, value in ROLLING.items()},
    "deploy restart_policy condition": "any",
    "deploy restart_policy delay": "5 s",
    "deploy restart_policy max_attempts": "0",
    "deploy endpoint_mode": "vip",
    "deploy mode": "replicated",
    "init": "false",
    "read_only": "false",
    "stop_grace_period": "10 s",
    "logging driver": "json-file",
}  # fmt: skip
DEFAULT_OWNER = "uid 0, gid 0, mode 292"
LABELS = ("label ", "deploy labels ")
GLOBAL = "global"


def read_stack(text: str) -> tuple[Part, ...]:
    """Every service of a stack as it is described. ValueError where it is no such description."""
    try:
        content = yaml.safe_load(text.replace("$$", "$"))
    except yaml.YAMLError as error:
        raise ValueError(f"it is no YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("services"), dict):
        raise ValueError("it has no services")
    known = {**content, **{kind: _by_name(content.get(kind)) for kind in ("secrets", "configs")}}
    return tuple(part_of(name, service or {}, known) for name, service in sorted(content["services"].items()))


def part_of(name: str, service: Raw, whole: Raw) -> Part:
    """One service in the notation of a Compose file; secrets and configs by the names that the platform has for them."""
    settings = settings_of({**service, "secrets": _owned(service.get("secrets"))}, whole)
    image = settings.pop("image", "")
    everywhere = settings.get("deploy mode") == GLOBAL
    copies = settings.pop("deploy replicas", "1")
    for network in [key for key in settings if key.startswith("network ") and key.endswith(" aliases")]:
        aliases = [alias for alias in settings[network].split(", ") if alias != name]
        settings[network] = ", ".join(aliases)
    return Part(
        name=name,
        image=image,
        copies=None if everywhere else int(copies),
        settings={
            key: value
            for key, value in settings.items()
            if value and DEFAULTS.get(key) != value and not key.startswith(LABELS)
            and value != DEFAULT_OWNER
        },
        secrets={key.removeprefix(SECRET): None for key in settings if key.startswith(SECRET)},
    )  # fmt: skip


def _by_name(entries: Raw | None) -> dict[str, Any]:
    """Shared secrets or configs, of which the platform keeps the name and not the file."""
    return {key: {"name": (each or {}).get("name", key)} for key, each in (entries or {}).items()}


def _owned(entries: Any) -> list[Raw]:
    """Secrets in their long form, each with its owner."""
    found: list[Raw] = []
    for each in entries or ():
        long = dict(each) if isinstance(each, dict) else {"source": each}
        mode = long.get("mode", 0o444)
        long["mode"] = int(mode, 8) if isinstance(mode, str) else mode
        found.append({"uid": "0", "gid": "0", **long})
    return found
