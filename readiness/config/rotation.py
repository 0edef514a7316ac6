"""How secrets are replaced: which of them the operator's procedure replaces, and what shows that one of them opens something."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Self

from pydantic import model_validator

from readiness.config.connections import Port
from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath, wrong


class CacheLogIn(StrictModel):
    """`name`: the password of a Redis, tried from beside a copy of `client`."""

    name: Name
    client: Name
    host: Text
    port: Port = 6379


class KeyLogIn(StrictModel):
    """`name`: a key of the API, with which `path` is served."""

    name: Name
    path: UrlPath


class Rotation(StrictModel):
    """`replaced`: the secrets that the procedure `rotate_secrets` replaces, all in one go.

    What passwords of the database and secrets of calls between services open is said there (database.roles, service_calls).
    """

    replaced: Annotated[tuple[Name, ...], NotEmpty]
    caches: tuple[CacheLogIn, ...] = ()
    keys: tuple[KeyLogIn, ...] = ()

    @model_validator(mode="after")
    def tries_what_is_replaced(self) -> Self:
        """Only what is replaced is tried."""
        named = {each.name for each in self.caches} | {each.name for each in self.keys}
        if strangers := named - set(self.replaced):
            raise wrong(
                f"{', '.join(sorted(strangers))} is tried and never replaced",
                f"rotation.replaced: {', '.join(self.replaced)}",
            )
        return self


def require_secrets(rotation: Rotation | None, known: Collection[str]) -> None:
    """What is replaced must be among the secrets of the profile."""
    if rotation and (strangers := set(rotation.replaced) - set(known)):
        raise wrong(
            f"{', '.join(sorted(strangers))} is replaced and no secret",
            f"secrets: {', '.join(known) or 'none'}",
        )
