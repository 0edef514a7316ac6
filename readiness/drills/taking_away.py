"""A customer adds what other programs stumble over, and takes all of his data away; the memory of the copies is watched."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from readiness.actions.keys import Order, access_of, issue_keys, unique
from readiness.config.journey import RUN
from readiness.config.keeping import Entrusted
from readiness.config.placeholders import filled
from readiness.config.taking_away import CLIENT, Kind, TakingAway
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.harness.undo import UndoStack
from readiness.probes.archives import Compared, compare, files_in, rows_of
from readiness.probes.database import declared_database, running_database
from readiness.probes.held_memory import MemoryWatch
from readiness.targets.door import Answer
from readiness.targets.journey import value_at
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

TEXTS: tuple[str | None, ...] = (
    None, "", "null", "NULL", "\\N", "=1+1", "=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "'=1", "\t=1", "0123", "1e5",
    'a "quoted", cell; with\ttabs', "two\nlines", "two\r\nlines, \"quoted\"", " spaces ", "back\\slash",
    "Zoë 漢字 שלום 🏊‍♀️ e\u0301",
    "2026-01-05T07:30:00Z", "true", "<b>&amp;</b>", "x" * 1900,
)  # fmt: skip
NUMBERS = (0, 1, 2**31, 2**53 + 1, 2**63 - 1)
TIMES = (
    "2026-01-05T23:30:00.123456+05:45",
    "2026-03-29T02:30:00-08:00",
    "2025-12-31T23:59:59.999999Z",
    "2024-02-29T00:00:00+14:00",
)
FILES, FILE_BYTES = 8, 5 * 1024 * 1024  # more than the memory that an archive may cost
PATIENCE = 120.0
LOOKS = 8


@dataclass(frozen=True)
class Given:
    """A file that was given to the service: what fills the placeholders of the request that reads it, and its SHA-256."""

    known: Mapping[str, str]
    checksum: str


@dataclass(frozen=True, kw_only=True)
class TakenAway(Observation):
    """What a customer took away, held against what is kept of him. Examined: records.

    `everything`, `of_owner`, `of_another`: all that is kept of him, of one owner of records, and of another customer, who has
    one. `files`: in what way a file is not as it was `given`. `strangers_answer`: the status with which another customer was
    answered who asked for what is kept of the owner. `fault`: why there is no whole archive. `content`: bytes in the archive,
    `growth`: bytes that a copy grew meanwhile, in `looks` looks.
    """

    everything: tuple[Compared, ...]
    of_owner: tuple[Compared, ...]
    of_another: tuple[Compared, ...]
    files: tuple[str, ...]
    strangers_answer: int
    fault: str
    given: tuple[Given, ...]
    content: int
    growth: int
    looks: int


def taking_away_of(target: Target) -> tuple[TakingAway, Entrusted]:
    """What the profile says of it. CapabilityMissing where it says nothing."""
    profile = target.profile
    if profile.taking_away is None or profile.entrusted is None or profile.entrusted.file is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what customers can take away (taking_away, entrusted)."
        )
    return profile.taking_away, profile.entrusted


def take_away(target: Target, undo: UndoStack, into: Path) -> TakenAway:
    """Write what may be stumbled over, take everything away into a file, remove it again, and compare."""
    what, _ = taking_away_of(target)
    mine = _Customer(target, target.headers(what.identity), what.client)
    try:
        mine.write()
        other = _another(target, undo)
        other.write_owner()
        return _compare(target, mine, other, into)
    finally:
        mine.clean_up()


def _another(target: Target, undo: UndoStack) -> _Customer:
    access, name = access_of(target), unique("another")
    (key,) = issue_keys(target, undo, [Order(name, name, access.scopes)])
    return _Customer(target, {access.header: " ".join(filter(None, (access.scheme, key.value)))}, name)


class _Customer:
    """Somebody with a key: what he writes, and what he takes away."""

    def __init__(self, target: Target, headers: Mapping[str, str], client: str) -> None:
        self._target, self._headers, self.client = target, headers, client
        self._what, self._entrusted = taking_away_of(target)
        self.known = {RUN: uuid.uuid4().hex[:12]}
        self.given: list[Given] = []
        self.sent: dict[str, str] = {}

    def write_owner(self) -> None:
        """One who has records, with an awkward name."""
        owner = self._what.owner
        answer = self._ask(
            owner.method, owner.path, json=filled(owner.body, self.known), status=owner.expect_status
        )
        self.known |= {name: str(value_at(answer.json(), key)) for name, key in owner.save.items()}

    def write(self) -> None:
        """An owner, records with everything that is awkward, and files that are large together, one of them empty."""
        self.write_owner()
        record, file = self._what.record, self._entrusted.file
        assert file is not None, "taking_away_of asks for it"
        for turn, text in enumerate(TEXTS):
            values = {"text": text, "number": NUMBERS[turn % len(NUMBERS)], "time": TIMES[turn % len(TIMES)]}
            body = dict(body_of(record.body, {**self.known, **values}))
            answer = self._ask(record.method, record.path, json=body, status=record.expect_status)
            self.known |= {name: str(value_at(answer.json(), key)) for name, key in record.save.items()}
            if turn < FILES + 1:
                content = os.urandom(FILE_BYTES) if turn else b""
                answer = self._ask(
                    file.write.method,
                    str(filled(file.write.path, self.known)),
                    body=content,
                    kind=file.content_type,
                    status=file.write.expect_status,
                )
                saved = {name: str(value_at(answer.json(), key)) for name, key in file.write.save.items()}
                given = Given({**self.known, **saved}, hashlib.sha256(content).hexdigest())
                self.given.append(given)
                self.sent[next(iter(saved.values()))] = given.checksum

    def take(self, path: str, into: Path, *, pause_after: int = 0) -> Answer:
        """Save an answer to a file."""
        return self._target.door.save(
            path, into, headers=self._headers, timeout=PATIENCE, pause_after=pause_after
        )

    def status_of(self, path: str) -> int:
        """With which status he is answered."""
        return self._target.door.ask("GET", path, headers=self._headers, timeout=PATIENCE).status

    def clean_up(self) -> None:
        """Remove what was written, as far as it was."""
        for request in self._entrusted.remove:
            if request.placeholders <= self.known.keys():
                self._target.door.ask(
                    request.method,
                    str(filled(request.path, self.known)),
                    headers=self._headers,
                    timeout=PATIENCE,
                )

    def _ask(
        self,
        method: str,
        path: str,
        *,
        status: int,
        json: Any = None,
        body: bytes | None = None,
        kind: str = "",
    ) -> Answer:
        headers = {**self._headers, "Content-Type": kind} if kind else self._headers
        answer = self._target.door.ask(method, path, json=json, body=body, headers=headers, timeout=PATIENCE)
        if answer.status != status:
            words = answer.error or answer.body[:200].decode("utf-8", "replace")
            raise CannotLook(f"{method} {path} was answered {answer.status} instead of {status}: {words}")
        return answer


def body_of(template: Any, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of a body. A field that is one placeholder takes the value as it is, and is left out where that is None."""
    for key, value in template.items():
        alone = re.fullmatch(r"\{([a-z]+)\}", value) if isinstance(value, str) else None
        if alone is None:
            yield key, filled(value, {name: str(each) for name, each in values.items()})
        elif values[alone[1]] is not None:
            yield key, values[alone[1]]


