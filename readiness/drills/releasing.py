"""A good release goes out and is taken back by the operator's own procedures, while customers of every kind use the service."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.images import build_image, deploy_image, new_tag
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause
from readiness.drills.builds import build_of, change_one_line, copy_of, require_built
from readiness.drills.release_traffic import Traffic, TrafficSeen
from readiness.drills.sizing import Phase
from readiness.harness.undo import UndoStack
from readiness.targets.platform import Ran
from readiness.targets.target import Target

BEFORE, BETWEEN = 3.0, 2.0
LAST_LINES = 6
OUT, BACK = "release", "taken back"


@dataclass(frozen=True)
class Step:
    """One procedure: how long it took, in what way it failed ("" when it did not), and which images the copies ran afterwards."""

    seconds: float
    fault: str
    images: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Release(Observation):
    """A release and its way back. Examined: requests of customers. `former`, `next`: ids of the two images."""

    former: str
    next: str
    out: Step
    back: Step
    phases: tuple[Phase, ...]
    traffic: TrafficSeen

    def phase(self, name: str) -> Phase:
        """One stretch of the drill."""
        return next(each for each in self.phases if each.name == name)


def released_once(target: Target, undo: UndoStack) -> Release:
    """What `release_and_take_back` saw, once in a run; several scenarios look at it."""
    return target.once(Release, lambda: release_and_take_back(target, undo))


def release_and_take_back(target: Target, undo: UndoStack) -> Release:
    """Build a release that differs in one line, deploy it, take it back. CannotLook when it cannot be built."""
    former = one_image(target)
    tag = _one_line_later(target, undo)
    with Traffic(target) as traffic:
        pause(BEFORE)
        phases = [Phase("before", clock() - BEFORE, clock())]
        owed, ran = deploy_image(target, undo, tag)
        out = _step(target, ran)
        phases.append(Phase(OUT, phases[-1].ended, clock()))
        pause(BETWEEN)
        began = clock()
        back = _step(target, target.run_procedure("rollback"))
        phases += [Phase("after", phases[-1].ended, began), Phase(BACK, began, clock())]
        pause(BETWEEN)
        seen = traffic.end()
    if not back.fault and back.images == (former,):
        undo.forget(owed)
    return Release(
        examined=seen.requests,
        former=former,
        next=target.platform.image(tag).id,
        out=out,
        back=back,
        phases=tuple(phases),
        traffic=seen,
    )


def one_image(target: Target) -> str:
    """The id of the image that every copy runs. CannotLook when they differ, for then a release is under way."""
    images = images_now(target)
    if len(images) != 1:
        raise CannotLook(
            f"the copies of {target.profile.service.name} run {len(images)} images before the release"
        )
    return images[0]


def images_now(target: Target) -> tuple[str, ...]:
    """The ids of the images that copies run now."""
    return tuple(sorted({copy.image_id for copy in target.platform.replicas(target.profile.service.name)}))


def _one_line_later(target: Target, undo: UndoStack) -> str:
    build, tag = build_of(target), new_tag()
    with copy_of(build.context) as context:
        change_one_line(context / build.source_to_touch)
        require_built(build_image(target, undo, build, context, tag))
    return tag


def _step(target: Target, ran: Ran) -> Step:
    words = " ".join(ran.output.splitlines()[-LAST_LINES:])
    fault = f"exit status {ran.exit_code}: {words}" if ran.exit_code else ""
    return Step(ran.seconds, fault, images_now(target))
