"""The front door on the wire: handshakes, connections that are kept, and what is said to those who come unencrypted."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

from cryptography import x509

from readiness.core.waiting import clock

PATIENCE = 10.0
LONGEST_HEAD = 65536


@dataclass(frozen=True)
class Handshake:
    """One handshake: seconds from the connected line to the encrypted one, protocol, the certificate's serial.

    `ends`: when the certificate ends, in Unix seconds. `error`: why there was no handshake, then the rest is empty.
    """

    seconds: float = 0.0
    protocol: str = ""
    serial: str = ""
    ends: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class Said:
    """The head of an answer on an unencrypted line, names in small letters. `status` 0: there was none, `error` says why."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    error: str = ""

    def header(self, name: str) -> str:
        """The values of a header, "" where there is none."""
        return ", ".join(value for key, value in self.headers if key == name.lower())


class Wire:
    """One address of an encrypted door. `address` replaces name resolution; `ca` is the file of the authority to trust."""

    def __init__(self, url: str, *, address: str = "", ca: str = "") -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.port = parts.port or 443
        self.address = address
        self.ca = ca

    def shake(self, protocol: ssl.TLSVersion | None = None) -> Handshake:
        """One full handshake, as a client of today makes it, with all it verifies; with one protocol only, if given."""
        try:
            with self._line() as line:
                started = clock()
                with self._context(protocol).wrap_socket(line, server_hostname=self.host) as secured:
                    seconds = clock() - started
                    served = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
                    ends = served.not_valid_after_utc.timestamp()
                    return Handshake(seconds, secured.version() or "", f"{served.serial_number:X}", ends)
        except (OSError, ValueError) as problem:
            return Handshake(error=f"{type(problem).__name__}: {problem}")

    def keep(self) -> Kept:
        """Open a connection and keep it. OSError when it does not come about."""
        secured = self._context(None).wrap_socket(self._line(), server_hostname=self.host)
        return Kept(secured, self.host, self.port)

    def _line(self) -> socket.socket:
        return socket.create_connection((self.address or self.host, self.port), timeout=PATIENCE)

    def _context(self, protocol: ssl.TLSVersion | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca or None)
        if protocol is not None:
            context.minimum_version = context.maximum_version = protocol
        return context


class Kept:
    """A connection that stays open from one request to the next and is never opened again."""

    def __init__(self, secured: ssl.SSLSocket, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port)
        self._connection.auto_open = 0
        self._connection.sock = secured

    def ask(self, path: str) -> str:
        """GET a path; "" when it was answered over this very connection, else why not."""
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as problem:
            return f"{type(problem).__name__}: {problem}"
        return "the door closes the connection" if answer.will_close else ""

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


def say_unencrypted(address: str, port: int, head: str) -> Said:
    """Send the head of a request as it is (lines without their ends), and read the head of the answer."""
    request = "\r\n".join((*head.splitlines(), "", "")).encode("latin-1")
    try:
        with socket.create_connection((address, port), timeout=PATIENCE) as line:
            line.sendall(request)
            heard = b""
            while b"\r\n\r\n" not in heard and len(heard) < LONGEST_HEAD:
                if not (more := line.recv(4096)):
                    break
                heard += more
    except OSError as problem:
        return Said(0, error=f"{type(problem).__name__}: {problem}")
    return head_of(heard)


def head_of(heard: bytes) -> Said:
    """The head of an answer from its bytes."""
    first, *lines = heard.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        return Said(0, error=f"no answer in HTTP: {first[:60]!r}")
    pairs = (line.partition(":") for line in lines)
    return Said(int(words[1]), tuple((name.strip().lower(), value.strip()) for name, _, value in pairs))
