"""Customers make things, fail to, and repeat themselves: what is counted, what is in the books, what the API reports."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readiness.config.counting import Business
from readiness.config.journey import RUN
from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.counting import Sent, let_commits_fail, send_further
from readiness.drills.undisturbed import undisturbed
from readiness.harness.undo import UndoStack
from readiness.probes.counted import after_a_look, business_of, copies_counted, counting_of
from readiness.probes.database import ask_database, declared_database, running_database
from readiness.targets.journey import value_at
from readiness.targets.target import Target

MADE = 12
REPEATED = 4  # of those that are made; each is sent twice more
OWNERS = 3
EVERY = 0.2

Known = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Books(Observation):
    """`made` things were made by several customers, some requests were repeated, some failed. Examined: requests that were sent.

    `counted`: by how much the counter grew; `rows`, `reported`: by how much the books and the API's report did; `counted_failed`:
    by how much the counter grew while only failing requests were sent. `age`: seconds from the last commit until it was counted,
    or until we stopped looking. `odd`: answers that were not as the profile says. `grown`: series that came with new customers.
    """

    made: int
    odd: tuple[str, ...]
    counted: float
    counted_failed: float
    rows: int
    reported: int
    age: float
    grown: tuple[str, ...]


def keep_books(target: Target, undo: UndoStack) -> Books:
    """Make things while no robot does, and compare."""
    return undisturbed(target, lambda: _keep(target, undo))


def _keep(target: Target, undo: UndoStack) -> Books:
    business = business_of(target)
    owners = [_register(target, business) for _ in range(OWNERS)]
    sent = [each for owner in owners for each in _make(target, business, owner)]
    _settle(target)
    before = _counted(target, business)
    sent += [each for owner in owners for each in _fail(target, business, owner)]
    sent += let_commits_fail(target, undo, target.another_door(), owners[0])
    _settle(target)
    between, series = _counted(target, business), _series(target)
    rows, reported = _rows(target, business, owners), _reported(target, business, owners)
    for number in range(MADE):
        sent += _make(target, business, owners[number % OWNERS], 3 if number < REPEATED else 1)
    counted = wait_until(
        lambda: _counted(target, business) - between,
        lambda grown: grown >= MADE,
        patience=4 * counting_of(target).every,
        every=EVERY,
        since=clock(),
    )
    _settle(target)
    seen = Books(
        examined=len(sent),
        made=MADE,
        odd=tuple(each.odd for each in sent if each.odd),
        counted=_counted(target, business) - between,
        counted_failed=between - before,
        rows=_rows(target, business, owners) - rows,
        reported=_reported(target, business, owners) - reported,
        age=counted.seconds,
        grown=tuple(sorted(_series(target) - series)),
    )
    for owner in owners:
        send_further(target, target.door, business.remove, owner, identity=business.identity)
    return seen


def _register(target: Target, business: Business) -> Known:
    known = {RUN: uuid.uuid4().hex[:12]}
    seen, answer = send_further(target, target.door, business.owner, known, identity=business.identity)
    identifier = value_at(answer.json(), business.owner_id)
    if seen.odd or not identifier:
        raise CannotLook(f"nobody could be registered whose things are counted: {seen.odd or 'no id'}")
    return {**known, "member": str(identifier)}


def _make(target: Target, business: Business, owner: Known, times: int = 1) -> list[Sent]:
    """One thing, its request sent so many times, each over a connection of its own, so that copies take turns."""
    known = {**owner, RUN: uuid.uuid4().hex[:12]}
    key = {business.repeats: uuid.uuid4().hex}
    return [
        send_further(
            target,
            target.another_door(),
            business.write,
            known,
            identity=business.identity,
            more_headers=key,
        )[0]
        for _ in range(times)
    ]


def _fail(target: Target, business: Business, owner: Known) -> Iterator[Sent]:
    """Requests that are refused for what they say."""
    for body in business.wrong:
        wrong = business.write.model_copy(update={"body": body})
        seen, answer = send_further(target, target.door, wrong, owner, identity=business.identity)
        refused = 400 <= answer.status < 500
        odd = "" if refused else f"{seen.method} {wrong.path} was not refused: status {answer.status}"
        yield Sent(seen.copy, seen.method, seen.route, seen.status, odd=odd)


def _settle(target: Target) -> None:
    after_a_look(target, copies_counted(target), target.metrics.now())


def _counted(target: Target, business: Business) -> float:
    told = target.metrics.query(f"sum({business.series})")
    return told[0].value if told else 0.0


def _series(target: Target) -> set[str]:
    """All series of the services, without the copies that they are of."""
    counting = counting_of(target)
    label = counting.labels
    services = "|".join(counting.services)
    return {
        str(sorted((name, value) for name, value in each.labels.items() if name != label.copy_))
        for each in target.metrics.query(f'{{{label.service}=~"{services}"}}')
    }


def _rows(target: Target, business: Business, owners: Sequence[Known]) -> int:
    platform, database = target.platform, declared_database(target)
    copy = running_database(platform, database, target.profile.patience.answer)
    return sum(
        int(ask_database(platform, database, copy, str(filled(business.rows, owner)))[0][0])
        for owner in owners
    )


def _reported(target: Target, business: Business, owners: Sequence[Known]) -> int:
    total = 0
    for owner in owners:
        answer = target.door.ask(
            "GET",
            str(filled(business.report, owner)),
            headers=target.headers(business.identity),
            timeout=target.profile.patience.answer,
        )
        listed = value_at(answer.json(), business.listed)
        if not isinstance(listed, list):
            raise CannotLook(f"the API does not report what was made: status {answer.status}")
        total += len(listed)
    return total
