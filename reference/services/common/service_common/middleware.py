"""Around every request: its id, its log line, its numbers, and the farewell while draining."""

import re
import time
import uuid
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_common import metrics
from service_common.health import Health

_log = structlog.get_logger()
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_STAMP = re.compile(r"t=(\d{13})")
_LONGEST_WAIT = 60.0  # seconds; an older stamp is of a clock that is wrong
_CLIENT_LEFT = 499  # nginx's number for "client closed the request"; never sent, only counted


def request_id(offered: str | None) -> str:
    """The id the edge gave the request when it is well formed, otherwise a new one."""
    return offered if offered and _WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex


def waited(stamp: str | None, now: float) -> float:
    """Seconds since the edge took the request in (`X-Request-Start: t=MILLISECONDS`), 0 if nobody says."""
    said = _STAMP.fullmatch(stamp or "")
    seconds = now - int(said[1]) / 1000 if said else 0.0
    return seconds if 0 < seconds < _LONGEST_WAIT else 0.0


@dataclass
class _Exchange:
    """One request on its way to its answer. `queued`: seconds that it had waited before it came here."""

    id: str
    queued: float
    began: float = field(default_factory=time.perf_counter)
    status: int = _CLIENT_LEFT
    complete: bool = False


class Observed:
    """Wraps the whole application, so that errors are observed too."""

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self._app = app
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an error that the application did not answer ends here, in the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        queued = waited(headers.get("x-request-start"), time.time())
        exchange = _Exchange(request_id(headers.get("x-request-id")), queued)
        scope.setdefault("state", {})["request_id"] = exchange.id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=exchange.id)

        async def answer(message: Message) -> None:
            self._note(exchange, message)
            await send(message)

        with metrics.IN_FLIGHT.track_inprogress():
            try:
                await self._app(scope, receive, answer)
            except Exception:
                _log.exception("request failed", method=scope["method"], route=route_of(scope))
                if not exchange.complete:
                    raise  # the server closes the connection, so nobody takes half an answer for a whole one
            finally:
                self._finish(scope, exchange)

    def _note(self, exchange: _Exchange, message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = exchange.id
            if self._health.draining_since is not None:
                headers["connection"] = "close"
        elif message["type"] == "http.response.body":
            exchange.complete = not message.get("more_body", False)

    def _finish(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = exchange.queued + time.perf_counter() - exchange.began
        route = route_of(scope)
        metrics.record(scope["method"], route, exchange.status, seconds)
        _log.info(
            "request",
            method=scope["method"],
            route=route,
            status=exchange.status,
            duration_ms=round(seconds * 1000, 1),
            queued_ms=round(exchange.queued * 1000, 1),
            caller=scope["state"].get("caller"),
            **visitor_of(scope),
        )


def visitor_of(scope: Scope) -> dict[str, str]:
    """Who asked, by which scheme and for which host: as the edge says; with no edge in between, as it is."""
    headers, peer = Headers(scope=scope), scope.get("client")
    return {
        "client": ", ".join(headers.getlist("x-forwarded-for")) or (peer[0] if peer else ""),
        "scheme": headers.get("x-forwarded-proto", scope["scheme"]),
        "host": headers.get("x-forwarded-host") or headers.get("host", ""),
    }


def address_of(request: Request) -> str:
    """Where a request comes from: as the edge says (which lets nobody say it himself), or its connection."""
    said = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return said or (request.client.host if request.client else "")


def route_of(scope: Scope) -> str:
    """The template of the route that matched, such as `/v1/members/{member_id}`; never the path itself."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    described = "endpoint" in scope and scope["path"].endswith("/openapi.json")
    return "/openapi.json" if described else "unmatched"
