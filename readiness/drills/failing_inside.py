"""Something that the service needs stops answering for a few seconds, while callers ask: what they are told of it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.copies import freeze_copy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.outage import required_dependency
from readiness.harness.undo import UndoStack
from readiness.probes.mistakes import Mistake, Told, ask_all, exposure_of, first_key, replace_key
from readiness.targets.target import Target

ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class FailingInside(Observation):
    """What callers were told while every copy of `dependency` was frozen. Examined: answers."""

    dependency: str
    told: tuple[Told, ...]


def freeze_what_is_needed(target: Target, undo: UndoStack) -> FailingInside:
    """Freeze the copies of the first thing that the service cannot do without, ask for everything private, thaw them."""
    exposure, dependency = exposure_of(target), required_dependency(target)
    key = first_key(target)
    copies = target.platform.replicas(dependency)
    if not copies:
        raise CannotLook(f"no copy of {dependency} is running, so none can stop answering")
    steps = [freeze_copy(target.platform, undo, copy) for copy in copies]
    asked = [
        replace_key(Mistake("frozen", f"GET {path.partition('?')[0]}", "GET", path, {}), key)
        for path in exposure.private
        for _ in range(ROUNDS)
    ]
    told = tuple(ask_all(target, asked, exposure))
    for step in reversed(steps):
        if undo.settle(step):
            raise CannotLook(f"{dependency} could not be thawed; the target is left with it frozen")
    return FailingInside(examined=len(told), dependency=dependency, told=told)
