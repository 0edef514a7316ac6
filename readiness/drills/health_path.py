"""The health check that is described for a platform: asked of every copy, and of one that can reach nothing it needs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from readiness.actions.copies import start_trial
from readiness.config.blueprint import port_of
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.declaration import declaration_of, file_name, read_description
from readiness.probes.inside import ask_inside, status_inside
from readiness.targets.target import Target

NAME = "readiness-cut-off"
STARTING = 60.0
LOOKING = 3.0


@dataclass(frozen=True)
class Asked:
    """One described health check, where it is described, and what came of asking.

    `copies`: instance and status of each running copy. `elsewhere`: the status for a path that nobody knows. `cut_off`: every
    status that a copy gave that reaches nothing, in the `LOOKING` seconds after its first answer; 0 where it gave none.
    """

    port: int
    path: str
    described: tuple[str, ...]
    copies: tuple[tuple[str, int], ...]
    elsewhere: int
    cut_off: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class HealthPaths(Observation):
    """All described health checks of the service under acceptance. Examined: answers."""

    asked: tuple[Asked, ...]


def ask_described_health_checks(target: Target, undo: UndoStack) -> HealthPaths:
    """Ask on each described path, from within; a copy of our own on no network is the one that reaches nothing."""
    places = _places(target)
    build = target.profile.service.build
    if build is None or not build.trial_settings:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say with which settings a copy comes up alone "
            "(service.build.trial_settings), so none can be cut off."
        )
    alone = start_trial(target.platform, undo, target.profile.service.image, NAME, build.trial_settings)
    asked = tuple(_ask(target, alone, port, path, files) for (port, path), files in places.items())
    return HealthPaths(examined=sum(len(each.copies) + len(each.cut_off) + 1 for each in asked), asked=asked)


def _places(target: Target) -> dict[tuple[int, str], tuple[str, ...]]:
    """Port and path of each described health check of the service -> where it is described."""
    service, declaration = target.profile.service, declaration_of(target)
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    if service.health:
        found[service.health.port, service.health.readiness] = ("service.health.readiness",)
    for each in (declaration.running, *declaration.elsewhere):
        for part in read_description(target, each) if each.file else ():
            if part.kind == "service" and part.name == service.name:
                key = port_of(part), part.health_path or "/"
                found[key] = (*found.get(key, ()), f"{file_name(target.root, each.file)}, {part.name}")
    if not found:
        raise CapabilityMissing(f"Nothing describes a health check of {service.name}.")
    return found


def _ask(target: Target, alone: str, port: int, path: str, files: tuple[str, ...]) -> Asked:
    platform, service = target.platform, target.profile.service.name
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} is running, so its health cannot be asked for")
    statuses = tuple((copy.instance, status_inside(platform, copy, port, path)) for copy in copies)
    nowhere = status_inside(platform, copies[0], port, f"/{uuid.uuid4().hex}")
    first = wait_until(lambda: _status(target, alone, port, path), bool, patience=STARTING)
    given = [first.last]
    wait_until(
        lambda: given.append(_status(target, alone, port, path)), lambda _: False, patience=LOOKING, every=0.5
    )
    return Asked(port, path, files, statuses, nowhere, tuple(sorted(set(given))))


def _status(target: Target, container: str, port: int, path: str) -> int:
    if target.platform.throwaway_health(container) == "ended":
        return 0
    return ask_inside(target.platform, container, port, path).status
