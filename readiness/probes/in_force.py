"""The settings that are in force in running containers, in the keys of a description."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from readiness.config.notations import hidden
from readiness.targets.platform import Belonging, Platform, RunsAs

AT_ONCE = 4
DISAGREE = " | "
UNSET = "(not set)"
Settings = Mapping[str, str]


def settings_in_production(platform: Platform, services: Iterable[str]) -> Settings:
    """What is in force in every copy of these services; where copies disagree, all that they say."""
    copies = [(service, copy.id) for service in services for copy in platform.replicas(service)]
    return _settings(platform, copies)


def settings_of_belongings(platform: Platform, belongings: Iterable[Belonging]) -> Settings:
    """What is in force in the containers of another project."""
    return _settings(platform, [(each.service, each.name) for each in belongings if each.kind == "container"])


def _settings(platform: Platform, containers: list[tuple[str, str]]) -> Settings:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looked = list(pool.map(lambda each: platform.runs_as(each[1]), containers))
    by_service: dict[str, list[Settings]] = {}
    for (service, _), runs in zip(containers, looked, strict=True):
        by_service.setdefault(service, []).append(settings_of(runs))
    return {
        f"{service}: {key}": DISAGREE.join(sorted({copy.get(key, UNSET) for copy in copies}))
        for service, copies in by_service.items()
        for key in {key for copy in copies for key in copy}
    }


def settings_of(runs: RunsAs) -> Settings:
    """One container's settings; limits that there are none of are left out."""
    limits = {
        "deploy resources limits memory": f"{runs.memory_limit} bytes" if runs.memory_limit else "",
        "deploy resources limits cpus": f"{runs.cpu_limit:g}" if runs.cpu_limit else "",
        "user": runs.user,
    }
    return {
        "command in force": json.dumps(runs.argv),
        **{key: value for key, value in limits.items() if value},
        **{f"environment {name}": hidden(name, value) for name, value in runs.environment.items()},
    }
