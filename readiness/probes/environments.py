"""The environments beside production: how each is described, and which images it would run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from readiness.config.description import Description, description_of
from readiness.config.environments import OUTPUT, Environments
from readiness.config.procedures import Procedure
from readiness.core.errors import CapabilityMissing
from readiness.core.observations import Observation
from readiness.targets.platform import Platform
from readiness.targets.procedures import run_command
from readiness.targets.target import Target

UNSET = re.compile(r"\b(?:is not set|not defined|unset|unbound)\b|blank string", re.IGNORECASE)
LAST_WORDS = 5


@dataclass(frozen=True)
class Described:
    """An environment's description, and what its tool complained of; no settings where it could not be described."""

    environment: str
    complaints: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Descriptions(Observation):
    """The descriptions of production and of every other environment. Examined: their settings."""

    production: Described
    others: tuple[Described, ...]


@dataclass(frozen=True)
class ImageThere:
    """The image of one service in an environment that stands in for production.

    `reference` as described, `id` of the image that it means now, `production`: ids of the images that production's copies
    run. `built`: it would be built there. `mounted`: what is put over the image's own files there, and not in production.
    """

    environment: str
    service: str
    reference: str
    id: str
    production: tuple[str, ...]
    built: bool
    mounted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImagesThere(Observation):
    """The images of all environments that stand in for production. Examined: services."""

    images: tuple[ImageThere, ...]


def environments_of(target: Target) -> Environments:
    """The environments of the profile. CapabilityMissing where it names none."""
    environments = target.profile.environments
    if environments is None:
        raise CapabilityMissing(f"The profile of {target.name} names no environment beside production.")
    return environments


def describe_environments(target: Target) -> Descriptions:
    """Have every environment described by its own tool, production first."""
    production, *others = (
        _described(name, procedure, target.root) for name, procedure in environments_of(target).descriptions
    )
    examined = sum(len(each.settings) for each in (production, *others))
    return Descriptions(examined=examined, production=production, others=tuple(others))


def look_up_images(target: Target) -> ImagesThere:
    """Look up the images that stand-ins for production would run, and those that production runs."""
    environments = environments_of(target)
    there = describe_environments(target)
    running = _running(target.platform)
    images = tuple(
        _image(target.platform, each, service, there.production, running[service])
        for each in there.others
        if environments.others[each.environment].release
        for service in each.services
        if service in running
    )
    return ImagesThere(examined=len(images), images=images)


def _described(name: str, procedure: Procedure, root: Path) -> Described:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "description"
        ran = run_command(procedure.argv(**{OUTPUT: str(file)}), folder=root, timeout=procedure.timeout)
        lines = ran.output.strip().splitlines()
        if ran.exit_code != 0 or not file.is_file():
            words = " ".join(lines[-LAST_WORDS:]) or "no word"
            return Described(name, (f"it cannot be described (exit status {ran.exit_code}): {words}",))
        try:
            description = description_of(file.read_text(encoding="utf-8"))
        except ValueError as error:
            return Described(name, (f"its description cannot be read: {error}",))
    return Described(name, _complaints(lines, description), description.services, description.settings)


def _complaints(lines: Iterable[str], description: Description) -> tuple[str, ...]:
    """What the tool said of variables, and every setting that came out empty."""
    said = [line.strip() for line in lines if UNSET.search(line)]
    empty = [f"{key} is empty" for key, value in description.settings.items() if not value and _is_told(key)]
    return (*said, *empty)


def _is_told(key: str) -> bool:
    return ": environment " in key or key.endswith(": image")


def _running(platform: Platform) -> dict[str, tuple[str, ...]]:
    """Service -> the ids of the images that its copies run, for services with copies."""
    found = {
        service.name: tuple(sorted({copy.image_id for copy in platform.replicas(service.name)}))
        for service in platform.services()
    }
    return {service: ids for service, ids in found.items() if ids}


def _image(
    platform: Platform, there: Described, service: str, production: Described, running: tuple[str, ...]
) -> ImageThere:
    reference = there.settings.get(f"{service}: image", "")
    mounts = {key for key in there.settings if key.startswith(f"{service}: file ")}
    mounted = sorted(key.partition(": file ")[2] for key in mounts - production.settings.keys())
    return ImageThere(
        environment=there.environment,
        service=service,
        reference=reference,
        id=platform.image(reference).id if reference else "",
        production=running,
        built=f"{service}: build" in there.settings,
        mounted=tuple(mounted),
    )
