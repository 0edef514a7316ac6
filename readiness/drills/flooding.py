"""A greedy client asks for more than its share while a neighbour asks for little; then it pretends to be others."""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.actions.keys import Key, Order, access_of, issue_keys, unique
from readiness.actions.shares import let_use_plenty, shares_of
from readiness.config.access import Call
from readiness.config.journey import RUN
from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.published import published_operations
from readiness.targets.door import Answer
from readiness.targets.journey import value_at
from readiness.targets.target import Target

BEYOND = 60
AT_ONCE = 4
NEIGHBOUR_EVERY = 0.2
REFUSED = 429
MINUTE = 60.0
SOMEBODY = "203.0.113.{}"
PRETENCES = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Originating-IP",
    "Via",
)


@dataclass(frozen=True)
class Asked:
    """One request: seconds after the first one when it was asked, its status and seconds, the copy, and when to come back."""

    at: float
    status: int
    seconds: float
    instance: str
    come_back: str = ""
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class Flood(Observation):
    """What became of a greedy client, which makes a thing with each request, and of its neighbour. Examined: its requests.

    `agreed`: requests of a minute. `served`: the status that serves it. `made`: things of it that were there afterwards.
    `pretences`: further requests, made to look like somebody else's. `copies`: all that could answer.
    """

    agreed: int
    served: int
    asked: tuple[Asked, ...]
    pretences: tuple[Asked, ...]
    neighbour: tuple[Asked, ...]
    neighbour_served: int
    made: int
    copies: tuple[str, ...]

    @property
    def let_through(self) -> int:
        """Requests of the greedy client that were served, all within a minute."""
        return sum(each.status == self.served for each in (*self.asked, *self.pretences))

    @property
    def neighbours_longest(self) -> float:
        """The longest that the neighbour waited, in seconds."""
        return max(each.seconds for each in self.neighbour)


def flood(target: Target, undo: UndoStack) -> Flood:
    """Let a client with the usual share ask for more than it, over many connections. Undo: remove it and its neighbour."""
    access, shares = access_of(target), shares_of(target)
    greedy, neighbour = unique("greedy"), unique("neighbour")
    key, second, other = issue_keys(
        target,
        undo,
        [
            Order(greedy, f"{greedy}-1", access.scopes),
            Order(greedy, f"{greedy}-2", access.scopes),
            Order(neighbour, f"{neighbour}-1", access.scopes),
        ],
    )
    makes, reads = first_calls(access.calls)
    began = clock()
    with _Neighbour(lambda: _asked(target, reads, access.proof(other.value), began)) as beside:
        asked = _flood(target, makes, access.proof(key.value), shares.minute + BEYOND, began)
    pretences = tuple(_pretend(target, makes, key, second, began))
    if clock() - began > MINUTE:
        raise CannotLook(
            f"{len(asked)} requests took {clock() - began:.0f} s, so they were not made within one minute"
        )
    let_use_plenty(target, greedy)
    return Flood(
        examined=len(asked) + len(pretences),
        agreed=shares.minute,
        served=makes.expect_status,
        asked=asked,
        pretences=pretences,
        neighbour=tuple(beside.asked),
        neighbour_served=reads.expect_status,
        made=_count(target, access.proof(key.value)),
        copies=tuple(copy.instance for copy in target.platform.replicas(target.profile.service.name)),
    )


def first_calls(calls: tuple[Call, ...]) -> tuple[Call, Call]:
    """The first call that makes something, and the first that reads something, and neither needs what another saved."""
    free = [call for call in calls if call.placeholders <= {RUN}]
    makes = next((call for call in free if call.method == "POST"), None)
    reads = next((call for call in free if call.method == "GET"), None)
    if makes is None or reads is None:
        raise CannotLook(
            "the profile has no call that makes, or none that reads something by itself (access.calls)"
        )
    return makes, reads


class _Neighbour:
    """Asks five times a second in the background, and remembers every answer."""

    def __init__(self, ask: Callable[[], Asked]) -> None:
        self.asked: list[Asked] = [ask()]
        self._ask = ask
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> _Neighbour:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._leaving.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._leaving.is_set():
            self.asked.append(self._ask())
            pause(NEIGHBOUR_EVERY)


def _flood(
    target: Target, makes: Call, header: Mapping[str, str], requests: int, began: float
) -> tuple[Asked, ...]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda _: _asked(target, makes, header, began), range(requests)))


def _pretend(target: Target, makes: Call, key: Key, second: Key, began: float) -> Iterator[Asked]:
    """The used-up client once more, with claims to be somebody else, with its other key, and by every operation."""
    access = access_of(target)
    proof = access.proof
    claims = [{name: SOMEBODY.format(number)} for number, name in enumerate(PRETENCES)]
    claims += [{"Forwarded": f"for={SOMEBODY.format(99)}"}, {name: SOMEBODY.format(98) for name in PRETENCES}]
    for claim in claims:
        how = f"claims in {', '.join(claim)}"
        yield _asked(target, makes, {**proof(key.value), **claim}, began, how)
    yield _asked(target, makes, proof(second.value), began, "its other key")
    nothing: dict[str, str] = defaultdict(lambda: str(uuid.UUID(int=0)))
    for each in published_operations(target, access):
        path = each.address(nothing)
        answer = target.door.ask(
            each.method, path, headers=proof(key.value), timeout=target.profile.patience.answer
        )
        yield _told(answer, clock() - began, str(each))


def _asked(target: Target, call: Call, header: Mapping[str, str], began: float, how: str = "") -> Asked:
    at = clock() - began
    answer = target.door.ask(
        call.method,
        call.path,
        json=filled(call.body, {RUN: unique("flood")}),
        headers=header,
        timeout=target.profile.patience.answer,
        fresh=True,
    )
    return _told(answer, at, how)


def _told(answer: Answer, at: float, how: str) -> Asked:
    come_back = answer.headers.get("Retry-After", "")
    return Asked(at, answer.status, answer.seconds, answer.instance, come_back, how or answer.error)


def _count(target: Target, header: Mapping[str, str]) -> int:
    """How many things the client has, as soon as it may look."""
    made = shares_of(target).made

    def look() -> Answer:
        return target.door.ask("GET", made.path, headers=header, timeout=target.profile.patience.answer)

    waited = wait_until(
        look, lambda answer: answer.status != REFUSED, patience=target.profile.patience.change
    )
    things = value_at(waited.last.json(), made.key)
    if not isinstance(things, list):
        raise CannotLook(f"{made.path} gives no list under {made.key}: status {waited.last.status}")
    return len(things)
