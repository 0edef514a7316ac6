"""The collector: one on every node. Reads the files in which the engine keeps the output of its containers."""

from __future__ import annotations

from pathlib import Path

import psycopg
from prometheus_client import CollectorRegistry, start_http_server

from whoop_logs.counting import Counts
from whoop_logs.files import Reader
from whoop_logs.names import Owner, owner_of
from whoop_logs.settings import log_in, number, say, stopped, text
from whoop_logs.storing import ROLE, Store

SERVICE = "log-collector"
AGAIN_AFTER = 1.0  # seconds after a failure of the store


class Collector:
    """All containers of an engine."""

    def __init__(self, folder: Path, stack: str, counts: Counts) -> None:
        self._folder, self._stack, self._counts = folder, stack, counts
        self._readers: dict[Path, tuple[Owner, Reader]] = {}
        self._store: Store | None = None

    def look(self) -> None:
        """Keep everything that was written since the last look. Raises psycopg.Error; then it goes on from the last kept line."""
        if self._store is None:
            self._store = Store(log_in(ROLE))
            self._readers.clear()
        try:
            for owner, reader in self._containers(self._store):
                for portion in reader.portions():
                    self._store.keep(owner, portion)
                    reader.done(portion)
                    self._counts.oldest(self._store.oldest)
                    self._counts.kept(owner.service, portion.lines, portion.unreadable)
        except psycopg.Error:
            self._store = None
            raise

    def _containers(self, store: Store) -> list[tuple[Owner, Reader]]:
        there = [each for each in self._folder.iterdir() if each.is_dir()]
        for folder in self._readers.keys() - set(there):
            del self._readers[folder]
        for folder in there:
            if folder not in self._readers and (owner := owner_of(folder, self._stack)):
                self._readers[folder] = owner, Reader(folder, store.positions(owner.container))
        self._counts.present({owner.service for owner, _ in self._readers.values()})
        return list(self._readers.values())


def main() -> None:
    """Runs the collector until it is told to stop."""
    stop, counts = stopped(), Counts()
    interval = number("INTERVAL_SECONDS", 0.5)
    collector = Collector(Path(text("CONTAINERS", "/var/lib/docker/containers")), text("STACK"), counts)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(counts)
    server, _ = start_http_server(int(number("OPERATIONS_PORT", 8001)), registry=registry)
    say(SERVICE, "started", interval=interval)
    problem = ""
    while not stop.is_set():
        try:
            collector.look()
            if problem:
                say(SERVICE, "the store takes lines again")
            problem = ""
            counts.caught_up()
        except psycopg.Error as failure:
            if str(failure) != problem:
                say(SERVICE, "the store does not take lines", "error", detail=str(failure))
            problem = str(failure)
            counts.failed()
        stop.wait(AGAIN_AFTER if problem else interval)
    server.shutdown()
    say(SERVICE, "stopped")
