"""Stand-ins for Prometheus and the engine's gateway, spoken to over real HTTP on loopback."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

SERVICE = "whoop_whoop-service"
TASK = "container_label_com_docker_swarm_task_id"


@dataclass
class Replica:
    """What one container uses (shares of its limits), and how old its newest sample is (seconds).

    None: there is no sample of it, or no limit.
    """

    task: str
    cpu: float | None = 0.1
    memory: float | None = 0.1
    age: float | None = 1.0


@dataclass
class FakePrometheus:
    """Answers the three questions from `replicas`, by the service that the query names."""

    replicas: dict[str, list[Replica]] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    queries: list[str] = field(default_factory=list)
    url: str = ""

    def runs(self, *cpu: float, memory: float = 0.1) -> None:
        """Replaces the service's replicas: one for each CPU share."""
        self.replicas[SERVICE] = [Replica(f"task{n}", share, memory) for n, share in enumerate(cpu)]

    def answer(self, _method: str, path: str, _body: str) -> tuple[int, bytes]:
        query = parse_qs(urlsplit(path).query)["query"][0]
        self.queries.append(query)
        if self.body is not None:
            return self.status, self.body
        services = set(re.findall(r'swarm_service_name="([^"]+)"', query))
        assert len(services) == 1, "every selector names the one service"
        kind = "age" if "timestamp(" in query else "cpu" if "irate(" in query else "memory"
        values = [(r.task, getattr(r, kind)) for r in self.replicas.get(services.pop(), [])]
        result = [{"metric": {TASK: t}, "value": [0, str(v)]} for t, v in values if v is not None]
        return self.status, json.dumps({"status": "success", "data": {"result": result}}).encode()


def specification(replicas: int, image: str = "whoop-service:1") -> dict[str, object]:
    """As the engine writes it; with what would break if it were not sent back as it is."""
    return {
        "Name": SERVICE,
        "Labels": {"note": 'says "Replicas":9 and <"Mode">'},
        "TaskTemplate": {
            "ContainerSpec": {"Image": image, "StopGracePeriod": 15000000000, "Env": ["A=1 & 2"]},
            "ForceUpdate": 3,
        },
        "Mode": {"Replicated": {"Replicas": replicas}},
        "UpdateConfig": {"MaxFailureRatio": 0},
    }


@dataclass
class FakeEngine:
    """One service with a version. `before_update` runs first: somebody else's change at the worst moment."""

    spec: dict[str, object] = field(default_factory=lambda: specification(2))
    version: int = 100
    update_status: dict[str, str] | None = None
    refusal: tuple[int, str] | None = None
    before_update: Callable[[], None] | None = None
    bodies: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def replicas(self) -> int:
        return self.spec["Mode"]["Replicated"]["Replicas"]  # type: ignore[index]  # a specification is plain JSON

    def set(self, replicas: int, image: str = "whoop-service:1") -> None:
        """Somebody else changes the service."""
        self.spec, self.version = specification(replicas, image), self.version + 1

    def text(self) -> str:
        """As Go writes JSON: without blanks, with <, > and & escaped."""
        service = {"ID": "id1", "Version": {"Index": self.version}, "Spec": self.spec}
        service |= {"PreviousSpec": specification(1), "Endpoint": {"Spec": {}}}
        if self.update_status:
            service["UpdateStatus"] = self.update_status
        text = json.dumps(service, separators=(",", ":"), ensure_ascii=False)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n"

    def answer(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        if method == "GET" and path == f"/services/{SERVICE}":
            return 200, self.text().encode()
        target = re.fullmatch(rf"/services/{SERVICE}/update\?version=(\d+)", path)
        if method != "POST" or not target:
            return 403, b"not let through\n"
        self.bodies.append(body)
        if self.before_update:
            self.before_update()
        if self.refusal:
            return self.refusal[0], json.dumps({"message": self.refusal[1]}).encode()
        if int(target[1]) != self.version:
            return 500, b'{"message":"rpc error: code = Unknown desc = update out of sequence"}\n'
        self.spec, self.version = json.loads(body), self.version + 1
        return 200, b'{"Warnings":null}\n'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        status, answer = self.server.fake.answer(self.command, self.path, body)  # type: ignore[attr-defined]  # the fake hangs on the server
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


F = TypeVar("F", FakePrometheus, FakeEngine)


def served(fake: F) -> Iterator[F]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.fake = fake  # type: ignore[attr-defined]  # the fake hangs on the server
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def prometheus():
    yield from served(FakePrometheus())


@pytest.fixture
def engine():
    yield from served(FakeEngine())


@pytest.fixture
def http():
    with urllib3.PoolManager(timeout=2.0, retries=False) as manager:
        yield manager


@pytest.fixture
def replica():
    """Makes a replica of the fake Prometheus."""
    return Replica


@pytest.fixture
def unused_url():
    """An address that nobody listens on: bound once, then closed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_address[1]}"
