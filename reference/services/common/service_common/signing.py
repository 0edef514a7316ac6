"""Requests between our services are signed (RFC 9421): who asks what, when, and once only."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import HMAC_SHA256

COVERED = ("@method", "@authority", "@path", "@query", "authorization", "content-digest")
"""What a signature must cover: all of a request on which its answer depends."""

_OF_SIGNATURES = ("signature", "signature-input", "content-digest")

MAX_AGE = timedelta(seconds=60)
"""How old a request may be, but for five seconds by which clocks may differ."""


@dataclass
class Message:
    """A request as the library reads it; signing adds to `headers`."""

    method: str
    url: str
    headers: dict[str, str]


class Signer:
    """Signs the requests of one service with its key."""

    def __init__(self, service: str, key: str) -> None:
        self._service = service
        keys = MappingKeyResolver(private_keys={service: key.encode()}, public_keys={})
        self._signer = HTTPMessageSigner(signature_algorithm=HMAC_SHA256, key_resolver=keys)

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The headers of a request with a signature and a nonce of its own, in place of those that it had."""
        kept = {name: value for name, value in headers.items() if name.lower() not in _OF_SIGNATURES}
        message = Message(method, url, kept)
        self._signer.sign(
            message,
            key_id=self._service,
            created=datetime.now().astimezone(),
            nonce=secrets.token_urlsafe(16),
            covered_component_ids=COVERED[:-1],  # the library adds the digest of the body
            body=body,
        )
        return message.headers


class Verifier:
    """Verifies the signatures of one service."""

    def __init__(self, service: str, key: str) -> None:
        keys = MappingKeyResolver(public_keys={service: key.encode()}, private_keys={})
        self._verifier = HTTPMessageVerifier(signature_algorithm=HMAC_SHA256, key_resolver=keys)

    def nonce_of(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """The nonce of a request that the service signed a moment ago and that is as it was; else None."""
        message = Message(method, url, dict(headers))
        try:
            (result,) = self._verifier.verify(message, max_age=MAX_AGE, require_components=COVERED, body=body)
        except (HTTPMessageSignaturesException, ValueError):
            return None
        return result.nonce or None
