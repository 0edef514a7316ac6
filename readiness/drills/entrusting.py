"""Records and a file are entrusted to the service, remembered, and asked for again."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from readiness.config.journey import RUN, JourneyRequest
from readiness.config.keeping import Entrusted
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import pause, wait_until
from readiness.targets.door import Answer, Doorway
from readiness.targets.journey import Served, ask_for
from readiness.targets.target import Target

BETWEEN_RECORDS = 0.03
NOT_NOW = frozenset({0, 502, 503, 504})
SHOWN = 3


@dataclass(frozen=True)
class ReadBack:
    """What was there when it was asked for: records asked for, those that were not there as written, and of the file.

    `lost`: the faults of the first few of `missing` records. `file`: in what way it was not as it was sent; "" when it was.
    """

    records: int
    missing: int
    lost: tuple[str, ...]
    file: str


class Keeper:
    """A customer who entrusts records and a file to the service, and remembers all that was confirmed to him."""

    def __init__(self, target: Target) -> None:
        if target.profile.entrusted is None:
            raise CapabilityMissing(
                f"The profile of {target.name} does not say what customers entrust to the service (entrusted)."
            )
        self._target = target
        self._what: Entrusted = target.profile.entrusted
        self._owner = {RUN: uuid.uuid4().hex[:12]}
        self._records: list[dict[str, str]] = []
        self._file: dict[str, str] = {}
        self._checksum = ""
        self.refused = ""

    @property
    def confirmed(self) -> int:
        """How many records were confirmed."""
        return len(self._records)

    @property
    def words(self) -> str:
        """What stands in the first record, and nowhere else."""
        return self._records[0][RUN]

    def entrust(self) -> None:
        """The owner, a record, and the file, of which `refused` says why it was not taken. CannotLook without a record."""
        for request in self._what.owner:
            served, saved, _ = self._ask(request, self._owner)
            if not served.right:
                raise CannotLook(f"nothing could be entrusted: {request.name}: {served.fault}")
            self._owner |= saved
        fault = self._write_record()
        if fault:
            raise CannotLook(f"no record could be entrusted: {fault}")
        if self._what.file:
            content = os.urandom(self._what.file.size)
            self._checksum = hashlib.sha256(content).hexdigest()
            served, saved, _ = self._ask(self._what.file.write, self._records[0], file=content)
            self._file, self.refused = {**self._records[0], **saved}, served.fault

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Meanwhile one record after the other is written; those that are not confirmed are forgotten."""
        leaving = threading.Event()

        def write() -> None:
            while not leaving.is_set():
                self._write_record()
                pause(BETWEEN_RECORDS)

        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        try:
            yield
        finally:
            leaving.set()
            thread.join()

    def is_served(self) -> bool:
        """Whether the first record is given back now."""
        return self._ask(self._what.record.read, self._records[0])[0].right

    def read_back(self, patience: float) -> ReadBack:
        """Ask for everything; for as long as `patience` seconds where the answer is only that it cannot be had just now."""
        faults = [
            fault
            for known in self._records
            if (fault := self._fault_of(self._what.record.read, known, patience))
        ]
        return ReadBack(
            len(self._records), len(faults), tuple(faults[:SHOWN]), self.file_fault(None, patience)
        )

    def file_fault(self, door: Doorway | None, patience: float) -> str:
        """In what way the file is not given back as it was sent, through a door; "" when it is, or where there is no file."""
        if self._what.file is None:
            return ""
        return self.refused or self._fault_of(
            self._what.file.read, self._file, patience, door, checksum=self._checksum
        )

    def clean_up(self) -> None:
        """Take everything away again, with the profile's own removals, as far as it is there."""
        for request in self._what.remove:
            if request.placeholders <= self._owner.keys():
                wait_until(
                    lambda: self._ask(request, self._owner)[0].status,  # noqa: B023 - asked at once
                    lambda status: status not in NOT_NOW,
                    patience=self._target.profile.patience.answer,
                )

    def _write_record(self) -> str:
        known = {**self._owner, RUN: uuid.uuid4().hex[:12]}
        served, saved, _ = self._ask(self._what.record.write, known)
        if served.right:
            self._records.append({**known, **saved})
        return served.fault

    def _fault_of(
        self,
        request: JourneyRequest,
        known: Mapping[str, str],
        patience: float,
        door: Doorway | None = None,
        checksum: str = "",
    ) -> str:
        waited = wait_until(
            lambda: self._ask(request, known, door),
            lambda seen: seen[0].status not in NOT_NOW,
            patience=patience,
        )
        served, _, answer = waited.last
        if served.right and checksum and hashlib.sha256(answer.body).hexdigest() != checksum:
            return f"{request.name}: {len(answer.body)} bytes with another content than was sent"
        return f"{request.name}: {served.fault}" if served.fault else ""

    def _ask(
        self,
        request: JourneyRequest,
        known: Mapping[str, str],
        door: Doorway | None = None,
        file: bytes | None = None,
    ) -> tuple[Served, dict[str, str], Answer]:
        kind = self._what.file.content_type if self._what.file else ""
        return ask_for(self._target, door or self._target.door, request, known, file=file, content_type=kind)
