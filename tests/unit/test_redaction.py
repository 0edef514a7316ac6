"""No spelling of a secret gets through, and the search for leaks finds what it must."""

import base64
import json
from urllib.parse import quote

import pytest

from readiness.harness.redaction import MASK, Redactor

SECRET = 'p@ss/w"rd ünïque+1'


@pytest.fixture
def redactor():
    redactor = Redactor()
    redactor.learn("database", SECRET)
    return redactor


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        quote(SECRET, safe=""),
        json.dumps(SECRET),
        json.dumps({"line": json.dumps(SECRET)}),
        f"postgres://app:{quote(SECRET, safe='')}@db/whoop",
    ],
)
def test_every_spelling_is_masked(redactor, spelling):
    masked = redactor.text(f"before {spelling} after")

    assert MASK in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert not any(part in masked for part in ("p@ss", "ünïque", "cEBzcy93InJkI", "p%40ss"))


@pytest.mark.parametrize(
    "token",
    [
        "Authorization: Bearer abcdefgh12345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "postgres://app:hunter22@db/whoop",
    ],
)
def test_what_looks_like_a_token_is_masked_though_nobody_told_us(token):
    assert MASK in Redactor().text(token)


def test_ordinary_text_stays_as_it_is(redactor):
    text = "GET /v1/members answered 200 in 0.012 s from 7f3a2b"

    assert redactor.text(text) == text


def test_the_search_finds_a_secret_and_names_it_without_showing_it(redactor, tmp_path):
    leaky = tmp_path / "leaky.txt"
    leaky.write_text(f"password={base64.b64encode(SECRET.encode()).decode()}")
    clean = tmp_path / "clean.txt"
    clean.write_text("nothing here")

    (leak,) = redactor.leaks([leaky, clean])

    assert leak.file == str(leaky)
    assert leak.secret == "database"


def test_every_redactor_knows_its_own_planted_secret(tmp_path):
    redactor = Redactor()
    (tmp_path / "plant").write_text(redactor.planted)

    assert [leak.secret for leak in redactor.leaks([tmp_path / "plant"])] == ["canary"]
    assert redactor.text(redactor.planted) == MASK


def test_a_secret_too_short_to_be_masked_is_refused():
    with pytest.raises(ValueError, match="secret pin: shorter than 6 characters"):
        Redactor().learn("pin", "1234")
