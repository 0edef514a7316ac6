"""Whether the logs of all parts come together, whole and in time; and whether a line is lost when those who collect them die."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from readiness.actions.copies import kill_copy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import pause, wait_until
from readiness.drills.log_writers import (
    Says,
    logs_of,
    search_of,
    start_writer,
    wait_for_its_end,
    written_by,
)
from readiness.harness.undo import UndoStack
from readiness.probes.steady import out_of_order
from readiness.targets.log_search import Found, LogSearch, Sought
from readiness.targets.platform import Replica
from readiness.targets.target import Target

WRITER, BURST = "readiness-log-writer", "readiness-log-burst"
NEWEST = 20
STORED = 1000  # newest lines of a container among which those must be
PATIENCE = 60.0
EVERY = 0.3
NUMBERED = 6000
PACE = 0.002
BEFORE_A_KILL = 3.0
RECOVERS_WITHIN = 120.0


@dataclass(frozen=True)
class PartLog:
    """The newest lines of one copy as the engine has them: how many, and which of them the search does not find.

    `unreadable`: why the engine cannot tell them; then nobody can collect them either.
    """

    service: str
    copy: str
    written: int
    missing: tuple[str, ...]
    unreadable: str = ""


@dataclass(frozen=True)
class SaidLine:
    """A line that we had written: what is special about it, all of it, and how it was found after how many seconds."""

    kind: str
    text: str
    fields: Mapping[str, Any] | None = None
    found: tuple[Found, ...] = ()
    after: float | None = None


@dataclass(frozen=True, kw_only=True)
class LogsTogether(Observation):
    """Every copy's newest lines, and lines of every kind. Examined: lines."""

    parts: tuple[PartLog, ...]
    said: tuple[SaidLine, ...]

    @property
    def slowest(self) -> float:
        """Seconds from the writing of a line until it was found, at most. ValueError when one was not found."""
        after = [each.after for each in self.said]
        if None in after:
            raise ValueError("a line was not found")
        return max(each for each in after if each is not None)


@dataclass(frozen=True, kw_only=True)
class CollectionKilled(Observation):
    """Numbered lines that were written while collector and store were killed. Examined: lines.

    `missing` and `repeated`: numbers; `killed`: the copies that were ended while lines were written.
    """

    written: int
    missing: tuple[int, ...]
    repeated: tuple[int, ...]
    killed: tuple[str, ...] = field(default_factory=tuple)


def look_at_all_logs(target: Target, undo: UndoStack) -> LogsTogether:
    """Let lines of every kind be written, and hold what the engine has of every copy against what the search finds."""
    search = search_of(target)
    mark = secrets.token_hex(8)
    lines = kinds_of_lines(mark)
    writer = start_writer(
        target, undo, WRITER, [Says(each.text, error=each.kind == "among the errors") for each in lines]
    )
    said = tuple(_find_said(search, mark, lines))
    parts = tuple(_newest_of(target, search))
    undo.settle(writer.undo)
    return LogsTogether(examined=len(said) + sum(each.written for each in parts), parts=parts, said=said)


def kinds_of_lines(mark: str) -> tuple[SaidLine, ...]:
    """Lines as programs write them. {now} becomes the time at which each is written."""
    head = f"{mark} {{now}}"
    structured = {
        "level": "info",
        "message": head,
        "numbers": [1, 2.5],
        "nested": {"signs": 'ä "quoted" \\ 100 % _'},
    }
    return (
        SaidLine("plain words", f"{head} plain"),
        SaidLine("signs of all kinds", f"{head} ä € 健 \\ \" ' % _ \t tab"),
        SaidLine("among the errors", f"{head} error"),
        SaidLine("JSON", json.dumps(structured), structured),
        SaidLine("JSON that broke off", json.dumps(structured)[:-9]),
        SaidLine("the first line of a stack trace", f"Traceback of {head} (the newest call last):"),
        SaidLine("a line within a stack trace", f'  File "{head}", line 1, in main'),
        SaidLine("forty thousand signs", f"{head} {'long ' * 8000}end"),
    )


def _find_said(search: LogSearch, mark: str, lines: tuple[SaidLine, ...]) -> Iterator[SaidLine]:
    first: dict[int, float] = {}

    def look() -> tuple[Found, ...]:
        found = search.find(Sought(text=mark))
        for number, line in enumerate(lines):
            if number not in first and (mine := matching(line, found)):
                first[number] = time.time() - written_at(mine[0].line, mark)
        return found

    waited = wait_until(look, lambda _: len(first) == len(lines), patience=PATIENCE, every=EVERY)
    for number, line in enumerate(lines):
        yield replace(line, found=matching(line, waited.last), after=first.get(number))


