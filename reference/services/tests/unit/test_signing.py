"""Signed requests between services: what is verified, and what is refused."""

from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest

from service_common import signing
from service_common.signing import Signer, Verifier

KEY = "0f3a" * 16
URL = "http://whoop-service:8000/v1/sleeps?member=1&limit=100"
HEADERS = {"Authorization": "Bearer key", "Host": "whoop-service:8000"}


def signed(body: bytes = b"", key: str = KEY, service: str = "insights-service") -> dict[str, str]:
    headers = Signer(service, key).headers("GET", URL, HEADERS, body)
    return {name.lower(): value for name, value in headers.items()}  # as the server gives them


def verifier() -> Verifier:
    return Verifier("insights-service", KEY)


def test_a_request_as_it_was_signed_gives_its_nonce_and_each_has_its_own() -> None:
    nonces = {verifier().nonce_of("GET", URL, signed(), b"") for _ in range(3)}
    assert None not in nonces
    assert len(nonces) == 3


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("DELETE", URL, b""),
        ("GET", URL.replace("sleeps", "workouts"), b""),
        ("GET", URL.replace("limit=100", "limit=200"), b""),
        ("GET", URL.replace("whoop-service", "other-service"), b""),
        ("GET", URL, b"{}"),
    ],
)
def test_a_request_that_was_changed_is_refused(method: str, url: str, body: bytes) -> None:
    assert verifier().nonce_of(method, url, signed(), body) is None


def test_another_callers_key_under_the_same_signature_is_refused() -> None:
    assert verifier().nonce_of("GET", URL, {**signed(), "authorization": "Bearer other"}, b"") is None


@pytest.mark.parametrize("missing", ["signature", "signature-input", "content-digest", "authorization"])
def test_a_request_without_a_part_of_its_signature_is_refused(missing: str) -> None:
    headers = {name: value for name, value in signed().items() if name != missing}
    assert verifier().nonce_of("GET", URL, headers, b"") is None


def test_a_signature_that_covers_less_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        signing, "COVERED", ("@method", "@authority", "@path", "authorization", "content-digest")
    )
    headers = signed()
    monkeypatch.undo()
    assert verifier().nonce_of("GET", URL, headers, b"") is None


def test_another_services_signature_is_refused() -> None:
    assert verifier().nonce_of("GET", URL, signed(key="1" * 64), b"") is None
    assert verifier().nonce_of("GET", URL, signed(service="other-service"), b"") is None


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_request_of_another_time_is_refused(monkeypatch: pytest.MonkeyPatch, age: timedelta) -> None:
    clock = Mock(wraps=datetime)
    clock.now.side_effect = lambda zone=None: datetime.now(zone) - age
    monkeypatch.setattr(signing, "datetime", clock)
    assert verifier().nonce_of("GET", URL, signed(), b"") is None
