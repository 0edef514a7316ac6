"""Policies of the encrypted door: what its connections and certificates, and the headers of its answers, must be like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from readiness.config.models import NotEmpty, StrictModel, Text, read_model

TLS = "config/policies/tls.yaml"
ANSWER_HEADERS = "config/policies/answer_headers.yaml"

Days = Annotated[int, Field(ge=1)]


class Protocols(StrictModel):
    """Names such as "TLS 1.2". `required` must be accepted; nothing but `allowed` may be."""

    allowed: Annotated[tuple[Text, ...], NotEmpty]
    required: tuple[Text, ...]
    reason: Text


class CipherSuites(StrictModel):
    """All suites that may be accepted, by their names in the IANA register."""

    allowed: Annotated[tuple[Text, ...], NotEmpty]
    reason: Text


class Certificates(StrictModel):
    """Every certificate that the door serves. `least_key_bits` by kind of key; a kind that is missing there is refused."""

    least_key_bits: Mapping[Text, Annotated[int, Field(ge=1)]]
    signatures: Annotated[tuple[Text, ...], NotEmpty]
    least_days_left: Days
    longest_life_days: Days
    reason: Text


class ExpiryAlarm(StrictModel):
    """With how many days left a person must have been told, and with how many not."""

    sounds_with_days_left: Days
    silent_with_days_left: Days
    reason: Text


class TlsPolicy(StrictModel):
    """What an encrypted connection must be like."""

    protocols: Protocols
    cipher_suites: CipherSuites
    certificates: Certificates
    expiry_alarm: ExpiryAlarm


class StrictTransportSecurity(StrictModel):
    """For how long a browser has to keep to the encrypted address, at least."""

    least_max_age_days: Days
    reason: Text


class ContentSecurityPolicy(StrictModel):
    """Directives that must be there, and sources that must not stand in some of them (where they are given)."""

    required: tuple[Text, ...]
    refused_sources: tuple[Text, ...]
    refused_in: tuple[Text, ...]
    reason: Text


class ExactHeader(StrictModel):
    """A header that must be there once, with one of these values; case does not matter."""

    header: Text
    values: Annotated[tuple[Text, ...], NotEmpty]
    reason: Text


class AnswerHeaders(StrictModel):
    """What every answer must tell browsers."""

    strict_transport_security: StrictTransportSecurity
    content_security_policy: ContentSecurityPolicy
    exact: tuple[ExactHeader, ...]


def load_tls_policy(root: Path) -> TlsPolicy:
    """The policy of encrypted connections. ConfigurationError with all problems at once."""
    return read_model(root, TLS, TlsPolicy)


def load_answer_headers(root: Path) -> AnswerHeaders:
    """The policy of headers. ConfigurationError with all problems at once."""
    return read_model(root, ANSWER_HEADERS, AnswerHeaders)
