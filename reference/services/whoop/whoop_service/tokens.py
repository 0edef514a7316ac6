"""Access tokens (RFC 9068): signed with a key of ours, good for an hour, and for nobody but this API."""

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
KIND = "at+jwt"
LIFETIME_SECONDS = 3600
SKEW_SECONDS = 30
"""By so much clocks may differ."""

LONGEST_TOKEN = 4096


@dataclass(frozen=True)
class Claims:
    """Who signed in with which application, at which sign-in, for what, and until when (Unix seconds)."""

    person: str
    app: str
    sign_in: uuid.UUID
    scopes: frozenset[str]
    until: int


class Tokens:
    """Issues and verifies the access tokens of one issuer. `audience`: the API that they are for."""

    def __init__(self, key_file: Path, issuer: str) -> None:
        key = ECKey.import_key(key_file.read_bytes())
        self._kid = key.thumbprint()
        self._key = ECKey.import_key(
            key.as_dict(private=True), {"kid": self._kid, "use": "sig", "alg": ALGORITHM}
        )
        self.issuer, self.audience = issuer, f"{issuer}/v1"
        self._registry = jwt.JWTClaimsRegistry(
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
            client_id={"essential": True},
        )

    def issue(self, person: str, app: str, sign_in: uuid.UUID, scopes: list[str]) -> str:
        """A token for the next hour."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": person,
            "client_id": app,
            "sid": str(sign_in),
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._kid, "typ": KIND}, claims, self._key)

    def verify(self, text: str) -> Claims | None:
        """What a token says, when we issued it, for this API, and its time is not over; else None."""
        if len(text) > LONGEST_TOKEN:
            return None
        try:
            token = jwt.decode(text, self._key, algorithms=[ALGORITHM])
            if token.header.get("kid") != self._kid or token.header.get("typ") != KIND:
                return None
            self._registry.validate(token.claims)
            return _claims(token.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def published(self) -> dict[str, Any]:
        """The public key, for whoever verifies our tokens (JWKS)."""
        return dict(KeySet([ECKey.import_key(self._key.as_dict(private=False))]).as_dict(private=False))


def _claims(said: dict[str, Any]) -> Claims:
    exp, iat = int(said["exp"]), int(said["iat"])
    if exp - iat > LIFETIME_SECONDS:
        raise ValueError("good for too long")
    scopes = frozenset(str(said["scope"]).split())
    return Claims(
        str(said["sub"]), str(said["client_id"]), uuid.UUID(said["sid"]), scopes, exp + SKEW_SECONDS
    )
