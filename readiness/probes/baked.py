"""Names of environments in a build: settings, build arguments and labels that were fixed when an image was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness.probes.crossing import PRODUCTION, identities_of
from readiness.targets.platform import ImageFacts
from readiness.targets.target import Target

ARGUMENTS = re.compile(r"^(?:RUN )?\|\d+ (.*?) /bin/")
WORD = re.compile(r"(\w+)=(\S+)")
SHORT = ("prod", "stage", "dev", "live")
BUILD_MODES = frozenset({"NODE_ENV"})  # which libraries are installed, the same for every environment


@dataclass(frozen=True)
class Baked:
    """An image of a service that names an environment, and where in it."""

    service: str
    image_id: str
    where: str


def look_for_names(target: Target, images: Mapping[str, str]) -> tuple[Baked, ...]:
    """Look through images (id -> service) for the names of environments."""
    names = {PRODUCTION, *identities_of(target), *SHORT}
    return tuple(
        Baked(service, image_id, where)
        for image_id, service in images.items()
        for where in names_in(target.platform.image(image_id), names)
    )


def names_in(image: ImageFacts, names: set[str]) -> Iterator[str]:
    """Settings and build arguments of an image whose value is the name of an environment."""
    for setting in image.environment:
        name, _, value = setting.partition("=")
        if value.casefold() in names and name not in BUILD_MODES:
            yield f"setting {setting}"
    for line in image.history:
        for arguments in ARGUMENTS.findall(line):
            for name, value in WORD.findall(arguments):
                if value.casefold() in names and name not in BUILD_MODES:
                    yield f"build argument {name}={value}"
