"""Every password and key is replaced while customers keep coming; what was replaced is tried before and afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import pause, wait_until
from readiness.drills.arrivals import Arrivals
from readiness.drills.openings import Openings, rotation_of
from readiness.harness.undo import UndoStack
from readiness.probes.database import ask_database, declared_database, running_database
from readiness.probes.known_secrets import KnownSecrets, known_secrets
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

PROCEDURE = "rotate_secrets"
BESIDE = 5.0  # seconds for which customers come before the procedure begins, and after it has ended
READ_ALL = ("sh", "-c", 'for each in $(find /run/secrets -type f); do cat "$each"; echo; done')
PATIENCE = 30.0
SESSIONS = """
SELECT pid, backend_start, usename FROM pg_stat_activity
WHERE backend_type = 'client backend' AND client_addr <> '127.0.0.1' AND client_addr <> '::1'
"""
END_SESSIONS = f"SELECT count(pg_terminate_backend(pid)) FROM ({SESSIONS}) AS them"


@dataclass(frozen=True)
class Tried:
    """Whether somebody with a secret was let in: before it was replaced, with the new value, and with the old one."""

    secret: str
    before: bool
    new: bool
    old: bool


@dataclass(frozen=True)
class Holder:
    """A copy that has to read a secret, and whether it has the new value, and still the old one."""

    service: str
    instance: str
    secret: str
    new: bool
    old: bool


@dataclass(frozen=True, kw_only=True)
class Rotated(Observation):
    """One replacement of all secrets under load. Examined: answers to customers, tries, and copies.

    `unchanged`: secrets whose value is what it was. `sessions`: who has a session in the database that began before.
    `afterwards`: what was wrong with a customer's answers once all connections to the database had to be opened anew.
    """

    exit_code: int
    words: str
    seconds: float
    served: tuple[Served, ...]
    unchanged: tuple[str, ...]
    tried: tuple[Tried, ...]
    holders: tuple[Holder, ...]
    sessions: tuple[str, ...]
    afterwards: str


def replace_secrets_among_customers(target: Target, undo: UndoStack) -> Rotated:
    """Run the operator's procedure while customers keep coming, and try old and new. CannotLook when an old one never worked."""
    target.procedure(PROCEDURE)
    names, openings = rotation_of(target).replaced, Openings(target, undo)
    old = known_secrets(target)
    closed = [name for name in names if not openings.lets_in(name, old.value(name))]
    if closed:
        raise CannotLook(
            f"{', '.join(closed)} opens nothing even now, so its being refused later shows nothing"
        )
    sessions = set(_sessions(target))
    with Arrivals(target) as arrivals:
        pause(BESIDE)
        ran = target.run_procedure(PROCEDURE)
        pause(BESIDE)
        new = known_secrets(target)
    tried = tuple(
        Tried(name, True, openings.lets_in(name, new.value(name)), openings.lets_in(name, old.value(name)))
        for name in names
    )
    holders = tuple(_holders(target, old, new))
    still = tuple(sorted({user for pid, begin, user in sessions & set(_sessions(target))}))
    return Rotated(
        examined=len(arrivals.served) + len(tried) + len(holders),
        exit_code=ran.exit_code,
        words=" ".join(ran.output.split())[-300:],
        seconds=ran.seconds,
        served=arrivals.served,
        unchanged=tuple(name for name in names if old.value(name) == new.value(name)),
        tried=tried,
        holders=holders,
        sessions=still,
        afterwards=_fault_with_new_connections(target),
    )


def _holders(target: Target, old: KnownSecrets, new: KnownSecrets) -> Iterator[Holder]:
    """Every copy that has to read a secret that is replaced."""
    platform, replaced = target.platform, rotation_of(target).replaced
    readers = {each.name: each.readers for each in target.profile.secrets if each.name in replaced}
    for service in dict.fromkeys(service for each in readers.values() for service in each):
        for copy in platform.replicas(service):
            text = platform.run_inside(copy.id, READ_ALL, timeout=PATIENCE).output
            for name in (name for name, each in readers.items() if service in each):
                yield Holder(service, copy.instance, name, new.value(name) in text, old.value(name) in text)


def _sessions(target: Target) -> list[tuple[str, ...]]:
    database = declared_database(target)
    copy = running_database(target.platform, database, target.profile.patience.answer)
    return [tuple(row) for row in ask_database(target.platform, database, copy, SESSIONS)]


def _fault_with_new_connections(target: Target) -> str:
    """End all sessions in the database, so that everybody has to log in again; what is wrong with a customer's answers then."""
    database = declared_database(target)
    copy = running_database(target.platform, database, target.profile.patience.answer)
    ask_database(target.platform, database, copy, END_SESSIONS)
    customer = Customer(target, fresh_connections=True)
    try:
        return wait_until(
            lambda: "; ".join(f"{each.request}: {each.fault}" for each in customer.walk() if each.fault),
            lambda fault: not fault,
            patience=PATIENCE,
        ).last
    finally:
        customer.clean_up()
