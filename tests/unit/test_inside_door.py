"""The way in over a copy's loopback, with its real program against a small server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from readiness.core.errors import CannotLook
from readiness.targets.inside_door import InsideDoor
from readiness.targets.platform import Ran


class Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("x-instance", "a")
        self.end_headers()
        self.wfile.write(self.headers["Authorization"].encode() + b" " + body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class Machine:
    """Runs on this machine what is to be run in a container, and remembers its arguments."""

    def __init__(self, exit_code: int | None = None) -> None:
        self.argv: Sequence[str] = ()
        self._exit_code = exit_code

    def run_inside(self, _: str, argv: Sequence[str], *, timeout: float, settings: Mapping[str, str]) -> Ran:
        self.argv = argv
        if self._exit_code is not None:
            return Ran(self._exit_code, "not found", 0.1)
        done = subprocess.run(
            [sys.executable, *argv[1:]],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        return Ran(done.returncode, done.stdout + done.stderr, 0.1)


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_request_comes_back_with_status_headers_and_body(port: int) -> None:
    machine = Machine()
    answer = InsideDoor(machine, "c1", port).ask(
        "POST", "/orders", json={"item": "shoe"}, headers={"Authorization": "secret"}
    )
    assert (answer.status, answer.instance, answer.body) == (201, "a", b'secret {"item": "shoe"}')
    assert not any("secret" in word for word in machine.argv), "arguments are in every list of processes"


def test_a_copy_where_nobody_listens_is_no_answer() -> None:
    answer = InsideDoor(Machine(), "c1", 1).ask("GET", "/orders", timeout=2)
    assert (answer.status, "ConnectionRefused" in answer.error) == (0, True)


def test_a_container_without_the_means_to_ask_cannot_be_looked_into() -> None:
    with pytest.raises(CannotLook, match="has no python3"):
        InsideDoor(Machine(exit_code=127), "c1", 1).ask("GET", "/orders")


def test_words_that_are_no_answer_are_told() -> None:
    answer = InsideDoor(Machine(exit_code=1), "c1", 1).ask("GET", "/orders")
    assert (answer.status, answer.error) == (0, "not found")
