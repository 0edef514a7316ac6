"""A bad release of one kind on a copy of the service without visitors: whether the platform takes it back by itself."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.copies import start_sibling
from readiness.config.releases import Bad
from readiness.core.errors import CannotLook
from readiness.core.waiting import clock, wait_until
from readiness.drills.wrong_rollout import STOPPED, first_required
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.target import Target

BESIDE = (Bad.CRASHES_AT_START, Bad.NEVER_HEALTHY, Bad.WRONGLY_SET, Bad.CANNOT_MIGRATE)
NAME = "readiness-bad-"


@dataclass(frozen=True)
class Undone:
    """One bad release. `at_the_door`: customers met it. `undone`: what ran before runs again; `seconds`: from its begin on.

    `tried`: a copy of it was started at all. `kept`: what ran before went on meanwhile. `said`: in what way the operator was
    told that all went well. `told_after`: seconds until people were told, None when they were not.
    `at`: when it began, in Unix seconds.
    """

    kind: Bad
    at_the_door: bool
    undone: bool
    seconds: float
    tried: bool
    kept: bool
    said: str
    words: str
    told_after: float | None = None
    at: float = 0.0


@dataclass(frozen=True)
class Beside:
    """A copy of the service beside it, and the bad release that it is to get: an image, or a setting less."""

    target: Target
    kind: Bad
    name: str
    image: str | None
    owed: UndoStep

    def try_out(self) -> Undone:
        """Wait until the copy is healthy, roll the bad release out, and watch until it is taken back or given up."""
        platform, patience = self.target.platform, self.target.profile.patience.change
        ready = wait_until(
            lambda: [each for each in platform.replicas(self.name) if each.health in ("healthy", "")],
            bool,
            patience=patience,
        )
        if not ready.happened:
            raise CannotLook(
                f"a copy of the service beside it did not become healthy within {ready.seconds:.0f} s"
            )
        first = ready.last[0]
        former = (platform.service(self.name).image, platform.settings(self.name))
        began = clock()
        if self.image is None:
            platform.change_settings(self.name, {first_required(self.target): None})
        else:
            platform.change_image(self.name, self.image)
        waited = wait_until(
            lambda: self._standing(former), lambda seen: seen[0], patience=patience, since=began
        )
        _, undone, state = waited.last
        return Undone(
            kind=self.kind,
            at_the_door=False,
            undone=undone,
            seconds=waited.seconds,
            tried=bool({each.task for each in platform.ended(self.name)} - {first.task})
            or any(each.task != first.task for each in platform.replicas(self.name)),
            kept=first.task in {each.task for each in platform.replicas(self.name)},
            said="",
            words=f"the platform says {state or 'nothing'}",
        )

    def _standing(self, former: tuple[str, object]) -> tuple[bool, bool, str]:
        """Whether it is over, whether it was undone, and the platform's word."""
        platform = self.target.platform
        state, service = platform.update_state(self.name), platform.service(self.name)
        idle = not service.update_state
        back = idle and (service.image, platform.settings(self.name)) == former
        return (back and state != "") or state in STOPPED or (idle and state == "completed"), back, state


def begin_beside(target: Target, undo: UndoStack, kind: Bad, image: str | None) -> Beside:
    """Start a copy of the service for one bad release. Undo: remove it."""
    name = f"{NAME}{kind.replace(' ', '-')}"
    return Beside(
        target, kind, name, image, start_sibling(target.platform, undo, target.profile.service.name, name)
    )
