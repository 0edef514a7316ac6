"""Who is calling, and may they? Keys are 256-bit random values; the database keeps only their SHA-256."""

import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from whoop_service.database import Connection, Database

REMEMBERED_SECONDS = 2.0
"""How long a key that was good is not looked up again: a revoked key stops working within this time."""

REMEMBERED_KEYS = 1000

_LOOK_UP = """
SELECT k.name, k.client, k.scopes, k.expires_at, c.everything
FROM api_keys k JOIN clients c ON c.name = k.client
WHERE k.hash = %s AND k.revoked_at IS NULL
"""

_bearer = HTTPBearer(auto_error=False, description="An API key.")


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "records:read"
    WRITE = "records:write"
    EXPORT = "records:export"


@dataclass(frozen=True)
class Caller:
    """A valid key (`name`) and the client it belongs to. `everything`: sees the records of all clients."""

    name: str
    client: str
    scopes: frozenset[str]
    expires_at: datetime | None
    everything: bool = False

    @property
    def sees(self) -> str | None:
        """The client whose records they may see; None for those of all."""
        return None if self.everything else self.client

    def expired(self) -> bool:
        """Whether the key's time is over."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


def key_hash(key: str) -> bytes:
    """What the database keeps of a key."""
    return hashlib.sha256(key.encode()).digest()


class Callers:
    """Finds the owner of a key, and remembers good keys for a few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: dict[bytes, tuple[float, Caller]] = {}

    async def find(self, key: str) -> Caller | None:
        """The owner of a key that is neither unknown, nor revoked, nor expired."""
        hashed = key_hash(key)
        until, caller = self._remembered.get(hashed, (0.0, None))
        if caller is None or until < time.monotonic():
            caller = await self._look_up(hashed)
            self._remember(hashed, caller)
        return None if caller is None or caller.expired() else caller

    def _remember(self, hashed: bytes, caller: Caller | None) -> None:
        self._remembered.pop(hashed, None)
        if caller is not None:
            if len(self._remembered) >= REMEMBERED_KEYS:
                self._remembered.clear()
            self._remembered[hashed] = (time.monotonic() + REMEMBERED_SECONDS, caller)

    async def _look_up(self, hashed: bytes) -> Caller | None:
        async def work(connection: Connection) -> Caller | None:
            row = await (await connection.execute(_LOOK_UP, (hashed,))).fetchone()
            return Caller(**{**row, "scopes": frozenset(row["scopes"])}) if row else None

        return await self._database.run(work)


def allowed(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A FastAPI dependency: the caller, when their key has the scope; otherwise 401 or 403."""

    async def check(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Caller:
        callers: Callers = request.app.state.callers
        caller = await callers.find(credentials.credentials) if credentials else None
        if caller is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="whoop"'}
            raise HTTPException(401, "A valid API key is required: Authorization: Bearer <key>.", challenge)
        request.state.caller = caller.name
        if scope not in caller.scopes:
            raise HTTPException(403, f"This API key does not have the scope {scope}.")
        return caller

    return check


Reader = Annotated[Caller, Depends(allowed(Scope.READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.WRITE))]
Exporter = Annotated[Caller, Depends(allowed(Scope.EXPORT))]
