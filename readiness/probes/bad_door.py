"""A door on this machine that does much wrong, for the run to find out whether it would notice: it takes old protocols, its
certificate ends tomorrow, and it leaves out the chain to its authority.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"
NAME = "localhost"
KEY_BITS = 2048
OLD_PROTOCOL = "TLS 1.0"


@dataclass(frozen=True)
class BadDoor:
    """Where it is, and the certificate (PEM file) of the authority from which its own chain does not lead."""

    address: str
    port: int
    ca: Path


@contextmanager
def bad_door() -> Iterator[BadDoor]:
    """Keep a bad door open on a free port of the loopback."""
    with TemporaryDirectory() as folder:
        root, leaf = Path(folder, "root.pem"), Path(folder, "leaf.pem")
        _write_certificates(root, leaf)
        with closing(socket.create_server((LOOPBACK, 0), backlog=64)) as listener:
            threading.Thread(target=_serve, args=(listener, _context(leaf)), daemon=True).start()
            yield BadDoor(LOOPBACK, listener.getsockname()[1], root)


def _context(leaf: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.load_cert_chain(leaf)
    return context


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Shake hands with everybody until the listener is closed."""
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_greet, args=(line, context), daemon=True).start()


def _greet(line: socket.socket, context: ssl.SSLContext) -> None:
    line.settimeout(5)
    try:
        with context.wrap_socket(line, server_side=True) as secured:
            secured.recv(1024)
    except OSError:
        line.close()


def _write_certificates(root_file: Path, leaf_file: Path) -> None:
    root_key, middle_key, leaf_key = (generate_private_key(65537, KEY_BITS) for _ in range(3))
    root = certificate_for("root", root_key, "root", root_key)
    leaf = certificate_for(NAME, leaf_key, "intermediate", middle_key)
    root_file.write_bytes(root.public_bytes(Encoding.PEM))
    private = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    leaf_file.write_bytes(leaf.public_bytes(Encoding.PEM) + private)


def certificate_for(
    name: str, key: RSAPrivateKey, issuer: str, issuer_key: RSAPrivateKey
) -> x509.Certificate:
    """A certificate for a name that is good for a day; one that a name gives itself is that of an authority, too."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_called(name))
        .issuer_name(_called(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(issuer_key, SHA256())
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
