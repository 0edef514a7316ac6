"""What is required of images: that the one examined is the one that runs, what its layers hold, how it is built."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.builds import BaseImageBuilds, CodeChangeRebuild
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.image_contents import LayerContents, RunningImages


def runs_only_the_release_image() -> Requirement[RunningImages]:
    """Every copy runs the very image that is examined, by id."""

    def find(running: RunningImages) -> Iterator[Violation]:
        for copy in running.copies:
            if copy.image_id != running.release_id:
                required = f"{running.release} ({running.release_id})"
                yield Violation(
                    copy.copy,
                    required,
                    copy.image_id,
                    "deploy the release image again, by its id, and examine what runs",
                )

    return requires("every copy runs exactly the release image", find)


def holds_nothing_forbidden() -> Requirement[LayerContents]:
    """No layer holds a file or a setting that a shipped image must not hold."""

    def find(contents: LayerContents) -> Iterator[Violation]:
        for file in contents.found:
            hidden = ", which a later layer hides and everyone can still read" if file.hidden else ""
            yield Violation(
                f"/{file.path} in layer {file.layer}",
                f"no {file.what}",
                f"{file.size} bytes{hidden}. {file.reason.rstrip('.')}",
                file.remedy,
            )
        for setting in contents.settings:
            yield Violation(
                f"{setting.name} in {setting.where}",
                "no secret among the image's settings",
                f"it has a value. {setting.reason.rstrip('.')}",
                setting.remedy,
            )

    return requires(
        "no layer holds build tools, package caches, tests, repository data, keys or credentials", find
    )


def installs_nothing_again() -> Requirement[CodeChangeRebuild]:
    """A code change repeats no step that installs packages."""

    def find(rebuild: CodeChangeRebuild) -> Iterator[Violation]:
        for step in rebuild.repeated_steps:
            if step.installs:
                remedy = "copy the list of dependencies and install them before the source is copied"
                yield Violation(
                    step.name, "taken from the build cache", f"ran again for {step.seconds:.1f} s", remedy
                )

    return requires("a one-line change installs no dependency again", find)


def works_on_every_base() -> Requirement[BaseImageBuilds]:
    """On each base image that can be had, the image builds, and a copy of it comes up and calls itself healthy."""

    def find(builds: BaseImageBuilds) -> Iterator[Violation]:
        for each in builds.builds:
            if each.obtained and not each.works:
                yield Violation(
                    f"base image {each.base}",
                    "builds, starts and is healthy",
                    each.outcome,
                    "mend the Dockerfile for this base image",
                )

    return requires("the image builds on every base image that can be had, and works", find)
