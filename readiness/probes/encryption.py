"""What the door is like for those who come encrypted: protocols, cipher suites, weaknesses, certificates. By sslyze, which can
also offer what no client of today would; what it does not tell is asked with the OpenSSL that clients use.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from sslyze import (
    CertificateInfoExtraArgument,
    PathValidationResult,
    ScanCommand,
    ScanCommandAttemptStatusEnum,
    ScanCommandsExtraArguments,
    Scanner,
    ServerNetworkConfiguration,
    ServerNetworkLocation,
    ServerScanRequest,
    ServerScanResult,
)

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.probes.bad_door import NAME, OLD_PROTOCOL, bad_door
from readiness.targets.target import Target
from readiness.targets.wire import Wire

PROTOCOLS = {
    "SSL 2.0": "ssl_2_0_cipher_suites",
    "SSL 3.0": "ssl_3_0_cipher_suites",
    "TLS 1.0": "tls_1_0_cipher_suites",
    "TLS 1.1": "tls_1_1_cipher_suites",
    "TLS 1.2": "tls_1_2_cipher_suites",
    "TLS 1.3": "tls_1_3_cipher_suites",
}
WEAKNESSES = ("heartbleed", "robot", "openssl_ccs_injection", "tls_compression", "session_renegotiation")
CERTIFICATES = "certificate_info"
AT_ONCE = 4
ANSWERS_IN = 5


@dataclass(frozen=True)
class Certificate:
    """One certificate that was served. Days may be fractions; `key` is RSA, EC or the name of another kind."""

    subject: str
    names: tuple[str, ...]
    serial: str
    key: str
    key_bits: int
    signature: str
    days_left: float
    life_days: float
    authority: bool


@dataclass(frozen=True)
class Encryption:
    """One address of the door. `accepted`: protocol and cipher suite of every kind of connection that it takes.

    `chains`: each certificate with the chain that is served with it, leaf first. `incomplete`: why the chains do not lead to an
    authority that we trust, without help from elsewhere; "" where they do. `refused_by_clients`: why a client of today refuses
    the door (chain, names, dates), "" where it does not.
    """

    place: str
    accepted: tuple[tuple[str, str], ...]
    weaknesses: tuple[str, ...]
    chains: tuple[tuple[Certificate, ...], ...]
    incomplete: str
    refused_by_clients: str


@dataclass(frozen=True, kw_only=True)
class EncryptionSeen(Observation):
    """All addresses of the door. Examined: addresses × (protocols, weaknesses, certificates)."""

    host: str
    doors: tuple[Encryption, ...]


def look_at_encryption(target: Target) -> EncryptionSeen:
    """Look at every address of the door. CannotLook when we would not notice a door that does everything wrong."""
    _notice_a_bad_door()
    wire = target.wire
    every = {*PROTOCOLS.values(), *WEAKNESSES}
    doors = tuple(
        encryption_at(Wire(f"https://{wire.host}:{wire.port}", address=address, ca=wire.ca), every)
        for address in addresses_of(wire)
    )
    examined = sum(len(every) + len(each.accepted) for each in doors)
    return EncryptionSeen(examined=examined, host=wire.host, doors=doors)


def addresses_of(wire: Wire) -> tuple[str, ...]:
    """Where the door is: the profile's address, or all that its name stands for. CannotLook when nobody knows the name."""
    if wire.address:
        return (wire.address,)
    try:
        found = socket.getaddrinfo(wire.host, wire.port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise CannotLook(f"nobody knows the address of {wire.host}: {problem}") from problem
    return tuple(sorted({str(each[4][0]) for each in found}))


def encryption_at(wire: Wire, looks: set[str]) -> Encryption:
    """What is seen at one address: the certificates, and what is asked for besides. CannotLook when nobody shakes hands."""
    ca = Path(wire.ca) if wire.ca else None
    return _encryption(wire, _scan(wire, ca, {*looks, CERTIFICATES}), ca)


def _notice_a_bad_door() -> None:
    """Look at a bad door in the same way. CannotLook when one of its faults is not seen."""
    with bad_door() as bad:
        there = Wire(f"https://{NAME}:{bad.port}", address=bad.address, ca=str(bad.ca))
        seen = encryption_at(there, {PROTOCOLS[OLD_PROTOCOL]})
    certificates = [each for chain in seen.chains for each in chain]
    unseen = [
        fault
        for fault, noticed in (
            (f"{OLD_PROTOCOL} is accepted", any(protocol == OLD_PROTOCOL for protocol, _ in seen.accepted)),
            ("the chain is incomplete", bool(seen.incomplete)),
            ("no client trusts it", bool(seen.refused_by_clients)),
            ("the certificate is about to end", any(each.days_left < 2 for each in certificates)),
        )
        if not noticed
    ]
    if unseen:
        raise CannotLook(f"at a bad door of our own it was not noticed that {', '.join(unseen)}")


def _scan(wire: Wire, ca: Path | None, looks: set[str]) -> ServerScanResult:
    """What sslyze sees at one address. CannotLook with its reason when it does not get there."""
    scanner = Scanner(per_server_concurrent_connections_limit=AT_ONCE)
    scanner.queue_scans(
        [
            ServerScanRequest(
                ServerNetworkLocation(wire.host, wire.port, wire.address),
                ServerNetworkConfiguration(wire.host, network_timeout=ANSWERS_IN),
                {ScanCommand(each) for each in looks},
                ScanCommandsExtraArguments(certificate_info=CertificateInfoExtraArgument(ca) if ca else None),
            )
        ]
    )
    result = next(iter(scanner.get_results()))
    if result.scan_result is None:
        raise CannotLook(
            f"no encrypted connection to {wire.address}:{wire.port}: {result.connectivity_error_trace}"
        )
    return result


def _encryption(wire: Wire, result: ServerScanResult, ca: Path | None) -> Encryption:
    deployments = _told(result, CERTIFICATES).certificate_deployments
    return Encryption(
        place=f"{wire.address}:{wire.port}",
        accepted=tuple(_accepted(result)),
        weaknesses=tuple(_weaknesses(result)),
        chains=tuple(
            tuple(certificate_of(each) for each in deployment.received_certificate_chain)
            for deployment in deployments
        ),
        incomplete="; ".join(
            filter(None, (_broken(each.path_validation_results, ca) for each in deployments))
        ),
        refused_by_clients=wire.shake().error,
    )


def _broken(paths: Sequence[PathValidationResult], ca: Path | None) -> str:
    """Why a served chain leads to no authority that we trust (ours, or any that browsers do); "" when it does."""
    ours = [each for each in paths if ca is None or each.trust_store.path == ca]
    if any(each.was_validation_successful for each in ours):
        return ""
    return "; ".join({str(each.validation_error) for each in ours}) or "no authority to trust is known"


def _accepted(result: ServerScanResult) -> Iterator[tuple[str, str]]:
    for protocol, look in PROTOCOLS.items():
        if (told := _told(result, look)) is not None:
            for suite in told.accepted_cipher_suites:
                yield protocol, suite.cipher_suite.name


def _weaknesses(result: ServerScanResult) -> Iterator[str]:
    if (told := _told(result, "heartbleed")) and told.is_vulnerable_to_heartbleed:
        yield "Heartbleed"
    if (told := _told(result, "robot")) and told.robot_result.name.startswith("VULNERABLE"):
        yield "ROBOT"
    if (told := _told(result, "openssl_ccs_injection")) and told.is_vulnerable_to_ccs_injection:
        yield "CCS injection"
    if (told := _told(result, "tls_compression")) and told.supports_compression:
        yield "compression (CRIME)"
    if told := _told(result, "session_renegotiation"):
        if not told.supports_secure_renegotiation:
            yield "insecure renegotiation"
        if told.is_vulnerable_to_client_renegotiation_dos:
            yield "renegotiation at the client's will"


def _told(result: ServerScanResult, look: str):  # type: ignore[no-untyped-def]  # a type of its own per look
    """What one look told, None where it was not asked for. CannotLook when it failed."""
    attempt = getattr(result.scan_result, look)
    if attempt.status is ScanCommandAttemptStatusEnum.NOT_SCHEDULED:
        return None
    if attempt.status is not ScanCommandAttemptStatusEnum.COMPLETED:
        trace = attempt.error_trace
        why = attempt.error_reason or (trace and str(trace)) or "no reason given"
        raise CannotLook(f"sslyze could not look at {look} of {result.server_location}: {why}")
    return attempt.result


def certificate_of(served: x509.Certificate) -> Certificate:
    """The facts of a certificate."""
    key = served.public_key()
    kind = (
        "RSA"
        if isinstance(key, rsa.RSAPublicKey)
        else "EC"
        if isinstance(key, ec.EllipticCurvePublicKey)
        else ""
    )
    begins, ends = served.not_valid_before_utc, served.not_valid_after_utc
    extensions = {type(each.value): each.value for each in served.extensions}
    names = extensions.get(x509.SubjectAlternativeName)
    constraints = extensions.get(x509.BasicConstraints)
    return Certificate(
        subject=served.subject.rfc4514_string(),
        names=tuple(names.get_values_for_type(x509.DNSName))
        if isinstance(names, x509.SubjectAlternativeName)
        else (),
        serial=f"{served.serial_number:X}",
        key=kind or type(key).__name__.removesuffix("PublicKey"),
        key_bits=getattr(key, "key_size", 256),
        signature=served.signature_hash_algorithm.name if served.signature_hash_algorithm else "none",
        days_left=(ends - datetime.now(UTC)).total_seconds() / 86400,
        life_days=(ends - begins).total_seconds() / 86400,
        authority=isinstance(constraints, x509.BasicConstraints) and constraints.ca,
    )
