"""Signs the statement with a key, and checks the signature: a DSSE envelope, as in-toto and Sigstore tools read it.

Keys are PEM files, such as `openssl genpkey -algorithm ed25519 -out release.key` makes; ECDSA and RSA keys work as well.
"""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined] # public, but not marked so

from readiness.core.errors import CannotLook

NAME = "attestation.dsse.json"
PAYLOAD = "application/vnd.in-toto+json"


class SignatureWrong(Exception):
    """The envelope is none, or nobody with this key signed it."""


def sign(statement: bytes, key: Path) -> bytes:
    """The statement in an envelope with one signature. CannotLook when the private key cannot be used."""
    try:
        signer = CryptoSigner(load_pem_private_key(key.read_bytes(), password=None))
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotLook(
            f"{key} cannot sign: {error}. Required: a private key in PEM without a passphrase. "
            "To do: openssl genpkey -algorithm ed25519 -out release.key"
        ) from error
    envelope = Envelope(statement, PAYLOAD, {})
    envelope.sign(signer)
    return json.dumps(envelope.to_dict(), indent=2).encode() + b"\n"


def signed_statement(envelope: bytes, key: Path) -> bytes:
    """The statement within an envelope that the holder of this key signed.

    SignatureWrong when it is another's or was changed; CannotLook when the public key cannot be used.
    """
    try:
        public = SSlibKey.from_crypto(load_pem_public_key(key.read_bytes()))
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise CannotLook(
            f"{key} cannot verify: {error}. Required: a public key in PEM. "
            "To do: openssl pkey -in release.key -pubout -out release.pub"
        ) from error
    try:
        signed = Envelope.from_dict(json.loads(envelope))
        signed.verify([public], 1)
    except (VerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignatureWrong(str(error) or type(error).__name__) from error
    if signed.payload_type != PAYLOAD:
        raise SignatureWrong(f"it holds {signed.payload_type}, not {PAYLOAD}")
    return bytes(signed.payload)
