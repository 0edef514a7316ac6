"""Whose container it is: the service's name in this deployment, elsewhere the full name, or the container's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

STACK = "com.docker.stack.namespace"
SERVICE = "com.docker.swarm.service.name"
PROJECT, COMPOSED = "com.docker.compose.project", "com.docker.compose.service"


@dataclass(frozen=True)
class Owner:
    """`service`: by which its lines are found; `container`: the first 12 digits of its id; `name`: the engine's name for it."""

    service: str
    container: str
    name: str


def owner_of(folder: Path, stack: str) -> Owner | None:
    """The owner of the folder of a container's files; None while the engine has not written down whose it is, or it is gone."""
    try:
        told = json.loads((folder / "config.v2.json").read_text(encoding="utf-8"))
        name, labels = str(told["Name"]).lstrip("/"), told["Config"].get("Labels") or {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Owner(service_of(labels, name, stack), folder.name[:12], name)


def service_of(labels: dict[str, str], name: str, stack: str) -> str:
    """The service that a container with these labels and this name is a copy of."""
    if SERVICE in labels:
        own = labels.get(STACK) == stack
        return labels[SERVICE].removeprefix(f"{stack}_") if own else labels[SERVICE]
    if COMPOSED in labels:
        return f"{labels.get(PROJECT, '')}_{labels[COMPOSED]}"
    return name
