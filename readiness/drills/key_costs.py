"""What looking at a key costs: requests on which a copy does no work, with and without a key, in turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from readiness.actions.keys import Order, access_of, issue_keys, revoke_key, unique
from readiness.config.access import Unserved
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.targets.door import Door
from readiness.targets.target import Target

PAIRS = 150
PAIRS_UNREMEMBERED = 60
WARM_UP = 10
ROUND = 6
PATIENCE = 20.0


@dataclass(frozen=True)
class Pairs:
    """Seconds of equal requests in turns: with a key and without one."""

    with_key: tuple[float, ...]
    without_key: tuple[float, ...]

    @property
    def difference(self) -> float:
        """The median of the differences within the pairs, in seconds."""
        return median(mine - other for mine, other in zip(self.with_key, self.without_key, strict=True))


@dataclass(frozen=True, kw_only=True)
class KeyCosts(Observation):
    """What a key costs in use, and what one that no copy can remember as good, because it is not. Examined: pairs."""

    in_use: Pairs
    unremembered: Pairs

    @property
    def greatest(self) -> float:
        """The greater of the two, in seconds."""
        return max(self.in_use.difference, self.unremembered.difference)


def measure_costs_of_keys(target: Target, undo: UndoStack) -> KeyCosts:
    """Ask in turns with and without a key. The time is the visitor's: it holds all that the key causes anywhere on the way.

    Without a key a path is asked for that the same copies answer without looking at any; with one, a path that they refuse
    only after it was found good. A revoked key is refused with no work done, and never remembered as good.
    """
    access = access_of(target)
    cost = access.cost
    if cost is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how to ask in vain (access.cost)."
        )
    client = unique("revoked")
    (revoked,) = issue_keys(target, undo, [Order(client, client, access.scopes)])
    revoke_key(target, revoked)
    door, good = target.another_door(), target.headers(cost.identity)
    bad = access.proof(revoked.value)
    refusal = Unserved(path=cost.with_key.path, status=access.refusals.stranger)
    _await_refusal(door, refusal, bad)
    _ask(door, refusal, {})  # what we take for a request with a key is none without
    in_use = _in_turns(door, (cost.with_key, good), cost.without_key, PAIRS)
    unremembered = _in_turns(door, (refusal, bad), cost.without_key, PAIRS_UNREMEMBERED)
    return KeyCosts(examined=PAIRS + PAIRS_UNREMEMBERED, in_use=in_use, unremembered=unremembered)


def _await_refusal(door: Door, refusal: Unserved, bad: Mapping[str, str]) -> None:
    """Wait until no copy serves the revoked key any more; how long that takes is judged elsewhere."""
    waited = wait_until(
        lambda: [door.ask("GET", refusal.path, headers=bad).status for _ in range(ROUND)],
        lambda seen: set(seen) == {refusal.status},
        patience=PATIENCE,
    )
    if not waited.happened:
        raise CannotLook(f"a revoked key is not refused within {waited.seconds:.0f} s: status {waited.last}")


def _in_turns(door: Door, mine: tuple[Unserved, Mapping[str, str]], other: Unserved, pairs: int) -> Pairs:
    for _ in range(WARM_UP):
        _ask(door, *mine), _ask(door, other, {})
    asked = [(_ask(door, *mine), _ask(door, other, {})) for _ in range(pairs)]
    return Pairs(tuple(each for each, _ in asked), tuple(each for _, each in asked))


def _ask(door: Door, request: Unserved, headers: Mapping[str, str]) -> float:
    answer = door.ask("GET", request.path, headers=headers)
    if answer.status != request.status or not answer.instance:
        seen = answer.error or f"status {answer.status} from {answer.instance or 'the door itself'}"
        raise CannotLook(f"{request.path}: required status {request.status} from a copy; observed {seen}")
    return answer.seconds
