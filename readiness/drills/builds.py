"""Builds of the service's image by the operator's own procedure: after a one-line change, and on other base images."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from readiness.actions.images import build_image, new_tag, start_on_trial
from readiness.config.service import Build
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.verdicts import Gap
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.builds import BuildStep, read_build
from readiness.probes.image_walk import exported, walk
from readiness.targets.platform import Ran
from readiness.targets.target import Target

OWN_BASE = "the target's own"
TRIAL = "readiness-trial"
LARGEST_CONTEXT = 500_000_000
LAST_LINES = 12
EXTRA_LOOK = 15.0
COMMENTS = {
    ".py": "#",
    ".rb": "#",
    ".sh": "#",
    ".js": "//",
    ".ts": "//",
    ".go": "//",
    ".java": "//",
    ".kt": "//",
    ".rs": "//",
    ".cs": "//",
}


@dataclass(frozen=True, kw_only=True)
class CodeChangeRebuild(Observation):
    """The second build of two, between which one line of the source changed. Examined: steps of the second build.

    `seconds`: the second build from command to image; `renewed_bytes` of `total_bytes` are in layers that the first image lacks.
    """

    seconds: float
    layers: int
    renewed_layers: int
    total_bytes: int
    renewed_bytes: int
    repeated_steps: tuple[BuildStep, ...]

    @property
    def renewed_share(self) -> float:
        """The renewed bytes as a part of all bytes, 0 to 1."""
        return self.renewed_bytes / self.total_bytes


@dataclass(frozen=True)
class BaseImageBuild:
    """One build on a base image: whether the base could be had, whether a copy came up healthy, and in words what happened."""

    base: str
    obtained: bool
    works: bool
    outcome: str


@dataclass(frozen=True, kw_only=True)
class BaseImageBuilds(Observation):
    """Builds on all base images that the profile names, the target's own first. Examined: base images that could be had."""

    builds: tuple[BaseImageBuild, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The base images that could not be had."""
        return tuple(
            Gap(f"the image on base image {each.base}", each.outcome)
            for each in self.builds
            if not each.obtained
        )


def rebuild_after_a_change(target: Target, undo: UndoStack) -> CodeChangeRebuild:
    """Build from a copy of the sources, change one line, build again.

    CannotLook when a build fails, or when the change leaves no trace in the image.
    """
    build, platform = build_of(target), target.platform
    before, after = new_tag(), new_tag()
    with copy_of(build.context) as context:
        require_built(build_image(target, undo, build, context, before))
        change_one_line(context / build.source_to_touch)
        ran = build_image(target, undo, build, context, after)
    require_built(ran)
    steps = read_build(ran.output)
    if not steps:
        raise CannotLook(
            "procedure build: its output names no build steps (required: BuildKit's plain progress). Add --progress=plain."
        )
    old, new = platform.image(before), platform.image(after)
    content = walk(exported(platform, new.id))
    renewed = [number for number, layer in enumerate(content.layer_ids, start=1) if layer not in old.layers]
    if not renewed:
        raise CannotLook(
            f"a changed line in {build.source_to_touch} changes nothing in the image: "
            "name a file of the service (service.build.source_to_touch)"
        )
    return CodeChangeRebuild(
        seconds=ran.seconds,
        layers=len(content.layer_ids),
        renewed_layers=len(renewed),
        total_bytes=content.total_bytes,
        renewed_bytes=sum(map(content.layer_bytes, renewed)),
        repeated_steps=tuple(step for step in steps if " RUN " in step.name and not step.cached),
        examined=len(steps),
    )


def build_on_every_base(target: Target, undo: UndoStack) -> BaseImageBuilds:
    """Build on the target's own base and on each that the profile names, and try what was built."""
    build = build_of(target)
    with copy_of(build.context) as context:
        builds = tuple(_build_on(target, undo, build, context, base) for base in ("", *build.base_images))
    return BaseImageBuilds(builds=builds, examined=sum(each.obtained for each in builds))


def _build_on(target: Target, undo: UndoStack, build: Build, context: Path, base: str) -> BaseImageBuild:
    tag, name = new_tag(), base or OWN_BASE
    try:
        ran = build_image(target, undo, build, context, tag, base=base)
    except CapabilityMissing as missing:
        return BaseImageBuild(name, False, False, str(missing))
    refused = [
        step.error for step in read_build(ran.output) if step.error and "load metadata for" in step.name
    ]
    if refused:
        return BaseImageBuild(name, False, False, f"it cannot be had here: {refused[0].rpartition(': ')[2]}")
    if ran.exit_code != 0:
        return BaseImageBuild(name, True, False, f"the build failed: {_last_lines(ran)}")
    health = _try_out(target, undo, build, tag)
    return BaseImageBuild(
        name,
        True,
        health == "healthy",
        f"built in {ran.seconds:.1f} s; a copy of it on trial: {health or 'has no health check'}",
    )


def _try_out(target: Target, undo: UndoStack, build: Build, tag: str) -> str:
    """What a copy of the image says of its health when it settled: healthy, unhealthy, ended, or "" for no health check."""
    platform, check = target.platform, target.platform.image(tag).health_check
    container = start_on_trial(platform, undo, tag, TRIAL, build.trial_settings)
    return wait_until(
        lambda: platform.throwaway_health(container.id),
        lambda health: health != "starting",
        patience=check.start_period + check.detection_seconds + EXTRA_LOOK,
    ).last


def build_of(target: Target) -> Build:
    """How the profile says that the image is built. CapabilityMissing where it does not."""
    build = target.profile.service.build
    if build is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how the image is built (service.build)."
        )
    return build


@contextmanager
def copy_of(context: Path) -> Iterator[Path]:
    """A copy of the build's context, for as long as the block lasts."""
    size = sum(file.lstat().st_size for file in context.rglob("*") if file.is_file())
    if size > LARGEST_CONTEXT:
        raise CannotLook(
            f"the build context {context} holds {size} bytes, more than we copy ({LARGEST_CONTEXT}); name a smaller one"
        )
    with TemporaryDirectory(prefix="readiness-context-") as folder:
        yield Path(shutil.copytree(context, Path(folder) / "context", symlinks=True))


def change_one_line(source: Path) -> None:
    """Append a comment that was never there before, so that no cache knows it."""
    comment = COMMENTS.get(source.suffix)
    if comment is None or not source.is_file():
        raise CannotLook(
            f"{source.name} cannot be changed by one line: "
            f"required a file that is there, of a kind we know ({', '.join(COMMENTS)})"
        )
    with source.open("a", encoding="utf-8") as file:
        file.write(f"\n{comment} one changed line: {uuid4()}\n")


def require_built(ran: Ran) -> None:
    """CannotLook, with the last words of the build, when it failed."""
    if ran.exit_code != 0:
        raise CannotLook(
            f"procedure build failed (exit code {ran.exit_code}), so there is nothing to look at: {_last_lines(ran)}"
        )


def _last_lines(ran: Ran) -> str:
    return "\n".join(ran.output.strip().splitlines()[-LAST_LINES:])
