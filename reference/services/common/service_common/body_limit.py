"""A limit on the size of request bodies. (FastAPI's own answers with plain text instead of a problem.)"""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Refuses, with 413, a body of more than `limit(path)` bytes, at the latest when that much has come."""

    def __init__(self, app: ASGIApp, limit: Callable[[str], int]) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the refusal is raised where the application reads the body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        size = 0

        async def read() -> Message:
            nonlocal size
            if announced.isdigit() and int(announced) > limit:
                raise _too_large(limit)
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise _too_large(limit)
            return message

        await self._app(scope, read, send)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The body may have at most {limit} bytes.", {"Connection": "close"})
