"""Many visitors come at once, some over connections that they keep, some over new ones: which copy served how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.targets.door import Answer
from readiness.targets.target import Target

VISITORS = 4  # half of them keep their connection
LOOKS = 40  # requests that tell who serves now, beside up to ten copies


@dataclass(frozen=True)
class Share:
    """How many requests one copy answered, over connections that were kept and over new ones."""

    instance: str
    kept: int
    new: int


@dataclass(frozen=True, kw_only=True)
class Shares(Observation):
    """What each running copy of the service answered. Examined: requests. `astray`: answers that no copy gave, in words."""

    shares: tuple[Share, ...]
    astray: tuple[str, ...]

    @property
    def smallest(self) -> float:
        """What the least visited copy got, as a part of what it would get if all got the same; over either kind of connection."""
        kinds = ([each.kept for each in self.shares], [each.new for each in self.shares])
        return min(min(counts) * len(counts) / sum(counts) if sum(counts) else 0.0 for counts in kinds)


def share_visitors(target: Target, requests: int) -> Shares:
    """Send `requests` harmless requests through the door, by a few visitors at once, each as fast as it is answered.

    Copies that are just leaving, and still serve, are waited for.
    """
    service = target.profile.service.name
    wait_until(lambda: _strangers(target), lambda seen: not seen, patience=target.profile.patience.change / 2)
    before = _instances(target)
    each = requests // VISITORS
    with ThreadPoolExecutor(VISITORS) as pool:
        visits = [pool.submit(_visit, target, each, fresh=number % 2 == 1) for number in range(VISITORS)]
        kept, new = ([answer for visit in visits[first::2] for answer in visit.result()] for first in (0, 1))
    if before != _instances(target):
        raise CannotLook(f"copies of {service} came or went while their shares were counted")
    return shares_of(before, kept, new, target.profile.door.ready.status)


def shares_of(copies: Sequence[str], kept: Sequence[Answer], new: Sequence[Answer], status: int) -> Shares:
    """The shares of these copies in answers that should have this status."""
    over_kept, over_new = (Counter(answer.instance for answer in answers) for answers in (kept, new))
    astray = [
        answer.error or f"status {answer.status} from {answer.instance or 'no copy'}"
        for answer in (*kept, *new)
        if answer.status != status or answer.instance not in copies
    ]
    shares = tuple(Share(copy, over_kept[copy], over_new[copy]) for copy in copies)
    return Shares(examined=len(kept) + len(new), shares=shares, astray=tuple(astray))


def _instances(target: Target) -> list[str]:
    return sorted(copy.instance for copy in target.platform.replicas(target.profile.service.name))


def _strangers(target: Target) -> set[str]:
    """Who answers now and is no copy that is meant to run."""
    answers = _visit(target, LOOKS, fresh=True)
    return {answer.instance for answer in answers} - set(_instances(target))


def _visit(target: Target, requests: int, *, fresh: bool) -> list[Answer]:
    door, ready = target.another_door(), target.profile.door.ready
    patience = target.profile.patience.answer
    return [door.ask("GET", ready.path, timeout=patience, fresh=fresh) for _ in range(requests)]
