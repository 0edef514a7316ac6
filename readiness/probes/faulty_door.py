"""A door on this machine that leads to the public one and changes one thing in what comes through it."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from readiness.core.waiting import pause
from readiness.probes.bad_door import KEY_BITS, LOOPBACK, NAME, certificate_for
from readiness.targets.door import Answer, Door

IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)")
NOT_PASSED_ON = frozenset({"host", "content-length", "connection", "accept-encoding"})
NOT_GIVEN_BACK = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})
LATE = 4.0  # seconds
WRONG_RELEASE = "0" * 12


@dataclass(frozen=True)
class Kind:
    """Requests that are alike: their method, their path without what is different each time, and how they are answered."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"


@dataclass(frozen=True)
class Fault:
    """What is broken: the status of a kind of answer, its content, its quickness, or the release that one copy names."""

    what: str
    kind: Kind | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.kind}" if self.kind else self.what


WRONG_STATUS, NO_CONTENT, TOO_LATE = "wrong status", "no content", "late"
ANOTHER_RELEASE = "one copy answers with another release"


@dataclass(frozen=True)
class Passed:
    """One request that came through, as the public door answered it. `made`: the path of what it made, "" for nothing."""

    kind: Kind
    instance: str
    release: str
    made: str


@dataclass
class FaultyDoor:
    """Where it is, the file of the authority to trust, and what came through so far."""

    url: str
    ca: Path
    passed: list[Passed] = field(default_factory=list)


@contextmanager
def faulty_door(door: Door, fault: Fault | None, release_header: str) -> Iterator[FaultyDoor]:
    """Keep one open on a free port of the loopback."""
    with TemporaryDirectory(prefix="readiness-door-") as folder:
        pem = Path(folder, "door.pem")
        _write_certificate(pem)
        server = ThreadingHTTPServer((LOOPBACK, 0), BaseHTTPRequestHandler)
        seen = FaultyDoor(f"https://{NAME}:{server.server_address[1]}", pem)
        server.RequestHandlerClass = _handler(door, fault, release_header, seen)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _write_certificate(pem: Path) -> None:
    key = generate_private_key(65537, KEY_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    pem.write_bytes(certificate_for(NAME, key, NAME, key).public_bytes(Encoding.PEM) + private)


def _handler(
    door: Door, fault: Fault | None, release_header: str, seen: FaultyDoor
) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_request(self) -> None:
            """Ask the public door, note what it said, and give it back with the one thing changed."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON
            }
            with lock:
                answer = self._ask(body, headers)
            self.send_response(answer.status or 502)
            for name, value in answer.headers.items():
                if name.lower() not in NOT_GIVEN_BACK:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_request

        def _ask(self, body: bytes | None, headers: dict[str, str]) -> Answer:
            if is_refused_before(self.command, self.path, fault):
                return Answer(self.command, self.path, 500, 0.0)
            answer = door.ask(self.command, self.path, body=body, headers=headers)
            seen.passed.append(passed(answer, release_header))
            return broken(answer, fault, release_header, seen.passed)

        def log_message(self, *_words: object) -> None:
            """Nothing is written about requests: they hold keys."""

    return Handler


def kind_of(method: str, path: str, status: int) -> Kind:
    """What a request is alike with."""
    return Kind(method, IDENTIFIER.sub("*", path), status)


def is_refused_before(method: str, path: str, fault: Fault | None) -> bool:
    """Whether a request is refused without being passed on: one that would make something of which nobody then knew."""
    kind = fault.kind if fault and fault.what == WRONG_STATUS else None
    return method == "POST" and kind is not None and kind_of(method, path, kind.status) == kind


def passed(answer: Answer, release_header: str) -> Passed:
    """What is remembered of an answer of the public door."""
    content = answer.json()
    made = content.get("id", "") if isinstance(content, dict) and answer.status == 201 else ""
    path = answer.path.partition("?")[0]
    return Passed(
        kind_of(answer.method, answer.path, answer.status),
        answer.instance,
        answer.headers.get(release_header, ""),
        f"{path}/{made}" if made else "",
    )


def broken(answer: Answer, fault: Fault | None, release_header: str, before: list[Passed]) -> Answer:
    """The answer with the one thing changed that is broken; itself where that is none of it."""
    if fault is None or not _concerns(fault, answer, before):
        return answer
    if fault.what == ANOTHER_RELEASE:
        kept = {
            name: value for name, value in answer.headers.items() if name.lower() != release_header.lower()
        }
        return replace(answer, headers={**kept, release_header: WRONG_RELEASE})
    if fault.what == TOO_LATE:
        pause(LATE)
        return answer
    if fault.what == NO_CONTENT:
        return replace(answer, body=b"{}")
    return replace(answer, status=200 if answer.status == 404 else 500, body=b"{}")


def _concerns(fault: Fault, answer: Answer, before: list[Passed]) -> bool:
    """Whether it is this answer that is broken: of the first copy that answered at all, or of the kind."""
    if fault.what == ANOTHER_RELEASE:
        return answer.instance == before[0].instance
    return kind_of(answer.method, answer.path, answer.status) == fault.kind
