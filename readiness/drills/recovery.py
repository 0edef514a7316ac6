"""Everything is lost: a deployment is built from the copies alone, beside the one that was lost in thought, and looked at.

What is there of copies at the moment of the disaster is kept aside, and nothing that comes later gets into it.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from readiness.config.journey import RUN, JourneyRequest
from readiness.config.keeping import Entrusted
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.copying import keeper_of, recovery_of
from readiness.drills.entrusting import Keeper
from readiness.drills.first_start import fault_of
from readiness.harness.undo import UndoStack
from readiness.probes.database import declared_database, running_database
from readiness.probes.holdings import Holdings, holdings_of
from readiness.targets.inside_door import InsideDoor
from readiness.targets.journey import ask_for
from readiness.targets.platform import Platform
from readiness.targets.target import Target

RESTORED, KEPT = "readiness-restored", "readiness-copies"
MARKED_FOR = 50.0  # seconds of marks: longer than may be lost
SERVED_WITHIN = 180.0
LAST_WORDS = 400
CONNECT = """
import concurrent.futures, json, os, socket

def tried(address):
    try:
        socket.create_connection(tuple(address), 2).close()
        return "reached", *address
    except OSError:
        return "refused", *address

with concurrent.futures.ThreadPoolExecutor(40) as several:
    for told in several.map(tried, json.loads(os.environ["READINESS_ADDRESSES"])):
        print(*told)
