"""Asks the container engine which containers run. One GET over its socket; nothing is ever changed."""

import http.client
import json
import socket
from dataclasses import dataclass

SERVICE_LABEL = "com.docker.swarm.service.name"
TASK_LABEL = "com.docker.swarm.task.id"


class EngineError(RuntimeError):
    """The engine did not answer as expected."""


@dataclass(frozen=True)
class Container:
    """A running container. `healthy` is None where no health check is defined or it has not decided yet."""

    id: str
    name: str
    image: str
    service: str
    task: str
    created_seconds: float
    healthy: bool | None


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


def running_containers(socket_path: str, timeout: float = 5.0) -> list[Container]:
    """Lists the running containers. `timeout` in seconds. Raises EngineError."""
    connection = _SocketConnection(socket_path, timeout)
    try:
        connection.request("GET", "/containers/json")
        answer = connection.getresponse()
        body = answer.read()
    except OSError as error:
        raise EngineError(f"the engine does not answer on {socket_path}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise EngineError(f"the engine answered {answer.status} to the list of containers")
    return parse_containers(body)
