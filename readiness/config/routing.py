"""The routes through the public door: which paths lead where, which lead nowhere, and how a copy tells whom it served."""

from __future__ import annotations

from typing import Annotated

from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath


class Route(StrictModel):
    """A path that customers may ask for, and the service whose copies answer it, with whatever status."""

    path: UrlPath
    service: Name


class RequestLog(StrictModel):
    """Under which keys the log of a copy (one JSON object per line) tells of a request.

    `request` holds the id that the answer has in `X-Request-Id`; the others, what the copy believes of its visitor.
    """

    request: Text
    client: Text
    scheme: Text
    host: Text


class Routing(StrictModel):
    """Examples of all published routes, and paths that must lead nowhere."""

    published: Annotated[tuple[Route, ...], NotEmpty]
    unpublished: Annotated[tuple[UrlPath, ...], NotEmpty]
    request_log: RequestLog
