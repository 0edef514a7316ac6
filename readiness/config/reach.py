"""What of the deployment may be reached from outside, and where that is looked at."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from readiness.config.models import IpAddress, NotEmpty, StrictModel, UrlPath

Port = Annotated[int, Field(ge=1, le=65535)]


class Reach(StrictModel):
    """`allowed`: the TCP ports of the front door, as they are seen from outside.

    `addresses`: the deployment's own addresses, looked at from here. Without any, the machine that runs both the engine and the
    specification is looked at from a network of our own beside it, which needs root. `dedicated`: that machine runs nothing
    else, so that all there is to be reached counts. `operators`: paths that operators use and strangers must not be led to.
    """

    allowed: Annotated[tuple[Port, ...], NotEmpty]
    addresses: tuple[IpAddress, ...] = ()
    dedicated: bool = False
    operators: Annotated[tuple[UrlPath, ...], NotEmpty]
