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

REMEMBERED_SECONDS = 5.0
"""How long a key that was good is not looked up again: a revoked key stops working within this time."""

REMEMBERED_KEYS = 1000

_bearer = HTTPBearer(auto_error=False, description="An API key.")


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "records:read"
    WRITE = "records:write"


@dataclass(frozen=True)
class Caller:
    """The owner of a valid key."""

    name: str
    scopes: frozenset[str]
    expires_at: datetime | None

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
            cursor = await connection.execute(
                "SELECT name, scopes, expires_at FROM api_keys WHERE hash = %s AND revoked_at IS NULL",
                (hashed,),
            )
            row = await cursor.fetchone()
            return Caller(row["name"], frozenset(row["scopes"]), row["expires_at"]) if row else None

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


MAY_READ = Depends(allowed(Scope.READ))
MAY_WRITE = Depends(allowed(Scope.WRITE))