def _compare(target: Target, mine: _Customer, other: _Customer, into: Path) -> TakenAway:
    what, _ = taking_away_of(target)
    platform, owner = target.platform, str(filled(what.of_owner, mine.known))
    part, theirs = into.with_suffix(".part"), into.with_suffix(".other")
    with MemoryWatch(platform, platform.replicas(target.profile.service.name)) as watch:
        whole = mine.take(what.everything, into, pause_after=1 << 20)
    answers = (whole, mine.take(owner, part), other.take(what.everything, theirs))
    kept = [_kept(target, kind, str(filled(kind.of_client, {CLIENT: mine.client}))) for kind in what.kinds]
    kept_of_owner = [_kept(target, kind, str(filled(kind.of_owner, mine.known))) for kind in what.kinds]
    kept_of_other = [
        _kept(target, kind, str(filled(kind.of_client, {CLIENT: other.client}))) for kind in what.kinds
    ]
    if watch.looks < LOOKS:
        raise CannotLook(
            f"the copies' memory was looked at only {watch.looks} times while the archive was made"
        )
    fault = "; ".join(
        f"{each.path}: {each.error or f'status {each.status}'}" for each in answers if each.status != 200
    )
    everything, files, content = _held_against(target, into, kept, mine.sent)
    of_owner, files_of_owner, _ = _held_against(target, part, kept_of_owner, mine.sent)
    of_another, files_of_other, _ = _held_against(target, theirs, kept_of_other, {})
    return TakenAway(
        examined=sum(map(len, kept)),
        everything=everything,
        of_owner=of_owner,
        of_another=of_another,
        files=(*files, *files_of_owner, *files_of_other),
        strangers_answer=other.status_of(owner),
        fault=fault,
        given=tuple(mine.given),
        content=content,
        growth=watch.growth,
        looks=watch.looks,
    )


def _kept(target: Target, kind: Kind, condition: str) -> list[Mapping[str, Any]]:
    what, _ = taking_away_of(target)
    database = declared_database(target)
    copy = running_database(target.platform, database, target.profile.patience.answer)
    return kept_rows(target.platform, copy, database.ask, kind.kept(condition, what.hidden))


def kept_rows(
    platform: Platform, copy: Replica, ask: tuple[str, ...], statement: str
) -> list[Mapping[str, Any]]:
    """The rows of a statement that gives objects of JSON."""
    ran = platform.run_inside(copy.id, [*ask, statement], timeout=PATIENCE)
    if ran.exit_code != 0:
        raise CannotLook(f"the database did not tell what it keeps: {' '.join(ran.output.split())[-300:]}")
    return list(rows_of(ran.output.split("\n")))


def _held_against(
    target: Target, file: Path, kept: list[list[Mapping[str, Any]]], sent: Mapping[str, str]
) -> tuple[tuple[Compared, ...], tuple[str, ...], int]:
    """Everything compared, what is wrong with files, and how many bytes are in it."""
    what, _ = taking_away_of(target)
    try:
        with ZipFile(file) as archive:
            seen = tuple(
                compare(kind, rows, archive, what.formula_guard)
                for kind, rows in zip(what.kinds, kept, strict=True)
            )
            content = sum(entry.file_size for entry in archive.infolist())
            found = files_in(archive, what.files) if what.files else {}
    except (BadZipFile, OSError, ValueError) as problem:
        nothing = tuple(
            Compared(kind.name, len(rows), 0, 0) for kind, rows in zip(what.kinds, kept, strict=True)
        )
        return nothing, (f"no archive could be read: {type(problem).__name__}: {problem}",), 0
    expected = dict(sent)
    for kind, rows in zip(what.kinds, kept, strict=True):
        if what.files and kind.name == what.files.kind:
            expected |= {str(row[what.files.name]): str(row[what.files.checksum]) for row in rows}
    expected |= sent
    faults = [
        f"{name}: {found.get(name, 'missing')} instead of {checksum}"
        for name, checksum in expected.items()
        if found.get(name) != checksum
    ]
    faults += [f"{name}: belongs to no record" for name in found if name not in expected]
    return seen, tuple(faults), content
