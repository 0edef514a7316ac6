"""The engine's log files (json-file): whole lines from where the last reading ended, over rotations and restarts.

The engine writes ID-json.log, renames it to .1, .2 … when it is full, and begins anew. A file is known by its first record, whose
time no other file has, so neither its name nor its number on the disk matters.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whoop_logs.lines import Line, line_of

HEAD = 512  # bytes of the first record by which a file is known
CHUNK = 1024 * 1024
LONGEST = 8 * CHUNK  # bytes of a line's pieces that are put together; what is longer is kept in parts
GIVEN_UP_AFTER = 10.0  # seconds after which the rest of a line that was begun is not waited for any more


@dataclass(frozen=True)
class Portion:
    """What was read from one file: its lines, from which byte the next reading goes on, and records that could not be read."""

    file: str
    lines: tuple[Line, ...]
    until: int
    unreadable: int = 0
    more: bool = False


def files_of(folder: Path) -> list[Path]:
    """The log files of a container, the oldest first."""
    found = [each for each in folder.glob(f"{folder.name}-json.log*") if each.suffix != ".gz"]
    return sorted(found, key=_age, reverse=True)


def _age(path: Path) -> int:
    suffix = path.name.rpartition(".")[2]
    return int(suffix) if suffix.isdigit() else 0


def identity_of(head: bytes) -> str:
    """By what a file is known, "" while its first record is not there yet."""
    first, newline, _ = head.partition(b"\n")
    return hashlib.sha256(first).hexdigest()[:32] if newline or len(head) >= HEAD else ""


class Reader:
    """Reads the files of one container. `positions`: identity of a file -> bytes that are done with."""

    def __init__(self, folder: Path, positions: dict[str, int]) -> None:
        self._folder = folder
        self.positions = positions
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._begun: dict[str, tuple[int, float]] = {}

    def portions(self) -> Iterator[Portion]:
        """What is new, the oldest first. Whoever keeps a portion calls `done`; the next one comes after that."""
        for path in files_of(self._folder):
            try:
                facts = path.stat()
                mark = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
                if self._seen.get(path.name) == mark:
                    continue
                yield from self._portions_of(path)
                self._seen[path.name] = mark
            except FileNotFoundError:
                continue  # renamed or removed a moment ago; the next look finds it under its new name

    def done(self, portion: Portion) -> None:
        """A portion is kept."""
        self.positions[portion.file] = portion.until

    def _portions_of(self, path: Path) -> Iterator[Portion]:
        """Raises FileNotFoundError also for a file of which a part is not there yet, so that it is looked at again."""
        with path.open("rb") as file:
            identity = identity_of(file.read(HEAD))
            more = bool(identity)
            while more:
                portion = self._read(file, identity, self.positions.get(identity, 0))
                if portion.until > self.positions.get(identity, 0):
                    yield portion
                more = portion.more
        if not identity or identity in self._begun:
            raise FileNotFoundError(path)

    def _read(self, file: BinaryIO, identity: str, position: int) -> Portion:
        size = CHUNK
        while True:
            file.seek(position)
            block = file.read(size)
            read, full = lines_in(block), len(block) == size
            if read.length or not full or size >= LONGEST:
                break
            size *= 2
        if block and not read.length and (full or self._is_given_up(identity, position)):
            read = lines_in(block, all_of_it=True)
        if read.length == len(block):
            self._begun.pop(identity, None)
        elif read.length or identity not in self._begun:
            self._begun[identity] = (position + read.length, time.monotonic())
        return Portion(
            identity, read.lines, position + read.length, read.unreadable, more=full and read.length > 0
        )

    def _is_given_up(self, identity: str, at: int) -> bool:
        where, since = self._begun.get(identity, (-1, 0.0))
        return where == at and time.monotonic() - since > GIVEN_UP_AFTER


@dataclass(frozen=True)
class Read:
    """Whole lines at the beginning of a block, the bytes that they take, and how many records could not be read."""

    lines: tuple[Line, ...]
    length: int
    unreadable: int


def lines_in(block: bytes, *, all_of_it: bool = False) -> Read:
    """The whole lines of a block of records.

    The engine cuts a line after 16 KiB; its pieces are put together. The length ends before the first line of which a piece is
    still missing, so that nothing is read twice; `all_of_it` takes such a line as it is.
    """
    whole: list[tuple[int, int, Line]] = []
    begun: dict[str, tuple[int, str, list[str]]] = {}
    position = unreadable = 0
    for record in block.splitlines(keepends=True):
        if not record.endswith(b"\n"):
            break
        end = position + len(record)
        try:
            told = json.loads(record)
            piece, stream, at = told["log"], told["stream"], told["time"]
            begin, first, former = begun.pop(stream, (position, at, []))
            if piece.endswith("\n"):
                whole.append((begin, end, line_of(first, stream, "".join([*former, piece[:-1]]))))
            else:
                begun[stream] = (begin, first, [*former, piece])
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable += 1
        position = end
    if all_of_it:
        whole += [
            (begin, position, line_of(at, stream, "".join(parts)))
            for stream, (begin, at, parts) in begun.items()
        ]
    elif begun:
        position = _before_all([begin for begin, _, _ in begun.values()], whole)
    return Read(tuple(line for _, end, line in whole if end <= position), position, unreadable)


def _before_all(begun: list[int], whole: list[tuple[int, int, Line]]) -> int:
    """The last position up to which no line reaches beyond."""
    position = min(begun)
    for begin, end, _ in reversed(whole):
        if begin < position < end:
            position = begin
    return position
