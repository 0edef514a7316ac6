"""A known mix of requests over all routes, and what is counted of it at every copy."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness.actions.database import let_refuse
from readiness.config.access import Call
from readiness.config.counting import Counting, Further
from readiness.config.journey import RUN
from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.undisturbed import undisturbed
from readiness.harness.undo import UndoStack
from readiness.probes.counted import (
    address,
    after_a_look,
    business_of,
    copies_counted,
    counting_of,
    looked_at,
    read_counts,
    refusal_of,
)
from readiness.probes.database import declared_database
from readiness.targets.door import Answer, Door
from readiness.targets.journey import value_at
from readiness.targets.target import Target

WALKS = 3
ALSO = 4

Key = tuple[str, str, str]
"""Method, route and status of a request."""


@dataclass(frozen=True)
class Difference:
    """A kind of request of which another number was counted than was sent. `copy`: "" for all copies together."""

    copy: str
    method: str
    route: str
    status: str
    sent: int
    counted: float


@dataclass(frozen=True)
class Unseen:
    """A copy that the metrics service does not look at by itself."""

    service: str
    copy: str


@dataclass(frozen=True, kw_only=True)
class CountedRequests(Observation):
    """What was sent, and what was counted of it. Examined: requests that were sent.

    `copies`: those that were counted; `unseen`: those of which the metrics service knows nothing; `strangers`: addresses that it
    asks although they are no copy's; `differences`: in the counter, `in_times`: in the histogram; `odd`: answers that were not
    as the profile says, so that the mix was not the one that was meant.
    """

    copies: tuple[str, ...]
    sent: tuple[tuple[Key, int], ...]
    unseen: tuple[Unseen, ...]
    strangers: tuple[str, ...]
    differences: tuple[Difference, ...]
    in_times: tuple[Difference, ...]
    odd: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """One request that was answered: by which copy, under which route it has to be counted, and what it causes within."""

    copy: str
    method: str
    route: str
    status: str
    causes: tuple[str, ...] = ()
    odd: str = ""


def count_requests(target: Target, undo: UndoStack) -> CountedRequests:
    """Send the mix while no robot walks, and compare."""
    return undisturbed(target, lambda: _count(target, undo))


def _count(target: Target, undo: UndoStack) -> CountedRequests:
    counting = counting_of(target)
    copies = copies_counted(target)
    if not copies:
        raise CannotLook(f"no copy of {', '.join(counting.services)} runs")
    after_a_look(target, copies, target.metrics.now())
    before = read_counts(target, copies)
    sent = tuple(_send(target, undo))
    ended = target.metrics.now()
    after_a_look(target, copies, ended)
    after = read_counts(target, copies)
    if {copy.id for copy in copies} != {copy.id for copy in copies_counted(target)}:
        raise CannotLook("copies came or went while requests were counted")
    requests = {key: value - before.requests.get(key, 0.0) for key, value in after.requests.items()}
    times = {key: value - before.times.get(key, 0.0) for key, value in after.times.items()}
    seen = looked_at(target, ended)
    own = {copy.instance: set(target.platform.addresses(copy.id)) for copy in copies}
    known = set[str]().union(*own.values())
    return CountedRequests(
        examined=len(sent),
        copies=tuple(copy.instance for copy in copies),
        sent=tuple(sorted(Counter((each.method, each.route, each.status) for each in sent).items())),
        unseen=tuple(
            Unseen(copy.service, copy.instance)
            for copy in copies
            if not own[copy.instance] & seen[copy.service]
        ),
        strangers=tuple(sorted(address(each) for all_of in seen.values() for each in all_of - known)),
        differences=tuple(differences(sent, requests, counting.background)),
        in_times=tuple(differences(sent, {(*key, ""): value for key, value in times.items()}, counting.background, times=True)),
        odd=tuple(each.odd for each in sent if each.odd),
    )  # fmt: skip


def differences(
    sent: tuple[Sent, ...],
    counted: Mapping[tuple[str, str, str, str], float],
    background: tuple[str, ...],
    *,
    times: bool = False,
) -> Iterator[Difference]:
    """Where what was counted is not what was sent: copy by copy what the door answered, over all copies what was caused within.

    Of what is used in the background, more may be counted. `times`: the status is not looked at.
    """
    answered: Counter[tuple[str, str, str, str]] = Counter()
    in_all: Counter[Key] = Counter()
    caused = set[Key]()
    for each in sent:
        status = "" if times else each.status
        answered[each.copy, each.method, each.route, status] += 1
        in_all[each.method, each.route, status] += 1
        for operation in each.causes:
            method, _, route = operation.partition(" ")
            caused.add((method, route, "" if times else "200"))
            in_all[method, route, "" if times else "200"] += 1
    total: defaultdict[Key, float] = defaultdict(float)
    for (_, method, route, status), value in counted.items():
        total[method, route, status] += value
    for key in sorted(in_all.keys() | total.keys()):
        more_is_right = f"{key[0]} {key[1]}" in background
        if total[key] < in_all[key] or (total[key] > in_all[key] and not more_is_right):
            yield Difference("", *key, in_all[key], total[key])
    for place in sorted(answered.keys() | counted.keys()):
        kind: Key = place[1:]
        value, least = counted.get(place, 0.0), answered[place]
        more_is_right = kind in caused or f"{kind[0]} {kind[1]}" in background
        if value < least or (value > least and not more_is_right):
            yield Difference(*place, least, value)


def _send(target: Target, undo: UndoStack) -> Iterator[Sent]:
    counting, access = counting_of(target), target.profile.access
    if access is None:
        raise CannotLook(f"the profile of {target.name} does not describe the API's calls (access)")
    door = target.another_door()
    for _ in range(WALKS):
        known = {RUN: uuid.uuid4().hex[:12]}
        for call in access.calls:
            yield _call(target, door, counting, call, known)
    for further in counting.also * ALSO:
        yield send_further(target, door, further, {RUN: uuid.uuid4().hex[:12]})[0]
    business = business_of(target)
    known = {RUN: uuid.uuid4().hex[:12]}
    registered, answer = send_further(target, door, business.owner, known, identity=business.identity)
    known["member"] = str(value_at(answer.json(), business.owner_id))
    yield registered
    yield from let_commits_fail(target, undo, door, known)
    removed, _ = send_further(target, door, business.remove, known, identity=business.identity)
    yield removed


def let_commits_fail(target: Target, undo: UndoStack, door: Door, known: Mapping[str, str]) -> Iterator[Sent]:
    """Requests that do everything right, and whose commit the database refuses."""
    refusal = refusal_of(target)
    step = let_refuse(target.platform, undo, declared_database(target), refusal.begin, refusal.end)
    for _ in range(ALSO):
        request = {**known, RUN: uuid.uuid4().hex[:12]}
        yield send_further(target, door, refusal.request, request)[0]
    if undo.settle(step):
        raise CannotLook("the database could not be told to commit everything again")


def _call(target: Target, door: Door, counting: Counting, call: Call, known: dict[str, str]) -> Sent:
    method, _, route = call.operation.partition(" ")
    headers = dict(target.headers(counting.identity))
    if call.content is not None:
        headers["Content-Type"] = call.content_type or "application/octet-stream"
    answer = door.ask(
        method,
        str(filled(call.path, known)),
        json=filled(call.body, known) if call.body is not None else None,
        body=call.content.encode() if call.content is not None else None,
        headers=headers,
        timeout=target.profile.patience.answer,
    )
    known |= {name: str(value_at(answer.json(), key)) for name, key in call.save.items()}
    causes = counting.causes.get(call.operation, ())
    return _sent(answer, route, call.expect_status, causes)


def send_further(
    target: Target,
    door: Door,
    further: Further,
    known: Mapping[str, str],
    *,
    identity: str | None = None,
    more_headers: Mapping[str, str] | None = None,
) -> tuple[Sent, Answer]:
    """Send a request of the profile's, its placeholders filled from `known`."""
    who = further.identity or identity
    answer = door.ask(
        further.method,
        str(filled(further.path, known)),
        json=filled(further.body, known) if further.body is not None else None,
        headers={**(target.headers(who) if who else {}), **(more_headers or {})},
        timeout=target.profile.patience.answer,
    )
    return _sent(answer, further.route, further.expect_status), answer


def _sent(answer: Answer, route: str, expected: int, causes: tuple[str, ...] = ()) -> Sent:
    told = answer.error or f"status {answer.status}"
    odd = "" if answer.status == expected else f"{answer.method} {answer.path}: {told} instead of {expected}"
    return Sent(answer.instance, answer.method, route, str(answer.status), causes, odd)