def matching(line: SaidLine, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The lines that are this one, but for the time that was written into it."""
    pattern = re.compile(r"\d+\.\d{6}".join(re.escape(part) for part in line.text.split("{now}")))
    return tuple(each for each in found if pattern.fullmatch(each.line))


def written_at(text: str, mark: str) -> float:
    """The time that a line has in it. ValueError when it has none."""
    told = re.search(rf"{mark} (\d+\.\d{{6}})", text)
    if told is None:
        raise ValueError("a line without the time of its writing")
    return float(told[1])


def _newest_of(target: Target, search: LogSearch) -> Iterator[PartLog]:
    platform = target.platform
    copies = [copy for service in platform.services() for copy in platform.replicas(service.name)]
    logs = [_log_of(target, copy) for copy in (*copies, *platform.companions())]

    def look() -> list[PartLog]:
        nonlocal logs
        logs = [(copy, lines, _left_of(search, part, copy, lines)) for copy, lines, part in logs]
        return [part for _, _, part in logs]

    waited = wait_until(
        look, lambda parts: not any(each.missing for each in parts), patience=PATIENCE, every=EVERY
    )
    yield from waited.last


def _log_of(target: Target, copy: Replica) -> tuple[Replica, list[str], PartLog]:
    try:
        told = [line for line in target.platform.logs(copy.id, NEWEST).splitlines() if line.strip()]
    except CannotLook as reason:
        return copy, [], PartLog(copy.service, copy.id[:12], 0, (), str(reason))
    return copy, told, PartLog(copy.service, copy.id[:12], len(told), tuple(told))


def _left_of(search: LogSearch, part: PartLog, copy: Replica, lines: list[str]) -> PartLog:
    if not part.missing:
        return part
    found = search.find(Sought(service=copy.service, container=copy.id[:12], limit=STORED))
    return replace(part, missing=not_among(lines, [each.line for each in found]))


def not_among(lines: list[str], found: list[str]) -> tuple[str, ...]:
    """The lines that are not among the found ones, as often as they were written."""
    return tuple((Counter(lines) - Counter(found)).elements())


def kill_the_collection(target: Target, undo: UndoStack) -> CollectionKilled:
    """Kill the collector, and then the store, while numbered lines are written; see which are found when both are back."""
    logs, platform, search = logs_of(target), target.platform, search_of(target)
    mark = secrets.token_hex(8)
    writer = start_writer(target, undo, BURST, [Says(f"{mark} {{number}}", times=NUMBERED, every=PACE)])
    killed = []
    for service in (logs.collector, logs.store):
        pause(BEFORE_A_KILL)
        copies = platform.replicas(service)
        if not copies or platform.throwaway_health(writer.id) == "ended":
            raise CannotLook(
                f"{service} could not be killed while lines were written: it does not run, or they were already"
            )
        kill_copy(platform, undo, copies[0])
        killed.append(f"{service} {copies[0].id[:12]}")
    wait_for_its_end(target, writer)
    written_by(target, writer, NUMBERED)
    _wait_for_both(target, (logs.collector, logs.store))

    def numbers() -> Counter[int]:
        return Counter(int(each.line.rpartition(" ")[2]) for each in search.find(Sought(text=mark)))

    waited = wait_until(numbers, lambda seen: len(seen) == NUMBERED, patience=PATIENCE, every=EVERY)
    undo.settle(writer.undo)
    return CollectionKilled(
        examined=NUMBERED,
        written=NUMBERED,
        missing=tuple(each for each in range(NUMBERED) if each not in waited.last),
        repeated=tuple(number for number, times in sorted(waited.last.items()) if times > 1),
        killed=tuple(killed),
    )


def _wait_for_both(target: Target, names: tuple[str, ...]) -> None:
    platform = target.platform

    def off() -> list[str]:
        return [
            each for name in names for each in out_of_order(platform.service(name), platform.replicas(name))
        ]

    waited = wait_until(off, lambda seen: not seen, patience=RECOVERS_WITHIN, every=EVERY)
    if not waited.happened:
        raise CannotLook(
            f"{'; '.join(waited.last)} {waited.seconds:.0f} s after it was killed, so nothing can be found"
        )
