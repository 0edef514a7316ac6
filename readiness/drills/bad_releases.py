"""Bad releases of every kind go out, some to customers, some side by side on copies of the service: what becomes of each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from readiness.actions.images import build_image, deploy_image, new_tag
from readiness.config.releases import Bad
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.bad_beside import BESIDE, Beside, Undone, begin_beside
from readiness.drills.break_in import inbox_of
from readiness.drills.builds import build_of, copy_of, require_built
from readiness.drills.release_traffic import Traffic, TrafficSeen, releases_of
from readiness.drills.releasing import images_now, one_image
from readiness.drills.sizing import Phase
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

AT_THE_DOOR = (Bad.FAILS_CUSTOMERS, Bad.SLOW, Bad.CRASHES_LATER)
BEFORE, BETWEEN = 3.0, 3.0
TOLD_WITHIN = 90.0
DIGITS = 12  # of the id of an image, by which people are told of it
LAST_LINES = 4


@dataclass(frozen=True, kw_only=True)
class BadReleases(Observation):
    """What became of each. Examined: requests of customers meanwhile, and bad releases.

    `phases`: a stretch for each bad release that customers met; `traffic`: what became of their requests.
    """

    undone: tuple[Undone, ...]
    phases: tuple[Phase, ...]
    traffic: TrafficSeen

    @property
    def slowest(self) -> Undone:
        """The one that took longest to be undone."""
        return max(self.undone, key=lambda each: each.seconds)

    @property
    def failed_share(self) -> float:
        """The largest share of customers' requests, 0 to 1, that failed while one bad release was out."""
        return max(self._failed_during(phase) for phase in self.phases)

    def _failed_during(self, phase: Phase) -> float:
        seconds = [each for each in self.traffic.everything if phase.began <= each.at < phase.ended + 1]
        answered = sum(each.answered for each in seconds)
        return sum(sum(each.errors.values()) for each in seconds) / answered if answered else 1.0


def release_bad_once(target: Target, undo: UndoStack) -> BadReleases:
    """What `release_bad_ones` saw, once in a run; several scenarios look at it."""
    return target.once(BadReleases, lambda: release_bad_ones(target, undo))


def release_bad_ones(target: Target, undo: UndoStack) -> BadReleases:
    """Build one bad release of each kind and let them out. CannotLook when one cannot be built or was never tried."""
    former, tags, since = one_image(target), _build_all(target, undo), time.time()
    beside = [begin_beside(target, undo, kind, tags.get(kind)) for kind in BESIDE]
    with Traffic(target) as traffic, ThreadPoolExecutor(len(beside)) as pool:
        pause(BEFORE)
        aside = [pool.submit(Beside.try_out, each) for each in beside]
        undone, phases = [], []
        for kind in AT_THE_DOOR:
            began = clock()
            undone.append(_let_out(target, undo, kind, tags[kind], former))
            phases.append(Phase(kind, began, clock()))
            pause(BETWEEN)
        undone += [each.result() for each in aside]
        seen = traffic.end()
    undone = _with_messages(target, undone, tags, since)
    for each in beside:
        undo.settle(each.owed)
    return BadReleases(
        examined=seen.requests + len(undone), undone=tuple(undone), phases=tuple(phases), traffic=seen
    )


def _build_all(target: Target, undo: UndoStack) -> Mapping[Bad, str]:
    build, bad = build_of(target), releases_of(target).bad
    missing = [kind for kind in Bad if kind not in bad and kind is not Bad.WRONGLY_SET]
    if missing:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how a release becomes bad (releases.bad): {', '.join(missing)}."
        )
    tags = {}
    for kind, edits in bad.items():
        tags[kind] = new_tag()
        with copy_of(build.context) as context:
            for file, edit in edits.items():
                try:
                    edit.apply(context / file)
                except (OSError, ValueError) as problem:
                    raise CannotLook(
                        f"releases.bad.{kind} of the profile does not fit: {problem}"
                    ) from problem
            require_built(build_image(target, undo, build, context, tags[kind]))
    return tags


def _let_out(target: Target, undo: UndoStack, kind: Bad, tag: str, former: str) -> Undone:
    """Deploy a bad release to customers with the operator's procedure, which is to undo it by itself."""
    began, at, bad = clock(), time.time(), target.platform.image(tag).id
    owed, ran = deploy_image(target, undo, tag, procedure="deploy_watched")
    seconds, images = clock() - began, images_now(target)
    words = " ".join(ran.output.splitlines()[-LAST_LINES:])
    seen = Undone(
        kind=kind,
        at_the_door=True,
        undone=images == (former,),
        seconds=seconds,
        tried=bad in images or target.platform.service(target.profile.service.name).image != tag,
        kept=True,
        said="" if ran.exit_code else f"the procedure says that all went well: {words}",
        words=words,
        at=at,
    )
    if seen.undone:
        undo.forget(owed)
    else:
        undo.settle(owed)
    return seen


def _with_messages(
    target: Target, undone: list[Undone], tags: Mapping[Bad, str], since: float
) -> list[Undone]:
    """Each with the seconds until people were told of it: the first message that names the alarm, and the release."""
    releases = releases_of(target)
    if releases.alarm is None:
        return undone
    alarm, inbox = releases.alarm, inbox_of(target)
    names = {
        kind: (tag.partition(":")[0], target.platform.image(tag).id.split(":")[-1][:DIGITS])
        for kind, tag in tags.items()
    }

    def look() -> list[Undone]:
        messages = [each for each in inbox.since(since) if each.channel in releases.people]
        words = [(each.received, f"{each.subject}\n{each.text}") for each in messages]
        return [_told(each, alarm, names.get(each.kind, ()), words) for each in undone]

    return wait_until(
        look,
        lambda seen: all(each.told_after is not None for each in seen if each.at_the_door),
        patience=TOLD_WITHIN,
        every=0.5,
    ).last


def _told(each: Undone, alarm: str, names: tuple[str, ...], messages: list[tuple[float, str]]) -> Undone:
    told = [at for at, words in messages if alarm in words and any(name in words for name in names)]
    return replace(each, told_after=min(told) - each.at) if told and each.at_the_door else each
