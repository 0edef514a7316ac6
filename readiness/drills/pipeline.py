"""The way from sources to customers, walked with good sources and with sources that one gate each has to stop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from readiness.config.releases import Edit, Pipeline
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause
from readiness.drills.builds import build_of, change_one_line, copy_of
from readiness.drills.copy_watch import CopyLook, CopyWatch
from readiness.drills.release_traffic import releases_of
from readiness.drills.releasing import images_now, one_image
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

HEAD_START = 2.0  # seconds after which a second run begins while the first is at work
LAST_LINES = 5


@dataclass(frozen=True)
class Walk:
    """One run of the pipeline, by the clock. `gate`: the one that had to stop it, "" for none.

    `steps`: step -> digest, from its record; `images`: what the copies ran when it had ended.
    """

    gate: str
    began: float
    ended: float
    succeeded: bool
    words: str
    steps: Mapping[str, str]
    images: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PipelineRuns(Observation):
    """Three or more runs, the good one first; the second one began while it was at work. Examined: runs, and their steps.

    `former`: the image before; `alone`: whether a run was refused that its own author approved. `looks`: what the copies ran
    all the while.
    """

    former: str
    walks: tuple[Walk, ...]
    alone: Walk
    looks: tuple[CopyLook, ...]
    taken_back: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the good run took."""
        return self.walks[0].ended - self.walks[0].began


def run_the_pipeline(target: Target, undo: UndoStack) -> PipelineRuns:
    """Run it with good sources, and while it is at work with sources that fail a gate; then once for each other gate."""
    pipeline, former = _pipeline(target), one_image(target)
    back = target.procedure("deploy")
    owed = undo.owe(
        "run_command",
        command=list(back.argv(image=target.platform.service(target.profile.service.name).image)),
        folder=str(target.root),
        timeout=back.timeout,
    )
    first, *others = pipeline.gates.items()
    with CopyWatch(target) as watch, ThreadPoolExecutor(2) as pool:
        good = pool.submit(_walk, target, pipeline, "", {})
        pause(HEAD_START)
        second = pool.submit(_walk, target, pipeline, *first)
        walks = [good.result(), second.result()]
        walks += [_walk(target, pipeline, *each) for each in others]
        alone = _walk(target, pipeline, "approval", {}, approver=pipeline.author)
        looks = watch.looks
    ran = target.run_procedure("rollback")
    taken_back = images_now(target)
    if ran.exit_code == 0 and taken_back == (former,):
        undo.forget(owed)
    return PipelineRuns(
        examined=len(walks) + 1 + len(walks[0].steps),
        former=former,
        walks=tuple(walks),
        alone=alone,
        looks=looks,
        taken_back=taken_back,
    )


def _walk(
    target: Target, pipeline: Pipeline, gate: str, edits: Mapping[str, Edit], *, approver: str = ""
) -> Walk:
    build = build_of(target)
    with copy_of(build.context) as context, TemporaryDirectory(prefix="readiness-release-") as folder:
        change_one_line(context / build.source_to_touch)
        for file, edit in edits.items():
            try:
                edit.apply(context / file)
            except (OSError, ValueError) as problem:
                raise CannotLook(
                    f"releases.pipeline.gates.{gate} does not fit the sources: {problem}"
                ) from problem
        record = Path(folder, "record.json")
        began = clock()
        ran = target.run_procedure(
            "release",
            context=str(context),
            record=str(record),
            author=pipeline.author,
            approver=approver or pipeline.approver,
        )
        return Walk(
            gate,
            began,
            clock(),
            ran.exit_code == 0,
            " ".join(ran.output.splitlines()[-LAST_LINES:]),
            steps_in(record),
            images_now(target),
        )


def steps_in(record: Path) -> Mapping[str, str]:
    """The digests of a record; none where there is no record, or it is no JSON."""
    try:
        told: Any = json.loads(record.read_text(encoding="utf-8"))
        return {str(step): str(digest) for step, digest in told["steps"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _pipeline(target: Target) -> Pipeline:
    pipeline = releases_of(target).pipeline
    if pipeline is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what stops a release (releases.pipeline)."
        )
    target.procedure("release")
    return pipeline
