"""Sign-ins and their tokens: how tokens are read and made, and what is judged."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from readiness.core.errors import CannotLook
from readiness.drills.access import Served
from readiness.drills.knocking import Knock
from readiness.drills.signing_in import sent_back
from readiness.drills.token_trials import Refused, TokenTrials
from readiness.matchers.tokens import refuses_altered_tokens, refuses_wrong_steps, serves_who_signed_in
from readiness.targets import tokens
from readiness.targets.door import Answer
from readiness.targets.tokens import Token

KEY = ec.generate_private_key(ec.SECP256R1())
TOKEN = Token({"alg": "ES256", "kid": "one", "typ": "at+jwt"}, {"sub": "ann", "exp": 100, "iat": 40})
SEEN = TokenTrials(
    examined=3,
    served=(Served("GET /v1/things", 200, 200, "one"),),
    knocks=(Knock("a token of another issuer", "GET /v1/things", 401, 401, "one"),),
    unseen=(),
    lifetime=3600.0,
    told=3600.0,
    steps=(Refused("a code that comes again", refused=True),),
    skewed=True,
    published=True,
    renewed_for=2_588_400.0,
)


def said(matcher: Matcher[TokenTrials], seen: TokenTrials) -> str:
    assert not matcher.matches(seen)
    description = StringDescription()
    matcher.describe_mismatch(seen, description)
    return str(description)


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_token_is_signed_as_its_verifiers_expect_and_says_what_it_was_given() -> None:
    text = tokens.signed(TOKEN, KEY)
    head, body, mark = text.split(".")
    halves = [int.from_bytes(raw(mark)[begin : begin + 32]) for begin in (0, 32)]
    KEY.public_key().verify(
        encode_dss_signature(*halves), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256())
    )
    assert tokens.read(text) == TOKEN
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(encode_dss_signature(*halves), b"else", ec.ECDSA(hashes.SHA256()))


def test_a_token_can_be_left_unsigned_or_be_signed_with_anything() -> None:
    assert tokens.unsigned(TOKEN).endswith(".")
    head, body, mark = tokens.signed_with(TOKEN, b"public").split(".")
    assert raw(mark) == hmac.digest(b"public", f"{head}.{body}".encode(), hashlib.sha256)


def test_what_is_no_token_and_no_key_cannot_be_looked_at() -> None:
    with pytest.raises(CannotLook, match="cannot be read"):
        tokens.read("opaque")
    with pytest.raises(CannotLook, match="no private key"):
        tokens.private_key("none")
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert tokens.private_key(pem).private_numbers() == other.private_numbers()


@pytest.mark.parametrize(
    ("status", "location", "told"),
    [
        (303, "https://app.example/in?code=1&state=a%20b", {"code": "1", "state": "a b"}),
        (303, "https://app.example/in.evil?code=1", {}),
        (303, "https://app.example/in/evil?code=1", {}),
        (200, "https://app.example/in?code=1", {}),
    ],
)
def test_only_what_is_told_at_the_registered_address_counts(
    status: int, location: str, told: dict[str, str]
) -> None:
    answer = Answer("POST", "/authorize", status, 0.1, {"Location": location})
    assert sent_back(answer, "https://app.example/in") == told


def test_all_as_it_should_be_is_accepted() -> None:
    for matcher in (serves_who_signed_in(), refuses_altered_tokens(), refuses_wrong_steps()):
        assert matcher.matches(SEEN)


def test_one_altered_token_that_is_let_in_is_told_with_its_copy() -> None:
    let_in = Knock("a token of another issuer", "GET /v1/things", 401, 200, "two")
    words = said(refuses_altered_tokens(), replace(SEEN, knocks=(*SEEN.knocks, let_in)))
    assert "GET /v1/things, asked with a token of another issuer" in words
    assert "status 200 from two" in words
    assert "none was" in said(refuses_altered_tokens(), replace(SEEN, knocks=()))
    assert "an answer of every copy" in said(refuses_altered_tokens(), replace(SEEN, unseen=("somebody",)))


def test_whoever_signed_in_must_be_served_and_clocks_may_differ_a_little() -> None:
    unserved = replace(SEEN, served=(Served("GET /v1/things", 200, 401, "one"),))
    assert "status 401 from one" in said(serves_who_signed_in(), unserved)
    assert "never asked" in said(serves_who_signed_in(), replace(SEEN, served=()))
    assert "it is refused" in said(serves_who_signed_in(), replace(SEEN, skewed=False))
    assert "the published keys" in said(serves_who_signed_in(), replace(SEEN, published=False))


def test_a_code_that_is_good_twice_is_told() -> None:
    twice = replace(
        SEEN, steps=(Refused("a code that comes again", refused=False, observed="redeemed twice"),)
    )
    assert "a code that comes again: required refused; observed redeemed twice" in said(
        refuses_wrong_steps(), twice
    )
