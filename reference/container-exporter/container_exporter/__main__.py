"""Serves /metrics on port 9110 until it is told to stop."""

import os
import signal
import threading
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server

from container_exporter.cgroups import read_usage
from container_exporter.collector import ContainerCollector
from container_exporter.engine import running_containers, service_tasks

PORT = 9110


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    engine = os.environ.get("ENGINE_SOCKET", "/var/run/docker.sock")
    groups = Path(os.environ.get("CGROUP_ROOT", "/host/cgroup"))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(
        ContainerCollector(
            partial(running_containers, engine), partial(read_usage, groups), partial(service_tasks, engine)
        )
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server, _ = start_http_server(PORT, registry=registry)
    stop.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
