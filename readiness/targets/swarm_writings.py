"""What a Swarm has in writing about a stack, in words that everybody may read who may ask the engine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from readiness.targets.asking import asking

STACK_LABEL = "com.docker.stack.namespace"


def writings_of(api: Any, stack: str) -> Iterator[tuple[str, str]]:
    """Services, the configs that they use, containers (ended ones too), networks and volumes, as the engine tells them."""
    mark = {"label": f"{STACK_LABEL}={stack}"}
    with asking(f"read what it knows of stack {stack}"):
        services = api.services(filters=mark)
        for each in services:
            yield f"service {each['Spec']['Name']}", json.dumps(each)
        for config in config_ids(services):
            found = api.inspect_config(config)
            content = base64.b64decode(found["Spec"].get("Data", "")).decode("utf-8", "replace")
            yield (
                f"config {found['Spec']['Name']}",
                f"{json.dumps(found['Spec'].get('Labels') or {})}\n{content}",
            )
        for each in api.containers(all=True, filters=mark):
            yield f"container {each['Names'][0].lstrip('/')}", json.dumps(api.inspect_container(each["Id"]))
        for each in api.networks(filters=mark):
            yield f"network {each['Name']}", json.dumps(each)
        for each in api.volumes(filters=mark)["Volumes"] or ():
            yield f"volume {each['Name']}", json.dumps(each)


def config_ids(services: list[Mapping[str, Any]]) -> list[str]:
    """The ids of all configs that services use, each once."""
    used = [
        config["ConfigID"]
        for each in services
        for config in each["Spec"]["TaskTemplate"]["ContainerSpec"].get("Configs") or ()
    ]
    return list(dict.fromkeys(used))
