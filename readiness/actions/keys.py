"""Keys of the API, issued and taken back by the operator's own procedures, for clients that exist only as long as a scenario."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from readiness.config.access import Access
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.harness.undo import UndoStack
from readiness.targets.platform import Ran
from readiness.targets.target import Target

LONGEST_LIFE = 3600  # seconds: a key that nobody took back ends by itself
AT_ONCE = 2


@dataclass(frozen=True)
class Order:
    """A key that is asked for: to which client it belongs, what it may do, and for how many seconds."""

    client: str
    name: str
    scopes: Sequence[str]
    seconds: float = LONGEST_LIFE


@dataclass(frozen=True)
class Key:
    """A key that was issued. Its value is never shown."""

    client: str
    name: str
    value: str = field(repr=False)


def access_of(target: Target) -> Access:
    """How the API is accessed. CapabilityMissing where the profile does not say."""
    if target.profile.access is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say who may use the API (access).")
    return target.profile.access


def unique(name: str) -> str:
    """A name that no other run has."""
    return f"readiness-{uuid.uuid4().hex[:8]}-{name}"


def issue_keys(target: Target, undo: UndoStack, orders: Iterable[Order]) -> tuple[Key, ...]:
    """Issue keys. Undo: remove their clients with everything they have."""
    orders = tuple(orders)
    removal = target.procedure("remove_client")
    for client in dict.fromkeys(order.client for order in orders):
        command = list(removal.argv(client=client))
        undo.owe("run_command", command=command, folder=str(target.root), timeout=removal.timeout)
    target.procedure("issue_key")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda order: _issue(target, order), orders))


def revoke_key(target: Target, key: Key) -> None:
    """Take a key back."""
    done(target.run_procedure("revoke_key", client=key.client, key=key.name), "revoke_key")


def _issue(target: Target, order: Order) -> Key:
    ran = target.run_procedure(
        "issue_key",
        client=order.client,
        key=order.name,
        scopes=",".join(order.scopes),
        seconds=f"{order.seconds:g}",
    )
    done(ran, "issue_key")
    return Key(order.client, order.name, ran.output.split()[-1])


def done(ran: Ran, procedure: str) -> None:
    """CannotLook unless the procedure said that it worked."""
    if ran.exit_code != 0 or not ran.output.split():
        words = "\n".join(ran.output.splitlines()[-5:])
        raise CannotLook(f"the procedure {procedure} ended with exit status {ran.exit_code}: {words}")
