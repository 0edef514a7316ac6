"""Signs requests as a service of the target does (RFC 9421), rightly or with one thing wrong."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import HMAC_SHA256

DIGEST = "content-digest"


@dataclass
class Message:
    """A request: method, whole address, headers and body."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Hand:
    """Whose hand signs: the name of the key and its secret."""

    key_id: str
    secret: str


def signed(
    message: Message,
    hand: Hand,
    covered: Sequence[str],
    *,
    age: timedelta = timedelta(0),
    nonce: str | None = "",
) -> Message:
    """The request with a signature that covers these parts, as if made `age` ago. `nonce`: "" for a new one, None for none."""
    copy = Message(message.method, message.url, dict(message.headers), message.body)
    keys: Mapping[str, bytes] = {hand.key_id: hand.secret.encode()}
    signer = HTTPMessageSigner(
        signature_algorithm=HMAC_SHA256, key_resolver=MappingKeyResolver(private_keys=keys, public_keys={})
    )
    signer.sign(
        copy,
        key_id=hand.key_id,
        created=datetime.now(UTC) - age,
        nonce=secrets.token_urlsafe(16) if nonce == "" else nonce,
        covered_component_ids=[part for part in covered if part != DIGEST],
        body=message.body if DIGEST in covered else None,
    )
    return copy
