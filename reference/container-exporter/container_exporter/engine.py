"""Asks the container engine what runs: a few GETs over its socket; nothing is ever changed."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

Ask = Callable[[str], tuple[int, bytes]]

SERVICE_LABEL = "com.docker.swarm.service.name"
TASK_LABEL = "com.docker.swarm.task.id"


class EngineError(RuntimeError):
    """The engine did not answer as expected."""


@dataclass(frozen=True)
class Container:
    """A running container. `healthy` is None where no health check is defined or it has not decided yet.

    `failing_checks`: how many health checks have failed one after the other until now; None without a health check.
    """

    id: str
    name: str
    image: str
    service: str
    task: str
    created_seconds: float
    healthy: bool | None
    failing_checks: int | None = None


@dataclass(frozen=True)
class ServiceTasks:
    """How many tasks of a Swarm service run, and how many are meant to."""

    service: str
    running: int
    desired: int


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("engine", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def parse_containers(body: bytes) -> list[Container]:
    """Reads the engine's answer to GET /containers/json. Raises EngineError."""
    try:
        return [_container(entry) for entry in json.loads(body)]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise EngineError(f"the engine's list of containers cannot be read: {error!r}") from error


def _container(entry: dict[str, object]) -> Container:
    labels, names, status = entry.get("Labels") or {}, entry["Names"], str(entry.get("Status", ""))
    if not isinstance(labels, dict) or not isinstance(names, list):
        raise TypeError("Labels must be an object and Names a list")
    healthy = False if "(unhealthy)" in status else True if "(healthy)" in status else None
    return Container(
        id=str(entry["Id"]),
        name=str(names[0]).removeprefix("/"),
        image=str(entry["Image"]),
        service=str(labels.get(SERVICE_LABEL, "")),
        task=str(labels.get(TASK_LABEL, "")),
        created_seconds=float(str(entry["Created"])),
        healthy=healthy,
    )


def parse_services(body: bytes) -> list[ServiceTasks]:
    """Reads the engine's answer to GET /services?status=true. Raises EngineError."""
    try:
        return [
            ServiceTasks(
                str(entry["Spec"]["Name"]),
                int(entry["ServiceStatus"]["RunningTasks"]),
                int(entry["ServiceStatus"]["DesiredTasks"]),
            )
            for entry in json.loads(body)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"the engine's list of services cannot be read: {error!r}") from error


def running_containers(socket_path: str, timeout: float = 5.0) -> list[Container]:
    """Lists the running containers, with their health. `timeout` in seconds. Raises EngineError."""
    with _connected(socket_path, timeout) as ask:
        status, body = ask("/containers/json")
        if status != 200:
            raise EngineError(f"the engine answered {status} to the list of containers")
        return [replace(each, failing_checks=_failing_checks(ask, each)) for each in parse_containers(body)]


def service_tasks(socket_path: str, timeout: float = 5.0) -> list[ServiceTasks]:
    """Counts the tasks of each service; only a manager of a Swarm knows them, others say none. Raises EngineError."""
    with _connected(socket_path, timeout) as ask:
        status, body = ask("/services?status=true")
    return parse_services(body) if status == 200 else []


def _failing_checks(ask: Ask, container: Container) -> int | None:
    """None where the container has no health check, or has just ended."""
    status, body = ask(f"/containers/{container.id}/json")
    try:
        return int(json.loads(body)["State"]["Health"]["FailingStreak"]) if status == 200 else None
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def _connected(socket_path: str, timeout: float) -> Iterator[Ask]:
    connection = _SocketConnection(socket_path, timeout)

    def ask(path: str) -> tuple[int, bytes]:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    try:
        yield ask
    except (OSError, http.client.HTTPException) as error:
        raise EngineError(f"the engine does not answer on {socket_path}: {error}") from error
    finally:
        connection.close()
