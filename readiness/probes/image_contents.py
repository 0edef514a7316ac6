"""What is in the layers of an image: their weight, what they hide, and what must not be in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.config.policies import ForbiddenSettings, ImageContents
from readiness.core.observations import Observation
from readiness.probes.image_packages import in_one_tree, packages_of
from readiness.probes.image_walk import ImageWalk, walked
from readiness.targets.target import Target

HEAVIEST = 10
ASSIGNMENT = re.compile(r"(?:^|[\s|])([A-Za-z_][A-Za-z0-9_]*)=([^\s]+)")


@dataclass(frozen=True)
class CopyImage:
    """One running copy and the id of the image that it runs."""

    copy: str
    image_id: str


@dataclass(frozen=True, kw_only=True)
class RunningImages(Observation):
    """The release image's id, and what each running copy runs. Examined: copies."""

    release: str
    release_id: str
    copies: tuple[CopyImage, ...]


@dataclass(frozen=True, kw_only=True)
class ImageWeight(Observation):
    """The weight of an image in bytes, of each layer, base first. Examined: layers."""

    image_id: str
    bytes: int
    layer_bytes: tuple[int, ...]


@dataclass(frozen=True)
class FoundFile:
    """A file that must not be in an image: its layer (the base is 1), its bytes, whether a later layer hides it."""

    what: str
    path: str
    layer: int
    size: int
    hidden: bool
    reason: str
    remedy: str


@dataclass(frozen=True)
class FoundSetting:
    """A secret's name that has a value in the image's environment or in a command that made it. The value is not kept."""

    name: str
    where: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class HiddenFile:
    """A file that is shipped though a later layer deletes or replaces it."""

    path: str
    layer: int
    hidden_by: int
    size: int


@dataclass(frozen=True, kw_only=True)
class LayerContents(Observation):
    """What the layers hold that they must not, and how many bytes they hide. Examined: files in all layers."""

    image_id: str
    found: tuple[FoundFile, ...]
    settings: tuple[FoundSetting, ...]
    bytes: int
    hidden_bytes: int
    heaviest_hidden: tuple[HiddenFile, ...]

    @property
    def hidden_share(self) -> float:
        """The hidden bytes as a part of all bytes, 0 to 1."""
        return self.hidden_bytes / self.bytes if self.bytes else 0.0


def look_at_running_images(target: Target) -> RunningImages:
    """Which image each running copy of the service runs, beside the release image."""
    service = target.profile.service
    copies = tuple(CopyImage(copy.task, copy.image_id) for copy in target.platform.replicas(service.name))
    return RunningImages(
        release=service.image,
        release_id=target.platform.image(service.image).id,
        copies=copies,
        examined=len(copies),
    )


def weigh_release_image(target: Target) -> ImageWeight:
    """The release image's weight, summed over the files of its layers."""
    image_id = target.platform.image(target.profile.service.image).id
    walk = walked(target.platform, image_id)
    layers = tuple(walk.layer_bytes(number + 1) for number in range(len(walk.layer_ids)))
    return ImageWeight(image_id=image_id, bytes=walk.total_bytes, layer_bytes=layers, examined=len(layers))


def open_layers_of_release_image(target: Target, policy: ImageContents) -> LayerContents:
    """Everything in the release image's layers, judged file by file against the policy."""
    image_id = target.platform.image(target.profile.service.image).id
    return look_into(walked(target.platform, image_id), policy, image_id)


def look_into(walk: ImageWalk, policy: ImageContents, image_id: str) -> LayerContents:
    """What the layers hold that the policy forbids. Pure."""
    hidden = sorted((file for file in walk.files if file.hidden_by), key=lambda file: -file.size)[:HEAVIEST]
    return LayerContents(
        image_id=image_id,
        found=tuple(_found(walk, policy)),
        settings=tuple(_settings(walk, policy.settings)),
        bytes=walk.total_bytes,
        hidden_bytes=walk.hidden_bytes,
        heaviest_hidden=tuple(
            HiddenFile(each.path, each.layer, each.hidden_by or 0, each.size) for each in hidden
        ),
        examined=len(walk.files),
    )


def _found(walk: ImageWalk, policy: ImageContents) -> Iterator[FoundFile]:
    packaged = {path for package in packages_of(walk) if not package.local for path in package.files}
    for file in walk.files:
        for entry in policy.forbidden:
            if entry.catches(file.path, file.marks, in_one_tree(file.path) in packaged):
                hidden = file.hidden_by is not None
                yield FoundFile(
                    entry.name, file.path, file.layer, file.size, hidden, entry.reason, entry.remedy
                )
                break


def _settings(walk: ImageWalk, policy: ForbiddenSettings) -> Iterator[FoundSetting]:
    environment = [("the image's environment", setting) for setting in walk.configuration.environment]
    history = [("a command that made the image", command) for command in walk.configuration.history]
    seen = {
        (name, where)
        for where, text in [*environment, *history]
        for name, value in ASSIGNMENT.findall(text)
        if re.fullmatch(policy.name, name) and value.strip("\"'") and not value.strip("\"'").startswith("$")
    }
    yield from (FoundSetting(name, where, policy.reason, policy.remedy) for name, where in sorted(seen))
