"""A clone of the service takes more memory than its limit, while customers use the service beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.actions.copies import start_clone
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.visitors import Visitors
from readiness.harness.undo import UndoStack
from readiness.targets.journey import Served
from readiness.targets.platform import Ended, Limits, Platform, Replica
from readiness.targets.target import Target

CLONE = "readiness-overeater"
SHARE = 1.2
MOST = 2 << 30
MEBIBYTE = 1 << 20
PYTHON = "import sys\nkept = [b'x' * 2**20 for _ in range(int(sys.argv[1]))]\nprint('kept', len(kept), 'MiB')"
SHELL = 'head -c "$0" /dev/zero | tail >/dev/null'


@dataclass(frozen=True, kw_only=True)
class Overeating(Observation):
    """What became of the clone and of its neighbours. `limits` in force in a copy; `asked` bytes; examined: the clone's ends.

    `started_again`: the platform started the clone anew after its first end. `before`, `after`: the service's own copies.
    """

    limits: Limits
    asked: int
    ended: tuple[Ended, ...]
    started_again: bool
    before: tuple[Replica, ...]
    after: tuple[Replica, ...]
    visits: tuple[Served, ...]


def let_a_clone_overeat(target: Target, undo: UndoStack, planned_limit: float) -> Overeating:
    """Start the clone, wait for its end and its second start, remove it.

    Where no limit is in force the clone takes a fifth more than `planned_limit` bytes. It never takes more than 2 GiB.
    """
    platform, service = target.platform, target.profile.service.name
    before = platform.replicas(service)
    if not before:
        raise CannotLook(f"no copy of service {service} is running, so there is nothing to clone")
    limits = platform.limits(before[0].id)
    asked = min(MOST, round(SHARE * ((limits.memory or planned_limit) + limits.swap)))
    argv = _eater(platform, before[0], asked)
    with Visitors(target) as visitors:
        step = start_clone(platform, undo, service, CLONE, argv)
        waited = wait_until(
            lambda: _fate(platform),
            lambda fate: fate.for_want_of_memory and fate.again,
            patience=target.profile.patience.change / 2,
        )
        undo.settle(step)
        after = platform.replicas(service)
    if not waited.last.ended and not waited.last.running:
        raise CannotLook(
            f"the clone of service {service} was never started by the platform in {waited.seconds:.0f} s"
        )
    return Overeating(
        examined=max(1, len(waited.last.ended)),
        limits=limits,
        asked=asked,
        ended=waited.last.ended,
        started_again=waited.last.again,
        before=before,
        after=after,
        visits=visitors.served,
    )


@dataclass(frozen=True)
class _Fate:
    ended: tuple[Ended, ...]
    running: tuple[Replica, ...]

    @property
    def for_want_of_memory(self) -> bool:
        """The engine said so of one end; it misses the kernel's word where a copy ends at the same moment."""
        return any(each.out_of_memory for each in self.ended)

    @property
    def again(self) -> bool:
        """A second task exists beside the first one that ended."""
        return len(self.ended) > 1 or bool(self.ended and self.running)


def _fate(platform: Platform) -> _Fate:
    return _Fate(platform.ended(CLONE), platform.replicas(CLONE))


def _eater(platform: Platform, copy: Replica, asked: int) -> Sequence[str]:
    """A command that takes and touches `asked` bytes, of what the image has."""

    def has(*probe: str) -> bool:
        return platform.run_inside(copy.id, probe, timeout=15).exit_code == 0

    if has("python3", "-c", ""):
        return "python3", "-c", PYTHON, str(asked // MEBIBYTE)
    if has("sh", "-c", "command -v head && command -v tail"):
        return "sh", "-c", SHELL, str(asked)
    raise CannotLook(
        f"the image of service {copy.service} has neither python3 nor a shell with head and tail, "
        "so a clone of it cannot be made to take memory"
    )
