"""The records of whoop-service, over HTTP."""

import asyncio
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import httpx
from fastapi import HTTPException
from pydantic import BaseModel

from insights_service.settings import Settings
from service_common.problems import DependencyAway
from service_common.settings import read_secret

WHOOP_SERVICE = "whoop-service"
NEWEST = 100
"""Records of one kind that are looked at; more than that in a week is not an athlete's."""

_TIMEOUT = httpx.Timeout(3.0, connect=1.0)
_PASSED_ON = {401, 403, 404}


class Recovery(BaseModel):
    """The part of a recovery that counts here."""

    recorded_at: datetime
    recovery_score: int


class Sleep(BaseModel):
    """The part of a sleep that counts here."""

    recorded_at: datetime
    hours_asleep: float


class Workout(BaseModel):
    """The part of a workout that counts here."""

    recorded_at: datetime
    strain: float


R = TypeVar("R", bound=BaseModel)


class WhoopRecords:
    """A client of whoop-service. Its failures are DependencyAway; its refusals are passed on."""

    name = WHOOP_SERVICE
    required = False

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._key = read_secret(settings.service_key_file)
        self._host, self._port = settings.whoop_url.host, settings.whoop_url.port
        self._client = httpx.AsyncClient(
            base_url=str(settings.whoop_url), timeout=_TIMEOUT, transport=transport
        )

    async def check(self) -> str | None:
        """Readiness: shown, but not required; taking every replica out would help nobody."""
        _reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.close()
        return None

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def require_access(self, authorization: str | None, member: UUID, request_id: str) -> None:
        """Ask whoop-service with the caller's own key: it decides whether they may read this member."""
        await self._get(f"/v1/members/{member}", authorization, request_id)

    async def newest(self, kind: str, shape: type[R], member: UUID, request_id: str) -> list[R]:
        """The newest records of a kind, newest first, read with our own key."""
        answer = await self._get(
            f"/v1/{kind}", f"Bearer {self._key}", request_id, {"member": str(member), "limit": str(NEWEST)}
        )
        return [shape.model_validate(item) for item in answer.json()["items"]]

    async def _get(
        self, path: str, authorization: str | None, request_id: str, params: dict[str, str] | None = None
    ) -> httpx.Response:
        # Passed on byte for byte, however it is made: whoop-service refuses what is no key.
        headers = {b"X-Request-Id": request_id.encode("latin-1")}
        if authorization:
            headers[b"Authorization"] = authorization.encode("latin-1")
        try:
            answer = await self._send(path, headers, params)
        except httpx.TransportError as failure:
            raise DependencyAway(WHOOP_SERVICE) from failure
        if answer.status_code in _PASSED_ON:
            raise HTTPException(answer.status_code, answer.json().get("detail", "Refused by whoop-service."))
        if answer.status_code != 200:
            raise DependencyAway(WHOOP_SERVICE)
        return answer

    async def _send(
        self, path: str, headers: dict[bytes, bytes], params: dict[str, str] | None
    ) -> httpx.Response:
        """Ask twice when a connection breaks: a leaving replica closes connections that we still hold."""
        try:
            return await self._client.get(path, headers=headers, params=params)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return await self._client.get(path, headers=headers, params=params)
