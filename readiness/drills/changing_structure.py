"""The structure of the data is changed while customers work with the release before and with this one; and is changed back.

All of it happens in a copy of the deployment that has as much data as it has: under customers and a long reader; again; taken
back; and cut off after each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.crowd import Crowd
from readiness.drills.first_start import READY, Stage, dependencies_of, stage_of, wait_for_ready
from readiness.harness.undo import UndoStack
from readiness.probes.database import declared_database, running_database
from readiness.probes.inside import status_inside
from readiness.probes.structure import DatabaseOfCopy, Structure, Table
from readiness.targets.inside_door import NO_WORD, InsideDoor
from readiness.targets.journey import Customer, Served
from readiness.targets.platform import Platform, Ran, Replica
from readiness.targets.target import Target

PLACE, FORMER, FORMER_IMAGE = "readiness-change", "former-release", "readiness-former:trial"
SIDE_BY_SIDE = 6.0  # seconds that customers work with both releases
CUTS = 2  # the change is cut off after its first and after its second step
LOST, MUCH = f"no answer: {NO_WORD}", 0.1
NEEDED = ("former_release", "fill", "migrate", "undo_migration")


@dataclass(frozen=True)
class Change:
    """One run of the procedure: why it failed ("" when it did not), and the structure and content afterwards.

    `content`: of each table that there was at first, in the columns that it had then.
    """

    words: str
    structure: Structure
    content: Mapping[str, str]


@dataclass(frozen=True)
class Work:
    """What customers met meanwhile: how many requests of each release, faults of answers, and the longest wait for a table."""

    requests: Mapping[str, int]
    faults: tuple[str, ...]
    waited: float
    table: str
    looks: int


@dataclass(frozen=True, kw_only=True)
class Changed(Observation):
    """The change under customers. Examined: requests and tables. `rewritten`: tables that had rows and lie in a new file now."""

    before: Change
    after: Change
    work: Work
    rewritten: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedBack(Observation):
    """The change taken back under customers of the release before. Examined: requests and tables."""

    before: Change
    after: Change
    work: Work


@dataclass(frozen=True, kw_only=True)
class ChangedAgain(Observation):
    """The change once more, and cut off and taken up. Examined: runs of the procedure.

    `first`: after the first time; `again`: after the second; `resumed`: after it was cut off `cut` times, and taken up.
    """

    first: Change
    again: Change
    cut: int
    resumed: Change


class Changing:
    """The copy of the deployment in which the structure is changed. Each step is made once, when it is first asked for."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        require_procedures(target)
        self._target, self._undo = target, undo
        self._release = target.platform.service(target.profile.service.name).image
        self._set_out()

    @cached_property
    def changed(self) -> Changed:
        """First it is changed."""
        return self._change()

    @cached_property
    def changed_back(self) -> ChangedBack:
        """Then it is changed once more, which changes nothing, and back."""
        return self._again[1]

    @cached_property
    def changed_again(self) -> ChangedAgain:
        """Then it is changed again, and cut off on the way."""
        first, again = self.changed.after, self._again[0]
        cut, resumed = self._cut_off()
        return ChangedAgain(examined=2 + cut, first=first, again=again, cut=cut, resumed=resumed)

    @cached_property
    def _again(self) -> tuple[Change, ChangedBack]:
        self.changed  # noqa: B018 - it comes first
        return self._run("migrate"), self._change_back()

    def _set_out(self) -> None:
        """The copy with the release before, and with as much data as the deployment has."""
        target, service = self._target, self._target.profile.service.name
        self._undo.owe("remove_image", reference=FORMER_IMAGE)
        made = target.run_procedure("former_release", image=self._release, tag=FORMER_IMAGE)
        require(made, "former_release")
        copies = {**dict.fromkeys(dependencies_of(target), 1), service: 0}
        self._stage = stage_of(target, self._undo, PLACE, copies, {FORMER: (service, FORMER_IMAGE)})
        platform = self._stage.platform
        self._former = self._ready_copy()
        require(target.run_procedure("fill", stack=self._stage.name), "fill")
        database = declared_database(target)
        keeper = running_database(platform, database, target.profile.patience.change)
        self._database = DatabaseOfCopy(platform, database, keeper)
        self._tables: tuple[Table, ...] = self._database.tables()
        self._before = self._state("")

    def _ready_copy(self) -> Replica:
        health, platform = self._target.profile.service.health, self._stage.platform
        if health is None:
            raise CapabilityMissing(
                f"The profile of {self._target.name} does not say where a copy tells its readiness."
            )
        waited = wait_until(
            lambda: [
                copy
                for copy in platform.replicas(FORMER)
                if status_inside(platform, copy, health.port, health.readiness) == READY
            ],
            bool,
            patience=self._target.profile.patience.change,
        )
        if not waited.happened:
            raise CannotLook(f"the release before did not become ready within {waited.seconds:.0f} s")
        return waited.last[0]

    def _change(self) -> Changed:
        """Change it under customers of the release before, and let them work with both releases for a while."""
        with _Visitors(self._target, self._stage, {"before": self._former}) as former:
            with self._database.watching_for_waits() as waited, self._database.long_reading():
                after = self._run("migrate")
            present = self._present_release() if not after.words else None
            with _Visitors(self._target, self._stage, {"present": present} if present else {}) as both:
                pause(SIDE_BY_SIDE)
        after = self._state(after.words or ("" if present else "the release did not become ready after it"))
        files = {table.name: table.file for table in self._database.tables()}
        return Changed(
            examined=len(former.served) + len(both.served) + len(self._tables),
            before=self._before,
            after=after,
            work=_work(former.served + both.served, waited.seconds, waited.table, waited.looks),
            rewritten=tuple(
                table.name
                for table in self._tables
                if not self._before.content[table.name].startswith("0 rows")
                and files.get(table.name) not in (None, table.file)
            ),
        )

    def _present_release(self) -> Replica | None:
        platform, service = self._stage.platform, self._target.profile.service.name
        platform.scale(service, 1)
        ready, _ = wait_for_ready(self._target, platform, 1, clock())
        return platform.replicas(service)[0] if ready else None

    def _change_back(self) -> ChangedBack:
        """Take the release back, and then the change, under customers of the release before."""
        platform, service = self._stage.platform, self._target.profile.service.name
        left = platform.replicas(service)
        platform.scale(service, 0)
        patience = self._target.profile.patience.change
        gone = wait_until(
            lambda: [copy for copy in left if _still_runs(platform, copy)],
            lambda seen: not seen,
            patience=patience,
        )
        if not gone.happened:
            raise CannotLook(f"the release did not go within {gone.seconds:.0f} s")
        with (
            _Visitors(self._target, self._stage, {"before": self._former}) as former,
            self._database.watching_for_waits() as waited,
        ):
            words = self._run("undo_migration").words
        return ChangedBack(
            examined=len(former.served) + len(self._tables),
            before=self._before,
            after=self._state(words),
            work=_work(former.served, waited.seconds, waited.table, waited.looks),
        )

    def _cut_off(self) -> tuple[int, Change]:
        """Start it again and again, each time cut off one step later; then let it go through. How often it was cut off."""
        cut = 0
        for steps in range(1, CUTS + 1):
            with self._database.dying(steps):
                ran = self._procedure("migrate")
            if ran.exit_code == 0:
                break
            cut += 1
        return cut, self._run("migrate")

    def _run(self, name: str) -> Change:
        ran = self._procedure(name)
        return self._state(f"{' '.join(ran.output.split())[-300:]}" if ran.exit_code else "")

    def _procedure(self, name: str) -> Ran:
        return self._target.run_procedure(name, stack=self._stage.name, image=self._release)

    def _state(self, words: str) -> Change:
        return Change(words, self._database.structure(), self._database.content(self._tables))


