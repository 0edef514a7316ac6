"""Copies that are good, broken, cut short, empty or old are tried out; and a rehearsal fails, and somebody is to be told."""

from __future__ import annotations

import time
from dataclasses import dataclass

from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.copying import (
    Tried,
    is_on,
    keeper_of,
    listed,
    recovery_of,
    told_of,
    wait_for_quiet,
)
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

ASIDE = "readiness-tried"
ANY_AGE, TOO_YOUNG = "86400", "1"
PERSON = "acceptance"
LAST_WORDS = 200
QUIET_WITHIN = 120.0
LARGE = "find /aside -type f -size +256k | while read -r each; do"
PLACES = 'for n in $(seq 1 40); do printf broken | dd of="$each" bs=1 seek=$((n * 6000)) conv=notrunc status=none; done'
# What is done to a copy of the repository: to everything large in it, for a rehearsal need read only what its copy is made of.
HARM = (
    ("with bytes changed in the middle", f"{LARGE} {PLACES}; done"),
    ("cut short", f'{LARGE} truncate -s $(($(stat -c %s "$each") / 2)) "$each"; done'),
    ("empty", "find /aside -type f -exec truncate -s 0 {} +"),
)


@dataclass(frozen=True)
class Trial:
    """A copy as it was given to the rehearsal, whether it was found good, and the last words on it."""

    words: str
    good: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class Rehearsals(Observation):
    """What rehearsals said of copies. Examined: the trials, and the drills that were written down.

    `untouched`: the copy as it is. `harmed`: after each kind of harm. `old`: when a copy may be a second old only. `told_after`:
    seconds until a person was told of that; None: nobody was. `passed`: the drill that was good afterwards, as it was written
    down. `newest`: labels of all copies. `unasked`: drills that nobody asked for, the last one first. `looked`: when it was
    looked at (Unix seconds). `quiet`: whether the alarm ended.
    """

    untouched: Trial
    harmed: tuple[Trial, ...]
    old: Trial
    told_after: float | None
    passed: Tried | None
    newest: tuple[str, ...]
    unasked: tuple[Tried, ...]
    looked: float
    quiet: bool

    @property
    def last_unasked(self) -> float:
        """Seconds since the last good drill that nobody asked for. ValueError when there was none."""
        return self.looked - max(each.ended for each in self.unasked if each.passed)


def rehearse(target: Target, undo: UndoStack) -> Rehearsals:
    """Try copies of the repository, each harmed in another way; then let a rehearsal fail and one succeed."""
    recovery = recovery_of(target)
    wait_for_quiet(target, recovery.alarms.bad)
    untouched = _on_a_copy(target, undo, "as it is", "")
    harmed = tuple(_on_a_copy(target, undo, words, harm) for words, harm in HARM)
    began = time.time()
    ran = target.run_procedure("rehearse", person=PERSON, age=TOO_YOUNG)
    old = Trial("older than it may be", ran.exit_code == 0, " ".join(ran.output.split())[-LAST_WORDS:])
    told_after = told_of(target, recovery.alarms.bad, began)
    target.run_procedure("rehearse", person=PERSON, age=ANY_AGE)
    after = listed(target)
    mine = [each for each in after.drills if each.by == PERSON and each.passed and each.ended >= began]
    others = [each for each in after.drills if each.by != PERSON]
    quiet = wait_until(
        lambda: is_on(target, recovery.alarms.bad), lambda on: not on, patience=QUIET_WITHIN, every=1.0
    )
    return Rehearsals(
        examined=2 + len(harmed) + len(after.drills),
        untouched=untouched,
        harmed=harmed,
        old=old,
        told_after=told_after,
        passed=mine[-1] if mine else None,
        newest=tuple(each.label for each in after.copies),
        unasked=tuple(reversed(others)),
        looked=time.time(),
        quiet=quiet.happened,
    )


def _on_a_copy(target: Target, undo: UndoStack, words: str, harm: str) -> Trial:
    """What a rehearsal says of a copy of the repository that was harmed before."""
    platform, keeper = target.platform, keeper_of(target)
    aside = undo.owe("remove_aside", name=ASIDE)
    platform.remove_aside(ASIDE)
    platform.keep_aside(keeper.id, recovery_of(target).repository, ASIDE)
    if harm:
        platform.change_aside(ASIDE, keeper.image_id, ["sh", "-c", harm])
    ran = target.run_procedure("try_copy", repository=ASIDE, age=ANY_AGE)
    undo.settle(aside)
    return Trial(words, ran.exit_code == 0, " ".join(ran.output.split())[-LAST_WORDS:])
