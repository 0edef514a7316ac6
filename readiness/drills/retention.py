"""Copies grow in number, in a copy of the deployment: what is removed, what is kept, and what becomes of the last good one?"""

from __future__ import annotations

import json
from dataclasses import dataclass

from readiness.actions.deployment import make_copy
from readiness.config.recovery import Recovery, Retention
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.copying import recovery_of
from readiness.drills.first_start import dependencies_of
from readiness.harness.undo import UndoStack
from readiness.targets.platform import Platform, Ran, Replica
from readiness.targets.target import Target

STAGE = "readiness-kept"
FIRST_WITHIN, COMMAND_WITHIN = 120.0, 120.0
BAD_NIGHTS = 3
BREAK = (
    'find {files} -type f | while read -r each; do truncate -s $(($(stat -c %s "$each") / 2)) "$each"; done'
)


@dataclass(frozen=True, kw_only=True)
class Kept(Observation):
    """What was kept. Examined: the copies that were made, and the tries that failed.

    `made`: labels of the full copies, oldest first. `kept`: how many the policy keeps. `after_good`: labels that were there when
    as many tries as copies had failed, and then the newest copy was found good. `bad`: copies made later, and broken;
    `found_good`: whether a rehearsal said of them that they are good. `verified`: the last one that was found good.
    `after_bad`: labels that are there after things were to be removed once more.
    """

    made: tuple[str, ...]
    failed: int
    kept: int
    after_good: tuple[str, ...]
    bad: tuple[str, ...]
    found_good: bool
    verified: str
    after_bad: tuple[str, ...]


def keep_and_remove(target: Target, undo: UndoStack) -> Kept:
    """Make more copies than are kept, let tries fail, let it be cleared away; then break the newest ones, and clear again."""
    recovery = recovery_of(target)
    how = _retention(target, recovery)
    aside = undo.aside(STAGE)
    service = target.profile.service.name
    platform = make_copy(
        target.platform,
        aside,
        STAGE,
        {**dict.fromkeys(dependencies_of(target), 1), service: 1, recovery.service: 0},
    )
    try:
        return _watch(_Keeper(platform, recovery, how))
    finally:
        aside.settle()


def _retention(target: Target, recovery: Recovery) -> Retention:
    if recovery.retention is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how old copies are removed (recovery.retention)."
        )
    return recovery.retention


class _Keeper:
    """The service that makes copies, in a copy of the deployment."""

    def __init__(self, platform: Platform, recovery: Recovery, how: Retention) -> None:
        self._platform = platform
        self._recovery = recovery
        self.how = how
        platform.change_settings(recovery.service, how.settings)
        platform.scale(recovery.service, 1)
        self._copy = self._ready()

    def run(self, command: tuple[str, ...], *, away: bool = False) -> Ran:
        """One of the commands; with the database away, if that is asked for."""
        settings = self._recovery.away if away else {}
        return self._platform.run_inside(self._copy.id, command, timeout=COMMAND_WITHIN, settings=settings)

    def make(self) -> str:
        """One more full copy; its label."""
        ran = self.run(self.how.make)
        if ran.exit_code != 0:
            raise CannotLook(f"no copy could be made in {STAGE}: {' '.join(ran.output.split())[-300:]}")
        return self.full()[-1]

    def full(self) -> tuple[str, ...]:
        """Labels of the full copies that are there, oldest first."""
        ran = self.run(self.how.list)
        try:
            return tuple(
                each["label"] for each in json.loads(ran.output)["database"] if each["kind"] == "full"
            )
        except (ValueError, KeyError, TypeError):
            raise CannotLook(f"the copies of {STAGE} cannot be listed: {ran.output[-300:]}") from None

    def spoil(self, label: str) -> None:
        """Cut the files of a copy short."""
        script = BREAK.format(files=self.how.files.replace("{label}", label))
        self._platform.run_inside(self._copy.id, ["sh", "-c", script], timeout=COMMAND_WITHIN)

    def _ready(self) -> Replica:
        """As soon as the first copy is there and was tried out, which comes by itself."""

        def first() -> Replica | None:
            for copy in self._platform.replicas(self._recovery.service):
                ran = self._platform.run_inside(copy.id, self.how.list, timeout=COMMAND_WITHIN)
                if ran.exit_code == 0 and '"passed": true' in ran.output:
                    return copy
            return None

        waited = wait_until(first, bool, patience=FIRST_WITHIN, every=1.0)
        if waited.last is None:
            raise CannotLook(f"no good copy came about in {STAGE} within {waited.seconds:.0f} s")
        return waited.last


def _watch(keeper: _Keeper) -> Kept:
    made = [*keeper.full()]
    while len(made) < keeper.how.kept + 2:
        made.append(keeper.make())
    failed = sum(keeper.run(keeper.how.make, away=True).exit_code != 0 for _ in range(BAD_NIGHTS))
    if keeper.run(keeper.how.rehearse).exit_code != 0:
        raise CannotLook(
            "the newest copy is not good although nobody touched it, so it cannot be seen what is kept"
        )
    after_good = keeper.full()
    bad = [keeper.make() for _ in range(keeper.how.kept)]
    for label in bad:
        keeper.spoil(label)
    found_good = keeper.run(keeper.how.rehearse).exit_code == 0
    keeper.run(keeper.how.clear)
    return Kept(
        examined=len(made) + len(bad) + BAD_NIGHTS,
        made=tuple(made),
        failed=failed,
        kept=keeper.how.kept,
        after_good=after_good,
        bad=tuple(bad),
        found_good=found_good,
        verified=made[-1],
        after_bad=keeper.full(),
    )
