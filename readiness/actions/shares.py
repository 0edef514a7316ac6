"""What clients of the API may use: agreed on, and used up, by the operator's own procedures."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from readiness.actions.keys import AT_ONCE, Key, access_of, done
from readiness.config.access import Shares
from readiness.core.errors import CapabilityMissing
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

PLENTY = 100_000


def shares_of(target: Target) -> Shares:
    """What a new client may use. CapabilityMissing where the profile does not say."""
    shares = access_of(target).shares
    if shares is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say how much a client may use (access.shares)."
        )
    return shares


def let_all_use_plenty(target: Target, keys: Iterable[Key]) -> None:
    """Agree with the clients of these keys on as much as they like, where the profile says that clients have shares."""
    if access_of(target).shares is None:
        return
    clients = dict.fromkeys(key.client for key in keys)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda client: let_use_plenty(target, client), clients))


def let_use_plenty(target: Target, client: str) -> None:
    """Agree with one of our own clients on as much as he likes; he is removed with all he has."""
    plenty = str(PLENTY)
    ran = target.run_procedure(
        "agree_quota", client=client, per_minute=plenty, per_hour=plenty, per_day=plenty
    )
    done(ran, "agree_quota")


def book_usage(target: Target, client: str, requests: int, ago: float) -> None:
    """Let one of our own clients have made so many requests, `ago` seconds ago."""
    ran = target.run_procedure("book_usage", client=client, requests=str(requests), ago=f"{ago:.0f}")
    done(ran, "book_usage")


def forgive_guesses(target: Target, undo: UndoStack) -> None:
    """Let the wrong keys be forgotten that came from here, and owe the same for those that are about to come.

    Nothing to do where the profile does not say that wrong keys have a limit.
    """
    if access_of(target).shares is None:
        return
    procedure = target.procedure("forgive_guesses")
    undo.owe(
        "run_command", command=list(procedure.argv()), folder=str(target.root), timeout=procedure.timeout
    )
    done(target.run_procedure("forgive_guesses"), "forgive_guesses")
