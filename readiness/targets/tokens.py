"""Access tokens as the service issues them, and as nobody should: read, and made anew with anything in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from readiness.core.errors import CannotLook

HALF = 32  # bytes of either half of a signature on P-256


@dataclass(frozen=True)
class Token:
    """What an access token says: its header and its claims."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def read(text: str) -> Token:
    """The header and claims of a token; nothing is verified. CannotLook when it is none (RFC 7519)."""
    try:
        header, claims, _ = text.split(".")
        return Token(json.loads(_decoded(header)), json.loads(_decoded(claims)))
    except ValueError as problem:
        raise CannotLook(f"an access token cannot be read: {problem}") from problem


def private_key(pem: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key. CannotLook when it is none."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except ValueError as problem:
        raise CannotLook("the key that signs tokens is no private key in PEM (sign_in.key)") from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CannotLook("the key that signs tokens is not on the curve P-256 (sign_in.key)")
    return key


def signed(token: Token, key: ec.EllipticCurvePrivateKey) -> str:
    """The token, signed by ES256, whatever it says."""
    text = _unsigned(token)
    first, second = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{_encoded(first.to_bytes(HALF) + second.to_bytes(HALF))}"


def unsigned(token: Token) -> str:
    """The token with an empty signature."""
    return f"{_unsigned(token)}."


def signed_with(token: Token, secret: bytes) -> str:
    """The token, signed by HS256 with any bytes."""
    text = _unsigned(token)
    return f"{text}.{_encoded(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def _unsigned(token: Token) -> str:
    return ".".join(_encoded(json.dumps(dict(part)).encode()) for part in (token.header, token.claims))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
