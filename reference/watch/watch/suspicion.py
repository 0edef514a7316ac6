"""What looks like a break-in, decided from what was seen. No input or output here."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

WRONG_KEYS = "wrong-keys"
PROBING = "probing"
PROGRAM = "program-started"
KINDS = (WRONG_KEYS, PROBING, PROGRAM)

NO_KEY = 401
NOBODY = "nothing"  # the door's backend for what is not published
REFUSED_AT_DOOR = frozenset({400, 421})
MOST_SOURCES = 10_000


@dataclass(frozen=True)
class Visit:
    """One request as the door logged it. `at` in Unix seconds; `attack`: the door found signs of an attack in it."""

    at: float
    client: str
    method: str
    path: str
    status: int
    backend: str
    attack: bool


@dataclass(frozen=True)
class Started:
    """A program that was started in a running container from outside: `part` is the container's service, or its name."""

    at: float
    part: str
    container: str
    command: str


@dataclass(frozen=True)
class Event:
    """Something to tell a person: what, from whom, against what, and how often it was seen."""

    at: float
    kind: str
    source: str
    target: str
    count: int


@dataclass
class Repeated:
    """Counts per source in a sliding window of seconds, and tells when `threshold` is reached, then again after each window."""

    threshold: int
    window: float
    _seen: dict[str, deque[float]] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)

    def add(self, source: str, at: float) -> int:
        """Count one; how many there are if it has to be told of now, otherwise 0."""
        times = self._seen.setdefault(source, deque(maxlen=10 * self.threshold))
        times.append(at)
        while times[0] <= at - self.window:
            times.popleft()
        if len(times) < self.threshold or at - self._told.get(source, float("-inf")) < self.window:
            return 0
        self._told[source] = at
        return len(times)

    def forget(self, before: float) -> None:
        """Forget sources that were not seen since; and the oldest when there are too many."""
        by_age = sorted(self._seen, key=lambda source: self._seen[source][-1])
        for source in by_age:
            if self._seen[source][-1] >= before and len(self._seen) <= MOST_SOURCES:
                break
            del self._seen[source]
            self._told.pop(source, None)


class Suspicion:
    """Decides what of the visits and of the started programs has to be told."""

    def __init__(
        self, *, wrong_keys: int, probes: int, window: float, known: Iterable[re.Pattern[str]]
    ) -> None:
        self._keys = Repeated(wrong_keys, window)
        self._probes = Repeated(probes, window)
        self._window = window
        self._known = tuple(known)

    def of_visits(self, visits: Iterable[Visit]) -> Iterator[Event]:
        """One event for each source that reaches a threshold."""
        latest = 0.0
        for each in visits:
            latest = max(latest, each.at)
            if each.status == NO_KEY and (count := self._keys.add(each.client, each.at)):
                yield Event(each.at, WRONG_KEYS, each.client, f"{each.method} {each.path}", count)
            if is_probe(each) and (count := self._probes.add(each.client, each.at)):
                yield Event(each.at, PROBING, each.client, f"{each.method} {each.path}", count)
        for counted in (self._keys, self._probes):
            counted.forget(latest - self._window)

    def of_programs(self, programs: Iterable[Started]) -> Iterator[Event]:
        """One event for each program that is not one of the deployment's own."""
        for each in programs:
            if not any(known.fullmatch(each.command) for known in self._known):
                yield Event(each.at, PROGRAM, "the engine's API", f"{each.part} ({each.container[:12]})", 1)


def is_probe(visit: Visit) -> bool:
    """Whether a request was for something that is not there for anybody, or had signs of an attack."""
    return visit.attack or visit.backend == NOBODY or visit.status in REFUSED_AT_DOOR
