"""What a command writes inside a container is heard whole, also what comes together with the head of the engine's answer."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from readiness.targets.engine import Engine


def frame(stream: int, text: str) -> bytes:
    """A piece of output as the engine sends it: 1 is what a command writes, 2 are its errors."""
    return struct.pack(">BxxxL", stream, len(text)) + text.encode()


class InOneGo(BaseHTTPRequestHandler):
    """An engine whose every answer, head and body, leaves in one piece."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        if self.path.endswith("/start"):
            self._answer(frame(1, "begin\n") + frame(2, "trouble\n") + frame(1, "end\n"))
        else:
            self._answer(b'{"Id": "a-command"}')

    def do_GET(self) -> None:
        self._answer(b'{"ApiVersion": "1.41", "ExitCode": 3}')

    def _answer(self, body: bytes) -> None:
        self.connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), InOneGo)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Engine(f"tcp://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def test_output_that_comes_with_the_head_of_the_answer_is_heard(engine: Engine) -> None:
    ran = engine.run_inside("a-copy", ["talk"], timeout=5)
    assert (ran.exit_code, ran.output) == (3, "begin\ntrouble\nend\n")
