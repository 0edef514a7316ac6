"""Who is calling, and may they?"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service_common.middleware import address_of
from whoop_service.database import Connection, Database
from whoop_service.scopes import Scope, key_hash
from whoop_service.service_calls import ServiceCalls
from whoop_service.tokens import Claims, Tokens
from whoop_service.usage import UNLIMITED, Quota, Usage

REMEMBERED_SECONDS = 2.0
"""How long a key that was good is not looked up again: a revoked key stops working within this time."""

REMEMBERED_KEYS = 1000

_LOOK_UP = """
SELECT k.name, k.client, k.scopes, k.expires_at, k.revoked_at,
       c.everything, c.per_minute, c.per_hour, c.per_day
FROM api_keys k JOIN clients c ON c.name = k.client
WHERE k.hash = %s
"""

_SIGNED_IN = """
SELECT p.email, p.client, p.scopes, s.scopes AS granted, c.per_minute, c.per_hour, c.per_day
FROM sign_ins s JOIN people p ON p.email = s.person JOIN clients c ON c.name = p.client
WHERE s.id = %s AND s.person = %s AND s.app = %s AND s.revoked_at IS NULL
  AND p.dismissed_at IS NULL AND NOT c.everything
"""

_WRONG_KEYS = "Too many wrong keys came from this address."

_bearer = HTTPBearer(
    auto_error=False, description="An API key, or the access token of somebody who signed in."
)


@dataclass(frozen=True)
class Caller:
    """A valid key (`name`) and the client it belongs to. `everything`: sees the records of all clients."""

    name: str
    client: str
    scopes: frozenset[str]
    expires_at: datetime | None
    everything: bool = False
    quota: Quota = UNLIMITED

    @property
    def sees(self) -> str | None:
        """The client whose records they may see; None for those of all."""
        return None if self.everything else self.client

    def expired(self) -> bool:
        """Whether the key's time is over."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


@dataclass(frozen=True)
class Found:
    """What is known of a key: whether it was ever issued, and its caller while it is good."""

    issued: bool
    caller: Caller | None


class Callers:
    """Finds the caller with a key, and remembers good keys for a few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: dict[bytes, tuple[float, Caller]] = {}

    def remembered(self, hashed: bytes) -> Caller | None:
        """The caller whose key was good a moment ago."""
        until, caller = self._remembered.get(hashed, (0.0, None))
        return caller if caller and until >= time.monotonic() and not caller.expired() else None

    async def look_up(self, hashed: bytes, claims: Claims | None = None) -> Found:
        """What the database knows of a key now, or of the sign-in that a token is of."""
        found = await self._database.run(
            lambda connection: _signed_in(connection, claims) if claims else _look_up(connection, hashed)
        )
        self._remembered.pop(hashed, None)
        if found.caller is not None:
            if len(self._remembered) >= REMEMBERED_KEYS:
                self._remembered.clear()
            self._remembered[hashed] = (time.monotonic() + REMEMBERED_SECONDS, found.caller)
        return found


async def _look_up(connection: Connection, hashed: bytes) -> Found:
    row = await (await connection.execute(_LOOK_UP, (hashed,))).fetchone()
    if row is None:
        return Found(False, None)
    quota = Quota(row["per_minute"], row["per_hour"], row["per_day"])
    caller = Caller(
        row["name"], row["client"], frozenset(row["scopes"]), row["expires_at"], row["everything"], quota
    )
    return Found(True, None if row["revoked_at"] or caller.expired() else caller)


async def _signed_in(connection: Connection, claims: Claims) -> Found:
    cursor = await connection.execute(_SIGNED_IN, (claims.sign_in, claims.person, claims.app))
    row = await cursor.fetchone()
    if row is None:
        return Found(True, None)
    quota = Quota(row["per_minute"], row["per_hour"], row["per_day"])
    scopes = claims.scopes & frozenset(row["scopes"]) & frozenset(row["granted"])
    until = datetime.fromtimestamp(claims.until, UTC)
    return Found(True, Caller(row["email"], row["client"], scopes, until, quota=quota))


class Gate:
    """Lets a request in: its key is good, and its client has not used more than was agreed."""

    def __init__(
        self, callers: Callers, usage: Usage, services: ServiceCalls, tokens: Tokens | None = None
    ) -> None:
        self._tokens = tokens
        self._callers = callers
        self._usage = usage
        self._services = services

    async def admit(self, request: Request, key: str | None) -> Caller:
        """The caller. Raises HTTPException: 401 without a good key, 429 when it is too much.

        A service that sees everything has to sign its requests, too.
        """
        caller = await self.identify(key, address_of(request))
        if caller.everything:
            await self._services.require_signature(request, caller.client)
        return caller

    async def identify(self, key: str | None, address: str) -> Caller:
        """The caller with this key, as long as it has not used more than was agreed."""
        caller = await self._identify(key, address) if key else None
        if caller is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="whoop"'}
            raise HTTPException(401, "A valid API key is required: Authorization: Bearer <key>.", challenge)
        if wait := await self._usage.take(caller.client, caller.quota):
            raise too_much("This client has used all that was agreed for now.", wait)
        return caller

    async def _identify(self, key: str, address: str) -> Caller | None:
        hashed = key_hash(key)
        if known := self._callers.remembered(hashed):
            return known
        if wait := await self._usage.is_guessing(address, hashed):
            raise too_much(_WRONG_KEYS, wait)
        claims = self._tokens.verify(key) if self._tokens and key.count(".") else None
        found = await self._callers.look_up(hashed, claims)
        if not found.issued and (wait := await self._usage.note_guess(address)):
            raise too_much(_WRONG_KEYS, wait)
        if found.caller:
            await self._usage.trust(address, hashed)
        return found.caller


def too_much(detail: str, wait: int) -> HTTPException:
    """The refusal of a request that may be tried again after `wait` seconds."""
    return HTTPException(429, f"{detail} Try again in {wait} s.", {"Retry-After": str(wait)})


def allowed(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A FastAPI dependency: the caller, when their key has the scope; otherwise 401, 429 or 403."""

    async def check(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Caller:
        gate: Gate = request.app.state.gate
        caller = await gate.admit(request, credentials.credentials if credentials else None)
        request.state.caller = caller.name
        if scope not in caller.scopes:
            raise HTTPException(403, f"This API key does not have the scope {scope}.")
        return caller

    return check


Reader = Annotated[Caller, Depends(allowed(Scope.READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.WRITE))]
Exporter = Annotated[Caller, Depends(allowed(Scope.EXPORT))]
