"""Clients whose share of a minute, an hour or a day is all but used up: where it ends, and when they are served again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from readiness.actions.keys import Order, access_of, issue_keys, unique
from readiness.actions.shares import book_usage, shares_of
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.flooding import REFUSED, first_calls
from readiness.harness.undo import UndoStack
from readiness.targets.door import Answer
from readiness.targets.target import Target

LEFT = 5
BEYOND = 3
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
AGO = 48.0  # seconds; what was used then is a minute old soon
PATIENCE = 30.0


@dataclass(frozen=True)
class UsedUp:
    """A client that had made `booked` requests in a window, the oldest part `oldest` seconds ago, and then went on asking.

    `window` and `come_back` are seconds; `come_back` -1 where it was told no time. `agreed` requests are its share. `refused_at`:
    when it was refused first (clock).
    """

    window: float
    agreed: int
    booked: int
    oldest: float
    served: int
    refused: int
    come_back: float
    refused_at: float = 0.0

    @property
    def let_through(self) -> int:
        """Requests of the window that were served."""
        return self.booked + self.served


@dataclass(frozen=True, kw_only=True)
class UsedUpShares(Observation):
    """Of an hour and of a day. Examined: requests made or booked."""

    hour: UsedUp
    day: UsedUp


@dataclass(frozen=True, kw_only=True)
class Recovery(Observation):
    """A client refused for what it used in the last minute: the seconds it was told to wait, and when it was served again.

    `served_after`: seconds from the refusal, PATIENCE when it was not served. Examined: requests.
    """

    before: UsedUp
    served_after: float
    refused_before: int


def use_up_an_hour_and_a_day(target: Target, undo: UndoStack) -> UsedUpShares:
    """Book nearly all of an hour's share to one client and of a day's to another, let both go on. Undo: remove them."""
    shares = shares_of(target)
    hour = _use_up(target, undo, HOUR, shares.hour, (0.8, 0.3))[0]
    day = _use_up(target, undo, DAY, shares.day, (0.8, 0.3))[0]
    return UsedUpShares(examined=hour.let_through + day.let_through, hour=hour, day=day)


def wait_for_a_new_share(target: Target, undo: UndoStack) -> Recovery:
    """Book nearly all of a minute's share, use the rest, and come back until served. Undo: remove the client."""
    before, ask = _use_up(target, undo, MINUTE, shares_of(target).minute, (AGO / MINUTE,))
    reads = first_calls(access_of(target).calls)[1]
    waited = wait_until(
        ask, lambda answer: answer.status == reads.expect_status, patience=PATIENCE, every=0.5
    )
    served_after = clock() - before.refused_at if waited.happened else PATIENCE
    return Recovery(
        examined=before.let_through + waited.looks,
        before=before,
        served_after=served_after,
        refused_before=waited.looks - waited.happened,
    )


def _use_up(
    target: Target, undo: UndoStack, window: float, agreed: int, ages: tuple[float, ...]
) -> tuple[UsedUp, Callable[[], Answer]]:
    """Book all but LEFT of a share in equal parts of these ages (parts of the window), then ask for more than is left."""
    access = access_of(target)
    client = unique("regular")
    (key,) = issue_keys(target, undo, [Order(client, f"{client}-1", access.scopes)])
    reads = first_calls(access.calls)[1]
    booked = agreed - LEFT
    parts = [booked // len(ages)] * (len(ages) - 1)
    for age, part in zip(ages, [booked - sum(parts), *parts], strict=True):
        book_usage(target, client, part, age * window)

    def ask() -> Answer:
        header = access.proof(key.value)
        return target.door.ask(
            reads.method, reads.path, headers=header, timeout=target.profile.patience.answer
        )

    answers = [(ask(), clock()) for _ in range(LEFT + BEYOND)]
    refusals = [(answer, at) for answer, at in answers if answer.status == REFUSED]
    told = refusals[0][0].headers.get("Retry-After", "") if refusals else ""
    served = sum(answer.status == reads.expect_status for answer, _ in answers)
    come_back = float(told) if told.isdigit() else -1.0
    refused_at = refusals[0][1] if refusals else clock()
    used = UsedUp(window, agreed, booked, ages[0] * window, served, len(refusals), come_back, refused_at)
    return used, ask
