"""The port for operations: GET /livez (200 while turns are taken, otherwise 503) and GET /metrics."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


class Heartbeat:
    """When the last turn was taken. It has stopped when the next one is `limit` seconds late."""

    def __init__(self, limit: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._last = monotonic()

    def beat(self) -> None:
        """A turn was taken."""
        self._last = self._monotonic()

    @property
    def alive(self) -> bool:
        """True while turns are taken."""
        return self._monotonic() - self._last < self._limit


class OperationsServer(ThreadingHTTPServer):
    """Serves on threads of its own until it is closed; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int, heartbeat: Heartbeat, registry: CollectorRegistry) -> None:
        super().__init__(("", port), _Handler)
        self.heartbeat = heartbeat
        self.registry = registry
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> "OperationsServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: OperationsServer
    timeout = 10

    def do_GET(self) -> None:
        """Answers one request."""
        if self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest(self.server.registry))
        elif self.path == "/livez":
            alive = self.server.heartbeat.alive
            self._answer(200 if alive else 503, "text/plain", b"alive\n" if alive else b"no turn is taken\n")
        else:
            self._answer(404, "text/plain", b"there are /livez and /metrics\n")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Looks by Prometheus and by the health check are not logged."""
