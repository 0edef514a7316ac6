"""How many copies of each part run, and whether each of them is one that works."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.deployments import Bounds, Part
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.probes.declaration import declaration_of, read_description, with_bounds
from readiness.probes.inside import status_inside
from readiness.targets.platform import Platform, Replica, Service
from readiness.targets.target import Target

SETTLING = 20.0


@dataclass(frozen=True)
class CopySeen:
    """A copy that counts as running. `answered`: the status of its readiness, None where nobody says how to ask for it."""

    instance: str
    health: str
    image_id: str
    answered: int | None


@dataclass(frozen=True)
class Counted:
    """One part: how many copies are described (or the bounds), how many the platform is asked for, and those that run.

    `image`: the described reference, and the id of the image that it means.
    """

    service: str
    described: int | None
    bounds: Bounds | None
    desired: int
    copies: tuple[CopySeen, ...]
    image: str
    image_id: str


@dataclass(frozen=True, kw_only=True)
class Count(Observation):
    """All described parts. Examined: copies."""

    counted: tuple[Counted, ...]


def count_copies(target: Target) -> Count:
    """Count the copies once each part has as many as it is meant to have, or after `SETTLING` seconds."""
    declaration = declaration_of(target)
    parts = with_bounds(read_description(target, declaration.running), declaration.scaled)
    names = {service.name for service in target.platform.services()}
    wait_until(
        lambda: all(_settled(target, part.name) for part in parts if part.name in names),
        bool,
        patience=SETTLING,
        every=1.0,
    )
    counted = tuple(_counted(target, part) for part in parts if part.name in names)
    return Count(examined=sum(len(each.copies) for each in counted), counted=counted)


def _settled(target: Target, name: str) -> bool:
    service, copies = target.platform.service(name), target.platform.replicas(name)
    return len(copies) == service.desired and all(copy.health in ("healthy", "") for copy in copies)


def _counted(target: Target, part: Part) -> Counted:
    platform = target.platform
    service: Service = platform.service(part.name)
    copies = tuple(
        CopySeen(copy.instance, copy.health, copy.image_id, _answer(target, copy))
        for copy in platform.replicas(part.name)
    )
    return Counted(
        part.name,
        part.copies,
        part.bounds,
        service.desired,
        copies,
        part.image,
        _content(platform, part.image),
    )


def _content(platform: Platform, image: str) -> str:
    """The id of the image that a reference means; "" where none is described, or the platform does not show images."""
    try:
        return platform.image(image).id if image else ""
    except CapabilityMissing:
        return ""


def _answer(target: Target, copy: Replica) -> int | None:
    health = target.profile.service.health
    if health is None or copy.service != target.profile.service.name:
        return None
    return status_inside(target.platform, copy, health.port, health.readiness)
