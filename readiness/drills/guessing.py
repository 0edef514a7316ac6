"""Somebody guesses keys: how many are looked at, whether the right one helps then, and what becomes of regular callers."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.actions.keys import Order, access_of, issue_keys, unique
from readiness.actions.shares import forgive_guesses, shares_of
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import clock
from readiness.drills.flooding import MINUTE, REFUSED, first_calls
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

BEYOND = 60
AT_ONCE = 4
SOMEBODY = "203.0.113.77"


@dataclass(frozen=True, kw_only=True)
class Guesses(Observation):
    """Wrong keys from one address: how many were looked at, how many refused unseen, in seconds. Examined: guesses.

    `right_guess`: status for a good key that was never used from here; `pretending`: for the same with claims to be elsewhere.
    `regular`: for a key that is used from here all the time.
    """

    looked_at: int
    refused_unseen: int
    seconds: float
    right_guess: int
    pretending: int
    regular: int
    regular_served: int


def guess_keys(target: Target, undo: UndoStack) -> Guesses:
    """Try more wrong keys than are looked at in a minute, then a right one. Undo: forget the guesses, remove the client."""
    access, shares = access_of(target), shares_of(target)
    client = unique("guessed")
    (right,) = issue_keys(target, undo, [Order(client, f"{client}-1", access.scopes)])
    forgive_guesses(target, undo)
    reads = first_calls(access.calls)[1]

    def status(header: dict[str, str]) -> int:
        return target.door.ask(
            reads.method, reads.path, headers=header, timeout=target.profile.patience.answer
        ).status

    regular = target.headers(shares.regular)
    status(regular)
    began = clock()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [
            access.proof(secrets.token_hex(len(right.value) // 2)) for _ in range(shares.wrong_keys + BEYOND)
        ]
        answers = list(pool.map(status, wrong))
    seconds = clock() - began
    if seconds > MINUTE:
        raise CannotLook(
            f"{len(answers)} guesses took {seconds:.0f} s, so they were not made within one minute"
        )
    return Guesses(
        examined=len(answers),
        looked_at=sum(each != REFUSED for each in answers),
        refused_unseen=sum(each == REFUSED for each in answers),
        seconds=seconds,
        right_guess=status(access.proof(right.value)),
        pretending=status({**access.proof(right.value), "X-Forwarded-For": SOMEBODY, "X-Real-IP": SOMEBODY}),
        regular=status(regular),
        regular_served=reads.expect_status,
    )
