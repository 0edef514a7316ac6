"""Calls between the deployment's own services: how they are signed (RFC 9421), and one that is served."""

from __future__ import annotations

from typing import Annotated, Literal

from readiness.config.connections import Port
from readiness.config.journey import HttpStatus
from readiness.config.models import Name, NotEmpty, Seconds, StrictModel, Text, UrlPath
from readiness.config.secrets import Identity, SecretReference

Method = Literal["POST", "PUT", "PATCH", "DELETE"]


class Signing(StrictModel):
    """The signature of a service: HMAC-SHA256 by the key `key_id`, over at least `covered`.

    `longest_age`: how old a request may be.
    """

    key_id: Text
    secret: SecretReference
    covered: Annotated[tuple[Text, ...], NotEmpty]
    longest_age: Seconds


class ServedCall(StrictModel):
    """A reading call that is served: path, query and status. `other_…`: there, too, but not what was signed."""

    path: UrlPath
    query: Text
    status: HttpStatus = 200
    other_method: Method = "POST"
    other_path: UrlPath
    other_query: Text


class ServiceCall(StrictModel):
    """Copies of `client` call `server` at `authority` (its name there, and the port), with a key and a signature.

    `refused`: the status of whatever is not signed as it should be.
    """

    client: Name
    server: Name
    authority: Text
    port: Port
    identity: Identity
    signing: Signing
    call: ServedCall
    refused: HttpStatus = 401
