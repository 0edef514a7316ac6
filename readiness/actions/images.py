"""Acts on the engine's image store: builds that leave nothing behind, and a copy on trial."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from readiness.config.service import Build
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform, Ran, Throwaway
from readiness.targets.target import Target

PREFIX = "readiness-build"


def new_tag() -> str:
    """A tag that no other image has."""
    return f"{PREFIX}-{uuid4().hex[:12]}:latest"


def build_image(
    target: Target, undo: UndoStack, build: Build, context: Path, tag: str, *, base: str = ""
) -> Ran:
    """Build the service's image from `context` with the operator's procedure, on another base image if one is given.

    Undo: remove the tag.
    """
    undo.owe("remove_image", reference=tag)
    dockerfile = str(context / build.dockerfile)
    if base:
        return target.run_procedure(
            "build_on_base", context=str(context), dockerfile=dockerfile, tag=tag, base_image=base
        )
    return target.run_procedure("build", context=str(context), dockerfile=dockerfile, tag=tag)


def deploy_image(
    target: Target, undo: UndoStack, image: str, *, procedure: str = "deploy"
) -> tuple[UndoStep, Ran]:
    """Release an image with a procedure of the operator. Undo: release the image of before, which does nothing where it runs."""
    back = target.procedure("deploy")
    former = target.platform.service(target.profile.service.name).image
    step = undo.owe(
        "run_command",
        command=list(back.argv(image=former)),
        folder=str(target.root),
        timeout=back.timeout,
    )
    return step, target.run_procedure(procedure, image=image)


def start_on_trial(
    platform: Platform, undo: UndoStack, image: str, name: str, settings: Sequence[str]
) -> Throwaway:
    """Start the image as it would start by itself, with settings (NAME=value), on no network. Undo: remove the container."""
    undo.owe("remove_container", name=name)
    platform.remove_container(name)
    return platform.start_throwaway(image, name, (), health_check=None, environment=settings)
