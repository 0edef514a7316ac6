"""The public address of a deployment."""

from __future__ import annotations

from readiness.config.journey import HttpStatus
from readiness.config.models import IpAddress, ProjectPath, StrictModel, Url, UrlPath


class Ready(StrictModel):
    """A request without side effects that tells through the door whether the target is there at all."""

    path: UrlPath
    status: HttpStatus = 200


class Door(StrictModel):
    """The public address. `address`: where to connect instead of resolving the name; `ca`: whom to trust, too.

    `unencrypted`: where those come who do not ask for encryption; port 80 of the same host, unless it is said.
    `alternatives`: further addresses behind the same name, which clients turn to when one does not answer.
    """

    url: Url
    unencrypted: Url | None = None
    address: IpAddress | None = None
    alternatives: tuple[IpAddress, ...] = ()
    ca: ProjectPath | None = None
    ready: Ready

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses to connect to, in the order in which clients try them; none: as the name resolves."""
        return ((self.address,) if self.address else ()) + self.alternatives
