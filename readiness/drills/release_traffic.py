"""Customers of every kind while the release changes: on kept and on new connections, reading and writing, quick and slow.

They come when they are due, however slow the answers are. Every write is like no other, so that afterwards the database tells
which of them are missing, and which are there twice.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType

from readiness.config.journey import RUN, JourneyRequest
from readiness.config.keeping import Entrusted
from readiness.config.placeholders import filled
from readiness.config.releases import Releases
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.drills.copy_watch import CopyLook, CopyWatch
from readiness.drills.slow_customers import SlowAnswer, SlowCustomers, SlowRequest
from readiness.load.results import Result, Second, Serving
from readiness.load.running import RunningLoad
from readiness.load.spec import NUMBER, Request, Spec, steadily
from readiness.probes.database import ask_database, declared_database
from readiness.targets.journey import ask_for
from readiness.targets.metrics import Sample
from readiness.targets.target import Target

KEPT, FRESH, SLOW = "k", "f", "s"
RATES = {KEPT: 10.0, FRESH: 4.0}  # requests per second, on kept and on new connections
LONGEST = 600.0  # seconds of traffic
LATE = 1.0  # seconds; nobody judges the latency, so a request may be sent late on a busy machine
COUNTED_BY = 30.0  # seconds until the door's counters of the end have been read


@dataclass(frozen=True)
class TrafficSeen:
    """What became of all requests. `seconds`: those on kept connections, second by second, `fresh`: those on new ones; `copies`:
    who answered, and when.

    `errors`: kind -> count. `sent_again`: requests that the door had to send twice; None where its counters began anew.
    `lost`, `twice`: marks of writes that were acknowledged and are not there, and of those that are there more than once.
    """

    sent: int
    seconds: tuple[Second, ...]
    fresh: tuple[Second, ...]
    copies: tuple[Serving, ...]
    errors: Mapping[str, int]
    slow: tuple[SlowAnswer, ...]
    looks: tuple[CopyLook, ...]
    acknowledged: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    sent_again: float

    @property
    def everything(self) -> tuple[Second, ...]:
        """All seconds of both."""
        return (*self.seconds, *self.fresh)

    @property
    def failed(self) -> int:
        """How many requests had no right answer."""
        return sum(self.errors.values()) + sum(bool(each.fault) for each in self.slow)

    @property
    def requests(self) -> int:
        """How many requests were sent in all."""
        return self.sent + len(self.slow)


class Traffic:
    """Begins with the block; `end` sends nothing more and tells what became of it. What was written goes with the block."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._releases = releases_of(target)
        self._what = _entrusted(target)
        self._known = {RUN: uuid.uuid4().hex[:12]}
        self._base = self._known[RUN]
        self._loads: dict[str, RunningLoad] = {}
        self._watch = CopyWatch(target)

    def __enter__(self) -> Traffic:
        try:
            for request in (*self._what.owner, self._what.record.write):
                self._make(request)
            self._sent_again_before = self._sent_again()
            self._loads = {kind: RunningLoad(self._spec(kind)) for kind in RATES}
            self._slow = SlowCustomers(self._target, self._slow_requests())
            for each in self._parts:
                each.__enter__()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._parts:
            each.__exit__(kind, problem, trace)
        self._clean_up()

    def end(self) -> TrafficSeen:
        """Send nothing more, wait for what is open, and count what is in the database. CannotLook where we were too slow."""
        results: dict[str, Result] = {kind: load.end().conclusive() for kind, load in self._loads.items()}
        slow = self._slow.end()
        acknowledged = {
            f"{kind}{number}" for kind, result in results.items() for number in result.total.numbers
        }
        acknowledged |= {each.mark for each in slow if each.mark and not each.fault}
        written = Counter(marks_in(self._written(), self._base))
        errors: Counter[str] = Counter()
        for result in results.values():
            errors.update(result.total.errors)
        return TrafficSeen(
            sent=sum(result.total.sent for result in results.values()),
            seconds=results[KEPT].seconds,
            fresh=results[FRESH].seconds,
            copies=tuple(each for result in results.values() for each in result.total.copies),
            errors=dict(errors),
            slow=slow,
            looks=self._watch.looks,
            acknowledged=len(acknowledged),
            lost=tuple(sorted(acknowledged - written.keys())),
            twice=tuple(sorted(mark for mark, times in written.items() if times > 1)),
            sent_again=self._sent_again_since(),
        )

    @property
    def _parts(self) -> tuple[RunningLoad | SlowCustomers | CopyWatch, ...]:
        return (*self._loads.values(), self._slow, self._watch)

    def _make(self, request: JourneyRequest) -> None:
        served, saved, _ = ask_for(self._target, self._target.door, request, self._known)
        if not served.right:
            raise CannotLook(f"nothing could be written before the release: {request.name}: {served.fault}")
        self._known |= saved

    def _spec(self, kind: str) -> Spec:
        door, record = self._target.profile.door, self._what.record
        numbered = {**self._known, RUN: f"{self._base}-{kind}{NUMBER}"}
        return Spec(
            requests=(self._as_load(record.read, self._known), self._as_load(record.write, numbered)),
            stages=steadily(RATES[kind], LONGEST),
            address=str(door.address or ""),
            ca=str(door.ca or ""),
            fresh=kind == FRESH,
            timeout=self._target.profile.patience.answer,
            largest_lag=LATE,
            release=self._releases.version,
        )

    def _as_load(self, request: JourneyRequest, known: Mapping[str, str]) -> Request:
        headers = self._target.headers(request.identity) if request.identity else {}
        body = filled(request.body, known)
        return Request(
            url=f"{str(self._target.profile.door.url).rstrip('/')}{filled(request.path, known)}",
            expect_status=request.expect_status,
            method=request.method,
            headers={**headers, "Content-Type": "application/json"} if body is not None else headers,
            body="" if body is None else json.dumps(body),
            expect_json=filled(request.expect_json, known),
        )

    def _slow_requests(self) -> Iterator[SlowRequest]:
        """A record and a file in turn, for ever."""
        number, file = 0, self._what.file
        while True:
            number += 1
            mark = f"{SLOW}{number}"
            known = {**self._known, RUN: f"{self._base}-{mark}"}
            record = self._what.record.write
            body = json.dumps(filled(record.body, known)).encode()
            yield SlowRequest(record, known, body, "application/json", mark)
            if file:
                yield SlowRequest(file.write, known, bytes(file.size), file.content_type, "")

    def _written(self) -> tuple[str, ...]:
        """The database's own words for each record of the owner."""
        database, platform = declared_database(self._target), self._target.platform
        (copy, *_) = platform.replicas(database.service) or [None]
        if copy is None:
            raise CannotLook(
                f"no copy of {database.service} runs, so it cannot be asked for what was written"
            )
        statement = str(filled(self._releases.written, self._known))
        return tuple("|".join(row) for row in ask_database(platform, database, copy, statement))

    def _sent_again(self) -> float:
        return sum(
            sample.value
            for series in self._releases.sent_again
            for sample in self._samples(f"sum({series})", series)
        )

    def _samples(self, question: str, series: str) -> tuple[Sample, ...]:
        found = self._target.metrics.query(question)
        if not found:
            raise CannotLook(
                f"the metrics service has no series {series}; correct releases.sent_again in the profile"
            )
        return found

    def _sent_again_since(self) -> float:
        """The increase of the counters, as soon as they have been read after the last request."""
        metrics, ended = (
            self._target.metrics,
            max(each.value for each in self._target.metrics.query("vector(time())")),
        )
        newest = f"timestamp({self._releases.sent_again[0]})"
        waited = wait_until(
            lambda: min((each.value for each in metrics.query(newest)), default=0.0),
            lambda at: at > ended,
            patience=COUNTED_BY,
            every=0.5,
        )
        if not waited.happened:
            raise CannotLook(
                f"{self._releases.sent_again[0]} was not read within {waited.seconds:.0f} s after the release"
            )
        return self._sent_again() - self._sent_again_before

    def _clean_up(self) -> None:
        for request in self._what.remove:
            if request.placeholders <= self._known.keys():
                ask_for(self._target, self._target.door, request, self._known)


def releases_of(target: Target) -> Releases:
    """What the profile says of releases. CapabilityMissing where it says nothing."""
    if target.profile.releases is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how customers see which release answers (releases)."
        )
    return target.profile.releases


def marks_in(rows: tuple[str, ...], base: str) -> Iterator[str]:
    """The mark of each row that one of our writes made."""
    for row in rows:
        yield from re.findall(rf"{base}-([{KEPT}{FRESH}{SLOW}]\d+)", row)


def _entrusted(target: Target) -> Entrusted:
    if target.profile.entrusted is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say what customers entrust to the service (entrusted)."
        )
    return target.profile.entrusted
