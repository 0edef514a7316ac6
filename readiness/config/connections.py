"""Who may talk to whom inside a deployment: what each service needs, what is tolerated beside that, who may use the engine."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from readiness.config.models import Name, NotEmpty, StrictModel, Text, wrong

Port = Annotated[int, Field(ge=1, le=65535)]


class Speaks(StrEnum):
    """What a port answers with when somebody calls it; `tcp` where nothing but the connection can be seen."""

    HTTP = "http"
    HTTPS = "https"
    POSTGRESQL = "postgresql"
    REDIS = "redis"
    SMTP = "smtp"
    TCP = "tcp"


class Need(StrictModel):
    """Every copy of `client` needs `server` on these ports, and calls it by `name`: the server's own, unless another is given."""

    client: Name
    server: Name
    ports: Annotated[tuple[Port, ...], NotEmpty]
    speaks: Speaks
    name: Text | None = None

    @property
    def called(self) -> str:
        """The name that the client calls."""
        return self.name or self.server


class Tolerated(StrictModel):
    """What these clients could reach although they need not, and why that is accepted. No `ports`: all of the servers'."""

    clients: Annotated[tuple[Name, ...], NotEmpty]
    servers: Annotated[tuple[Name, ...], NotEmpty]
    ports: tuple[Port, ...] = ()
    reason: Text

    def covers(self, client: str, server: str, port: int) -> bool:
        """Whether this entry speaks of a port."""
        return client in self.clients and server in self.servers and (not self.ports or port in self.ports)


class EngineUse(StrictModel):
    """The services that may use the engine that runs the copies, and the ports on which an engine could listen for others."""

    used_by: tuple[Name, ...] = ()
    ports: tuple[Port, ...] = (2375, 2376)


class Connections(StrictModel):
    """All that may be reached from within. `image` has python3; from it the lookouts are started that try."""

    image: Text
    needed: Annotated[tuple[Need, ...], NotEmpty]
    tolerated: tuple[Tolerated, ...] = ()
    engine: EngineUse = EngineUse()

    @model_validator(mode="after")
    def says_each_need_once(self) -> Self:
        """No client needs the same port of a server twice."""
        pairs = [(need.client, need.server, port) for need in self.needed for port in need.ports]
        twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
        if twice:
            listed = ", ".join(f"{client} to {server}:{port}" for client, server, port in twice)
            raise wrong(f"said more than once: {listed}", "each port of a server once per client")
        return self

    def needs(self, client: str, server: str, port: int) -> bool:
        """Whether a client needs this port."""
        return any(
            (need.client, need.server) == (client, server) and port in need.ports for need in self.needed
        )

    def tolerates(self, client: str, server: str, port: int) -> bool:
        """Whether it is accepted that a client could reach this port without needing it."""
        return any(entry.covers(client, server, port) for entry in self.tolerated)

    def ports_of(self, server: str) -> Iterable[int]:
        """The ports on which somebody needs this server."""
        return {port for need in self.needed if need.server == server for port in need.ports}
