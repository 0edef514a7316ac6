"""The memory that a copy's processes hold, with files in memory and without what the machine remembers of files on disk."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock, pause
from readiness.targets.platform import Platform, Replica

STATISTICS = (
    "/sys/fs/cgroup/memory.stat",
    "/sys/fs/cgroup/memory/memory.stat",
)  # of either version of cgroups
HELD = ({"anon", "shmem"}, {"total_rss", "total_shmem"})
EVERY = 0.2


def held_by(platform: Platform, copy: Replica) -> int:
    """Bytes. CannotLook where the copy does not tell."""
    for path, names in zip(STATISTICS, HELD, strict=True):
        text = platform.read_inside(copy.id, path)
        if text:
            pairs = (line.split() for line in text.splitlines())
            return sum(int(value) for name, value in pairs if name in names)
    raise CannotLook(f"copy {copy.instance} does not tell how much memory it holds")


class MemoryWatch:
    """Meanwhile the memory of all copies is looked at again and again. `growth`: the most that one has grown, in bytes."""

    def __init__(self, platform: Platform, copies: Sequence[Replica]) -> None:
        self._platform, self._copies = platform, copies
        self._first = {copy.id: held_by(platform, copy) for copy in copies}
        self._most = dict(self._first)
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.looks = 0

    @property
    def growth(self) -> int:
        """The most that a copy held above what it held at first."""
        return max(self._most[each] - first for each, first in self._first.items())

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._leaving.is_set():
            began = clock()
            for copy in self._copies:
                try:
                    self._most[copy.id] = max(self._most[copy.id], held_by(self._platform, copy))
                except CannotLook:
                    continue  # it may be gone; whether there were enough looks is seen in the end
                self.looks += 1
            pause(max(0.0, EVERY - (clock() - began)))
