"""Access tokens: what is let in, and everything that is not."""

import base64
import json
import time
import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from whoop_service.tokens import KIND, LIFETIME_SECONDS, SKEW_SECONDS, Tokens

ISSUER = "https://whoop.test:8443"
SIGN_IN = uuid.uuid4()


def key_in(folder: Path, name: str = "key") -> Path:
    made = ec.generate_private_key(ec.SECP256R1())
    file = folder / name
    file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return key_in(tmp_path)


def signed(key: Path, header: dict[str, object] | None = None, **changed: object) -> str:
    ours = ECKey.import_key(key.read_bytes())
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": f"{ISSUER}/v1",
        "sub": "ann@example.org",
        "client_id": "app",
        "sid": str(SIGN_IN),
        "scope": "records:read",
        "iat": now,
        "exp": now + 60,
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": ours.thumbprint(), "typ": KIND, **(header or {})}, kept, ours)


def test_a_token_of_ours_says_who_it_is_for_and_is_good_for_an_hour(key: Path) -> None:
    tokens = Tokens(key, ISSUER)
    text = tokens.issue("ann@example.org", "app", SIGN_IN, ["records:read"])
    said = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))
    assert said["exp"] - said["iat"] == LIFETIME_SECONDS == 3600
    claims = tokens.verify(text)
    assert claims
    assert (claims.person, claims.app, claims.sign_in) == ("ann@example.org", "app", SIGN_IN)
    assert claims.scopes == {"records:read"}
    assert tokens.verify(signed(key)), "the others are refused for what is wrong with them"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://staging.whoop.test"},
        {"aud": "https://whoop.test/v2"},
        {"aud": None},
        {"iss": None},
        {"exp": None},
        {"sid": None},
        {"sid": "none"},
        {"exp": int(time.time()) - SKEW_SECONDS - 5},
        {"exp": int(time.time()) + 7200},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3700},
    ],
)
def test_a_token_that_says_anything_wrong_is_refused(key: Path, changed: dict[str, object]) -> None:
    assert Tokens(key, ISSUER).verify(signed(key, **changed)) is None


def test_a_token_that_ended_less_than_half_a_minute_ago_is_let_in(key: Path) -> None:
    assert Tokens(key, ISSUER).verify(signed(key, exp=int(time.time()) - SKEW_SECONDS + 10))


@pytest.mark.parametrize("header", [{"kid": "another"}, {"typ": "JWT"}])
def test_a_token_with_another_header_is_refused(key: Path, header: dict[str, object]) -> None:
    assert Tokens(key, ISSUER).verify(signed(key, header)) is None


def test_a_token_of_another_key_or_another_algorithm_is_refused(key: Path, tmp_path: Path) -> None:
    tokens = Tokens(key, ISSUER)
    good = signed(key)
    header, payload, signature = good.split(".")
    assert tokens.verify(signed(key_in(tmp_path, "other"))) is None
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    assert tokens.verify(f"{none}.{payload}.") is None
    public = json.dumps(tokens.published()["keys"][0])
    kid = tokens.published()["keys"][0]["kid"]
    confused = jwt.encode(
        {"alg": "HS256", "kid": kid, "typ": KIND},
        json.loads(base64.urlsafe_b64decode(payload + "==")),
        OctKey.import_key(public),
    )
    assert tokens.verify(confused) is None
    assert tokens.verify(f"{header}.{payload}.{signature[:-4]}AAAA") is None
    for text in ("", ".", "..", "a.b.c", "eyJ.eyJ.", good + ".x", "e" * 5000 + ".."):
        assert tokens.verify(text) is None


def test_only_the_public_half_of_the_key_is_published(key: Path) -> None:
    (published,) = Tokens(key, ISSUER).published()["keys"]
    assert "d" not in published
    assert {"kty", "crv", "x", "y", "kid"} <= set(published)
