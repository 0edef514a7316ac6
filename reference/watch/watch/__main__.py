"""Looks again and again until it is told to stop (SIGTERM or SIGINT)."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, start_http_server

from watch import settings
from watch.sources import Blind, Gateway
from watch.suspicion import Event, Started, Suspicion, Visit
from watch.telling import Telling

DOOR, PROGRAMS = "door", "programs"
SETTLED = 0.5  # seconds after which the engine has told all that happened


class Watch:
    """One look at each source after the other; each continues where its last look ended."""

    def __init__(self, gateway: Gateway, door: str, suspicion: Suspicion, telling: Telling) -> None:
        self._gateway, self._door = gateway, door
        self._suspicion, self._telling = suspicion, telling
        self._log_until = self._programs_until = time.time()

    def look(self) -> None:
        """Tell of everything that happened since the last look and looks like a break-in."""
        self._tell(DOOR, self._visits)
        self._tell(PROGRAMS, self._programs)

    def _visits(self) -> Iterable[Event]:
        visits: list[Visit] = [
            each for each in self._gateway.visits(self._door, self._log_until) if each.at > self._log_until
        ]
        self._log_until = max([self._log_until, *(each.at for each in visits)])
        return list(self._suspicion.of_visits(visits))

    def _programs(self) -> Iterable[Event]:
        until = time.time() - SETTLED
        programs: list[Started] = self._gateway.programs(self._programs_until, until)
        fresh = [each for each in programs if self._programs_until < each.at <= until]
        self._programs_until = until
        return list(self._suspicion.of_programs(fresh))

    def _tell(self, source: str, look: Callable[[], Iterable[Event]]) -> None:
        problem = ""
        try:
            for event in look():
                self._telling.event(event)
        except Blind as blind:
            problem = str(blind)
        self._telling.sees(source, problem)


def main() -> None:
    """Runs the service."""
    told = settings.load()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    telling = Telling((DOOR, PROGRAMS))
    suspicion = Suspicion(
        wrong_keys=told.wrong_keys, probes=told.probes, window=told.window, known=told.known
    )
    watch = Watch(Gateway(*told.engine), told.door, suspicion, telling)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(telling)
    server, _ = start_http_server(told.operations_port, registry=registry)
    telling.line("started", door=told.door, wrong_keys=told.wrong_keys, probes=told.probes)
    while not stop.is_set():
        watch.look()
        stop.wait(told.interval)
    server.shutdown()


if __name__ == "__main__":
    main()
