"""What strangers get: what only developers use, and the accounts of demonstrations; and who may come in at all."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness.config.exposure import Demonstration, Exposure, ExposurePolicy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.probes.mistakes import Mistake, Told, ask_all, exposure_of, first_key
from readiness.targets.target import Target

DEEPEST = 3


@dataclass(frozen=True, kw_only=True)
class Strangers(Observation):
    """The answers to strangers, and to one who may come in (`known`). Examined: answers."""

    developers: tuple[Told, ...]
    demonstrations: tuple[Told, ...]
    known: tuple[Told, ...]


@dataclass(frozen=True, kw_only=True)
class Accounts(Observation):
    """The names of all accounts that are in force, as the operator's procedure prints them."""

    names: tuple[str, ...]
    expected: tuple[str, ...]


def ask_as_strangers(target: Target, policy: ExposurePolicy) -> Strangers:
    """Ask for everything that the policy names, below every prefix that is published, and with every demonstration's account."""
    exposure, key = exposure_of(target), first_key(target)
    headers = {each.header for each in target.profile.identities.values()}
    private = exposure.private[0]
    developers = [_get(path, {}) for path in dict.fromkeys(_developers(exposure, policy))]
    demonstrations = [
        _get(private, proof)
        for each in policy.demonstrations
        for proof in proofs_of(each, headers | {"X-API-Key"})
    ]
    told = {
        name: tuple(ask_all(target, requests, exposure))
        for name, requests in (
            ("developers", developers),
            ("demonstrations", demonstrations),
            ("known", [_get(path, key) for path in exposure.private]),
        )
    }
    return Strangers(examined=sum(map(len, told.values())), **told)


def list_accounts(target: Target) -> Accounts:
    """Have the operator's procedure print who may come in."""
    expected = exposure_of(target).accounts
    ran = target.run_procedure("accounts")
    if ran.exit_code != 0:
        words = " ".join(ran.output.strip().splitlines()[-3:])
        raise CannotLook(f"the procedure 'accounts' ended with exit status {ran.exit_code}: {words}")
    names = tuple(line.strip() for line in ran.output.splitlines() if line.strip())
    return Accounts(examined=len(names), names=names, expected=expected)


def proofs_of(account: Demonstration, headers: set[str]) -> Iterator[Mapping[str, str]]:
    """All ways in which an account may be shown: its key as a bearer's, plainly, and with its name as basic authentication."""
    if account.user:
        pair = base64.b64encode(f"{account.user}:{account.key}".encode()).decode()
        yield {"Authorization": f"Basic {pair}"}
    for header in sorted(headers):
        yield {header: f"Bearer {account.key}" if header == "Authorization" else account.key}


def _developers(exposure: Exposure, policy: ExposurePolicy) -> Iterator[str]:
    for prefix in prefixes_of(exposure.private):
        for path in policy.developers:
            if f"{prefix}{path}" not in exposure.meant:
                yield f"{prefix}{path}"


def prefixes_of(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Everything that stands before a slash in these paths, the shallow part of it, beginning with nothing at all."""
    found = {""}
    for path in paths:
        parts = path.partition("?")[0].split("/")[1:-1]
        found |= {
            "".join(f"/{part}" for part in parts[:depth]) for depth in range(1, min(len(parts), DEEPEST) + 1)
        }
    return tuple(sorted(found))


def _get(path: str, headers: Mapping[str, str]) -> Mistake:
    return Mistake("reading", f"GET {path.partition('?')[0]}", "GET", path, headers, with_key=False)
