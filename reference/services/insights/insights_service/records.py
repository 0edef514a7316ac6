"""The records of whoop-service, over HTTP."""

import asyncio
from collections.abc import Generator
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import httpx
from fastapi import HTTPException
from pydantic import BaseModel

from insights_service.settings import NAME, Settings
from service_common.problems import DependencyAway
from service_common.settings import read_secret
from service_common.signing import Signer

WHOOP_SERVICE = "whoop-service"
NEWEST = 100
"""Records of one kind that are looked at; more than that in a week is not an athlete's."""

_TIMEOUT = httpx.Timeout(3.0, connect=1.0)
_PASSED_ON = {401, 403, 404, 429}


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


class OurOwn(httpx.Auth):
    """Shows our own key and signs each request that is sent; one that is sent again has a new nonce."""

    requires_request_body = True

    def __init__(self, key: str, signer: Signer) -> None:
        self._key = key
        self._signer = signer

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign and send."""
        request.headers["Authorization"] = f"Bearer {self._key}"
        signed = self._signer.headers(
            request.method, str(request.url), dict(request.headers), request.content
        )
        request.headers.update(signed)
        yield request


class WhoopRecords:
    """A client of whoop-service. Its failures are DependencyAway; its refusals are passed on."""

    name = WHOOP_SERVICE
    required = False

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        signer = Signer(NAME, read_secret(settings.signing_key_file))
        self._our_own = OurOwn(read_secret(settings.service_key_file), signer)
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

    async def require_access(
        self, authorization: str | None, address: str, member: UUID, request_id: str
    ) -> None:
        """Ask whoop-service with the caller's own key: it decides whether they may read this member."""
        offered = {"X-Request-Id": request_id, "Authorization": authorization, "X-Forwarded-For": address}
        headers = {name: value for name, value in offered.items() if value}
        await self._get(f"/v1/members/{member}", headers=headers)

    async def newest(self, kind: str, shape: type[R], member: UUID, request_id: str) -> list[R]:
        """The newest records of a kind, newest first, read with our own key."""
        answer = await self._get(
            f"/v1/{kind}",
            params={"member": str(member), "limit": str(NEWEST)},
            headers={"X-Request-Id": request_id},
            auth=self._our_own,
        )
        return [shape.model_validate(item) for item in answer.json()["items"]]

    async def _get(
        self,
        path: str,
        *,
        headers: dict[str, str],
        params: dict[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> httpx.Response:
        # Passed on byte for byte, however it is made: whoop-service refuses what is no key.
        sent = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        request = self._client.build_request("GET", path, headers=sent, params=params)
        try:
            answer = await self._send(request, auth)
        except httpx.TransportError as failure:
            raise DependencyAway(WHOOP_SERVICE) from failure
        if answer.status_code in _PASSED_ON:
            wait = {"Retry-After": answer.headers["retry-after"]} if "retry-after" in answer.headers else None
            detail = answer.json().get("detail", "Refused by whoop-service.")
            raise HTTPException(answer.status_code, detail, wait)
        if answer.status_code != 200:
            raise DependencyAway(WHOOP_SERVICE)
        return answer

    async def _send(self, request: httpx.Request, auth: httpx.Auth | None) -> httpx.Response:
        """Ask twice when a connection breaks: a leaving replica closes connections that we still hold."""
        try:
            return await self._client.send(request, auth=auth)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return await self._client.send(request, auth=auth)
