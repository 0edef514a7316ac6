"""The door connects to a given address, trusts only whom it was told to, and reports failures as answers."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from readiness.targets.door import Door


class Echo(BaseHTTPRequestHandler):
    """Answers with the Host header it was sent."""

    def do_GET(self):
        body = self.headers["Host"].encode()
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("X-Instance", "copy-1")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture(scope="module")
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


class HangsUp:
    """A server that takes a request, counts it, and ends the connection without an answer."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self._socket.accept()
            with connection:
                self.asked += bool(connection.recv(65536))


@pytest.fixture
def hangs_up():
    return HangsUp()


def test_an_address_replaces_name_resolution_and_the_name_is_still_said(port):
    answer = Door(f"http://shop.example:{port}", address="127.0.0.1").ask("GET", "/")

    assert (answer.status, answer.body.decode(), answer.instance) == (200, f"shop.example:{port}", "copy-1")


def test_redirects_are_seen_not_followed(port):
    assert Door(f"http://127.0.0.1:{port}").ask("GET", "/moved", fresh=True).status == 302


def test_no_answer_is_an_answer_with_status_zero_and_a_reason():
    answer = Door("http://127.0.0.1:9").ask("GET", "/", timeout=1)

    assert answer.status == 0
    assert "ConnectionError" in answer.error


def test_a_body_that_is_no_json_is_none(port):
    assert Door(f"http://127.0.0.1:{port}").ask("GET", "/").json() is None


def test_a_client_turns_to_another_address_when_one_takes_no_connection(port):
    door = Door(f"http://shop.example:{port}", address="127.0.0.9", alternatives=["127.0.0.1"])

    assert door.ask("GET", "/").status == 200
    assert door.ask("GET", "/", fresh=True).status == 200


def test_a_request_that_was_sent_is_not_sent_again_to_another_address(hangs_up):
    door = Door(f"http://shop.example:{hangs_up.port}", address="127.0.0.1", alternatives=["127.0.0.1"])

    assert door.ask("POST", "/", timeout=2).status == 0
    assert hangs_up.asked == 1
