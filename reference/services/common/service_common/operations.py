"""The operational listener: liveness, readiness and metrics on their own port and thread.

They never wait behind requests, and the edge never routes to this port.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics, generate_latest

from service_common.health import Answer, Health

ANYWHERE = "0.0.0.0"  # noqa: S104 - the container decides who reaches a port


class _Handler(BaseHTTPRequestHandler):
    """One short request per connection."""

    timeout = 5  # seconds for a client to send its request
    health: Health

    def do_GET(self) -> None:
        """Answer one of the three paths."""
        match self.path.partition("?")[0]:
            case "/livez":
                self._answer(self.health.liveness())
            case "/readyz":
                self._answer(self.health.readiness())
            case "/metrics":
                self._send(200, CONTENT_TYPE_LATEST, generate_latest())
            case _:
                self._send(404, "text/plain", b"/livez, /readyz and /metrics are here\n")

    def _answer(self, answer: Answer) -> None:
        body = json.dumps(answer.body).encode() + b"\n"
        self._send(200 if answer.healthy else 503, "application/json", body)

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Health checks and scrapes are not worth a log line."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A checker that hangs up early is no event of ours."""


def listen(health: Health, port: int, host: str = ANYWHERE) -> ThreadingHTTPServer:
    """Start the listener in its own thread; it ends with the process. Port 0 picks a free one."""
    disable_created_metrics()
    handler = type("Handler", (_Handler,), {"health": health})
    listener = _Listener((host, port), handler)
    threading.Thread(target=listener.serve_forever, name="operations", daemon=True).start()
    return listener