class _Visitors(Crowd):
    """Customers of copies: release -> its copy. They take journeys until the block ends; what they made is removed then."""

    def __init__(self, target: Target, stage: Stage, copies: Mapping[str, Replica]) -> None:
        port = int(target.profile.service.port or 0)
        doors = {name: InsideDoor(stage.platform, copy.id, port) for name, copy in copies.items()}
        customers = {
            Customer(target, fresh_connections=True, door=door): name for name, door in doors.items()
        }
        super().__init__(list(customers))
        self._of = customers
        self.served: list[tuple[str, Served]] = []

    def come_once(self, customer: Customer) -> None:
        """One journey."""
        self.served += [(self._of[customer], answer) for answer in customer.walk()]


def _work(heard: list[tuple[str, Served]], waited: float, table: str, looks: int) -> Work:
    """What customers met. What the engine lost of their answers tells nothing; CannotLook where that is much."""
    served = [(release, answer) for release, answer in heard if LOST not in answer.fault]
    if len(heard) - len(served) > len(heard) * MUCH:
        raise CannotLook(f"the engine lost {len(heard) - len(served)} of {len(heard)} answers to customers")
    requests: dict[str, int] = {}
    for release, _ in served:
        requests[release] = requests.get(release, 0) + 1
    faults = [f"{release}: {answer.request}: {answer.fault}" for release, answer in served if answer.fault]
    return Work(requests, tuple(faults), waited, table, looks)


def _still_runs(platform: Platform, copy: Replica) -> bool:
    """Whether its container is there: a copy that is leaving serves on for a while."""
    try:
        return platform.run_inside(copy.id, ["true"], timeout=10).exit_code == 0
    except CannotLook:
        return False


def require_procedures(target: Target) -> None:
    """CapabilityMissing where the operator has no procedures for this."""
    for name in NEEDED:
        target.procedure(name)
    if target.profile.service.port is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where a copy serves (service.port)."
        )


def require(ran: Ran, procedure: str) -> None:
    """CannotLook unless a procedure that only prepares worked."""
    if ran.exit_code != 0:
        raise CannotLook(f"the procedure {procedure} failed: {' '.join(ran.output.split())[-300:]}")
