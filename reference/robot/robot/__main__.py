"""Walks again and again until it is told to stop (SIGTERM or SIGINT); SIGUSR1: walk now."""

from __future__ import annotations

import signal
import threading
import time

from prometheus_client import CollectorRegistry, start_http_server

from robot import settings
from robot.telling import Telling
from robot.walking import Door, walk


def main() -> None:
    """Runs the service."""
    told = settings.load()
    stop, now = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: (stop.set(), now.set()))
    signal.signal(signal.SIGUSR1, lambda *_: now.set())
    telling = Telling()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(telling)
    server, _ = start_http_server(told.operations_port, registry=registry)
    telling.line("started", door=told.host, interval=told.interval)
    while not stop.is_set():
        now.clear()
        began, door = time.time(), Door(told)
        served = telling.walked(list(walk(door.ask)), began)
        door.close()
        now.wait(told.interval if served else told.again)
    server.shutdown()


if __name__ == "__main__":
    main()