"""


@dataclass(frozen=True)
class Mark:
    """A record that was confirmed to a customer `before` seconds before the disaster, and whether it came back as written."""

    before: float
    fault: str


@dataclass(frozen=True, kw_only=True)
class Restored(Observation):
    """A deployment that was built from the copies. Examined: marks, tables and declarations, copies of its services.

    `fault`: why it was not built, or in what way it did not serve a customer; "" when it did. `served_after`: seconds from the
    disaster to the first journey that was right. `original`, `found`: what the database held, and holds, but for the marks.
    `file`: what is wrong with a member's file. `borrowed`: volumes that it shares with the original. `reached`: addresses of the
    outside that it could reach, of those in `tried`, which answer others.
    """

    fault: str
    served_after: float
    marks: tuple[Mark, ...]
    original: Holdings | None = None
    found: Holdings | None = None
    file: str = ""
    borrowed: tuple[str, ...] = ()
    tried: int = 0
    reached: tuple[str, ...] = ()

    @property
    def lost(self) -> float:
        """Seconds before the disaster from which on what customers wrote is gone."""
        there = [each.before for each in self.marks if not each.fault]
        return min(there) if there else MARKED_FOR * 10

    @property
    def rows(self) -> int:
        """How many rows came back."""
        return self.found.rows if self.found else 0


class Marks:
    """A customer who writes a record every second, and remembers when each was confirmed to him."""

    def __init__(self, target: Target) -> None:
        if target.profile.entrusted is None:
            raise CapabilityMissing(
                f"The profile of {target.name} does not say what customers entrust (entrusted)."
            )
        self._target = target
        self._what: Entrusted = target.profile.entrusted
        self._owner: dict[str, str] = {RUN: uuid.uuid4().hex[:12]}
        self._written: list[tuple[float, Mapping[str, str]]] = []

    @property
    def owner(self) -> str:
        """What stands in every row that this customer makes."""
        return next(value for name, value in self._owner.items() if name != RUN)

    def register(self) -> None:
        """Become a customer."""
        for request in self._what.owner:
            self._owner |= self._asked(request, self._owner)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Meanwhile a record is written each second."""
        leaving = threading.Event()
        thread = threading.Thread(target=self._write, args=(leaving,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            leaving.set()
            thread.join()

    def read(self, platform: Platform, place: str, port: int, disaster: float) -> tuple[Mark, ...]:
        """Ask a copy of the service for every record that was confirmed before the disaster (Unix seconds)."""
        door = InsideDoor(platform, place, port)
        return tuple(
            Mark(disaster - at, ask_for(self._target, door, self._what.record.read, known)[0].fault)
            for at, known in self._written
            if at <= disaster
        )

    def clean_up(self) -> None:
        """Take it all away again."""
        for request in self._what.remove:
            if request.placeholders <= self._owner.keys():
                ask_for(self._target, self._target.door, request, self._owner)

    def _write(self, leaving: threading.Event) -> None:
        while not leaving.is_set():
            began = clock()
            known = {**self._owner, RUN: uuid.uuid4().hex[:12]}
            served, saved, _ = ask_for(self._target, self._target.door, self._what.record.write, known)
            if served.right:
                self._written.append((time.time(), {**known, **saved}))
            pause(max(0.0, 1.0 - (clock() - began)))

    def _asked(self, request: JourneyRequest, known: Mapping[str, str]) -> dict[str, str]:
        served, saved, _ = ask_for(self._target, self._target.door, request, known)
        if not served.right:
            raise CannotLook(f"nobody could become a customer: {request.name}: {served.fault}")
        return saved


def recovery_from_loss(target: Target, undo: UndoStack) -> Restored:
    """What is seen of a deployment built from the copies; it is built once in a run, for all scenarios that look at it."""
    return target.once(Restored, lambda: lose_everything(target, undo))


def lose_everything(target: Target, undo: UndoStack) -> Restored:
    """Entrust, mark, keep the copies aside, build a deployment from them, look at it, and remove it again."""
    platform, recovery, database = target.platform, recovery_of(target), declared_database(target)
    keeper, marks = Keeper(target), Marks(target)
    try:
        marks.register()
        keeper.entrust()
        source = running_database(platform, database, target.profile.patience.answer)
        original = holdings_of(platform, database, source, marks.owner)
        with marks.writing():
            pause(MARKED_FOR)
            disaster, began = time.time(), clock()
        aside = undo.owe("remove_aside", name=KEPT)
        platform.remove_aside(KEPT)
        platform.keep_aside(keeper_of(target).id, recovery.repository, KEPT)
        discard = target.procedure("discard_restored")
        gone = undo.owe(
            "run_command",
            command=list(discard.argv(stack=RESTORED)),
            folder=str(target.root),
            timeout=discard.timeout,
        )
        try:
            return _look(target, keeper, marks, original, disaster, began)
        finally:
            undo.settle(gone)
            undo.settle(aside)
    finally:
        marks.clean_up()
        keeper.clean_up()


def _look(
    target: Target, keeper: Keeper, marks: Marks, original: Holdings, disaster: float, began: float
) -> Restored:
    ran = target.run_procedure("restore", stack=RESTORED, repository=KEPT)
    examined = len(original.tables) + len(original.declared)
    if ran.exit_code != 0:
        words = " ".join(ran.output.split())[-LAST_WORDS:]
        return Restored(
            examined=examined, fault=f"the procedure failed: {words}", served_after=clock() - began, marks=()
        )
    platform, service, port = (
        target.platform.copied(RESTORED),
        target.profile.service.name,
        target.profile.service.port,
    )
    if port is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy serves (service.port)."
        )
    served = wait_until(
        lambda: _fault(target, platform), lambda fault: not fault, patience=SERVED_WITHIN, since=began
    )
    copies = platform.replicas(service)
    if served.last or not copies:
        return Restored(examined=examined, fault=served.last, served_after=served.seconds, marks=())
    place, database = copies[0].id, declared_database(target)
    found = holdings_of(
        platform, database, running_database(platform, database, target.profile.patience.answer), marks.owner
    )
    addresses = _outside(target)
    seen = marks.read(platform, place, port, disaster)
    return Restored(
        examined=examined + len(seen) + len(copies),
        fault="",
        served_after=served.seconds,
        marks=seen,
        original=original,
        found=found,
        file=keeper.file_fault(InsideDoor(platform, place, port), target.profile.patience.answer),
        borrowed=_borrowed(target, platform),
        tried=len(addresses),
        reached=_reached(platform, place, addresses),
    )


def _fault(target: Target, platform: Platform) -> str:
    copies = [
        each for each in platform.replicas(target.profile.service.name) if each.health in ("healthy", "")
    ]
    return fault_of(target, platform, copies[0]) if copies else "no copy of the service runs"


def _volumes(platform: Platform) -> set[str]:
    return {
        platform.store(copy, path).name
        for service in platform.services()
        for copy in platform.replicas(service.name)[:1]
        for path in service.volumes
    }


def _borrowed(target: Target, platform: Platform) -> tuple[str, ...]:
    """Volumes that both have. CannotLook when the restored one has none: then nothing is kept, or nothing was seen."""
    own = _volumes(platform)
    if not own:
        raise CannotLook(f"{RESTORED} has no volume, so it cannot be seen what it shares")
    return tuple(sorted(own & _volumes(target.platform)))


def _outside(target: Target) -> tuple[tuple[str, int], ...]:
    """Addresses of what serves in the original, as far as they answer one of its own parts: or refusal would show nothing."""
    connections = target.profile.connections
    if connections is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which part may talk to which (connections)."
        )
    ports = {each.server: each.ports[0] for each in connections.needed}
    found = tuple(
        (address, port)
        for server, port in ports.items()
        for copy in target.platform.replicas(server)[:1]
        for address in target.platform.addresses(copy.id)
    )
    lookout = target.platform.replicas(target.profile.service.name)[0]
    answering = _reached(target.platform, lookout.id, found)
    if not answering:
        raise CannotLook(
            "nothing of the original answers even its own parts, so that a stranger is refused shows nothing"
        )
    return tuple(each for each in found if f"{each[0]}:{each[1]}" in answering) or found


def _reached(platform: Platform, place: str, addresses: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    ran = platform.run_inside(
        place, ["python3", "-I", "-c", CONNECT], timeout=60,
        settings={"READINESS_ADDRESSES": json.dumps(addresses)},
    )  # fmt: skip
    told = [line.split() for line in ran.output.splitlines()]
    if len(told) != len(addresses):
        raise CannotLook(f"connections could not be tried from container {place[:12]}: {ran.output[-200:]}")
    return tuple(f"{host}:{port}" for word, host, port in told if word == "reached")
