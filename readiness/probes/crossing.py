"""Who is let in where: every environment's keys at every environment's door, and whose records are found where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.config.environments import Environment
from readiness.config.secrets import Identity
from readiness.core.errors import CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.targets.journey import Customer, Served
from readiness.targets.target import Target

PRODUCTION = "production"
REFUSED = (401, 403)
Identities = Mapping[str, Mapping[str, Identity]]


@dataclass(frozen=True)
class Knock:
    """A key of one environment (`owner`, under the name `identity`) tried at the door of another; `status` 0: no answer."""

    door: str
    owner: str
    identity: str
    path: str
    status: int

    @property
    def let_in(self) -> bool:
        """Whether the key opened: the answer is one about the thing, be it that there is none."""
        return self.status not in (0, *REFUSED) and self.status < 500


@dataclass(frozen=True)
class Sought:
    """A record written in one environment, looked for in another (or there itself) with that one's own key.

    `found`: the answer was the one that the journey expects of the record. `status` 0: no answer.
    """

    written: str
    sought: str
    request: str
    status: int
    found: bool


def identities_of(target: Target) -> Identities:
    """The identities of production and of every other environment."""
    environments = target.profile.environments
    others = {name: each.identities for name, each in environments.others.items()} if environments else {}
    return {PRODUCTION: target.profile.identities, **others}


def knock_everywhere(target: Target, there: Target, name: str) -> tuple[Knock, ...]:
    """Every known key at the door of an environment, and that one's keys at production's door."""
    exposure = target.profile.exposure
    if exposure is None:
        return ()
    known = identities_of(target)
    tries = [
        *((there, name, owner, key) for owner, keys in known.items() for key in keys),
        *((target, PRODUCTION, owner, key) for owner in (PRODUCTION, name) for key in known[owner]),
    ]
    return tuple(
        knock
        for visited, door, owner, key in tries
        for path in exposure.private
        if (knock := _knock(visited, door, owner, key, known[owner][key], path))
    )


def _knock(visited: Target, door: str, owner: str, name: str, identity: Identity, path: str) -> Knock | None:
    """The answer to a reading; None for a key that cannot be had, such as of an environment that never was up."""
    try:
        headers = {identity.header: identity.header_value()}
    except CapabilityMissing:
        return None
    patience = visited.profile.patience.answer
    waited = wait_until(
        lambda: visited.door.ask("GET", path, headers=headers, timeout=patience).status,
        tells,
        patience=patience,
        every=1.0,
    )
    return Knock(door, owner, name, path, waited.last)


def tells(status: int) -> bool:
    """Whether an answer tells anything of what was asked for; an error of the service and no answer tell nothing."""
    return 0 < status < 500


def look_for_each_other(target: Target, there: Target, name: str) -> tuple[Sought, ...]:
    """Write a record in production and one in an environment, and look for each in both."""
    customers = {
        PRODUCTION: Customer(target, fresh_connections=False),
        name: Customer(there, fresh_connections=False),
    }
    found: list[Sought] = []
    patience = target.profile.patience.answer
    try:
        for written, writer in customers.items():
            left = wait_until(
                writer.leave_mark, lambda seen: _all_tell(seen.answers), patience=patience, every=1.0
            )
            mark = left.last
            for sought, reader in customers.items():
                looked = wait_until(
                    lambda reader=reader, mark=mark: reader.find_mark(mark),  # type: ignore[misc]  # as they are now
                    _all_tell,
                    patience=patience,
                    every=1.0,
                )
                found += [
                    Sought(written, sought, served.request, served.status, served.right)
                    for served in looked.last
                ]
    finally:
        for customer in customers.values():
            customer.clean_up()
    return tuple(found)


def _all_tell(answers: tuple[Served, ...]) -> bool:
    return all(tells(answer.status) for answer in answers)


def environment_target(target: Target, environment: Environment) -> Target:
    """An environment as a target: the same journey through its own door, with its own keys."""
    profile = target.profile.model_copy(
        update={"door": environment.door, "identities": environment.identities}
    )
    return Target(profile, target.root)
