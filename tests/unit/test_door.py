"""The door connects to a given address, trusts only whom it was told to, and reports failures as answers."""

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
