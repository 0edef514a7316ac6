"""An impostor under the service's own health check: first it answers well, then every request with an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.actions.copies import start_throwaway
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.probes.health import health_check_in_force
from readiness.probes.inside import ask_inside
from readiness.targets.platform import HealthCheck, Platform, Replica
from readiness.targets.target import Target

NAME = "readiness-impostor"
EXTRA_LOOK = 15.0
LISTENING = "0A"
LOOPBACK_OF_THE_ENGINE = "0B00007F"  # 127.0.0.11, the engine's own name server
PATH_IN_COMMAND = re.compile(r"(?<![\w/])(?:https?://[^/\s\"']+)?(/[A-Za-z0-9][\w./?=&-]*)")
SERVER = """
import http.server, json, signal, sys, threading
ports, good = json.loads(sys.argv[1]), json.loads(sys.argv[2])
well = True
def turn(*_):
    global well
    well = False
class Impostor(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = (good.get(self.path) or "ok") if well else '{"status": "error"}'
        self.send_response(200 if well else 500)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())
    do_GET = do_HEAD = do_POST = do_OPTIONS = answer
signal.signal(signal.SIGUSR1, turn)
for port in ports:
    server = http.server.ThreadingHTTPServer(("0.0.0.0", port), Impostor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
while True:
    signal.pause()
"""


@dataclass(frozen=True, kw_only=True)
class Impostor(Observation):
    """What the health check said of the impostor while it answered every request with an error, for `watched` seconds.

    Before that it answered well and was called healthy, after `healthy_after` seconds. `noticed_after`: None for never.
    """

    health_check: HealthCheck
    ports: tuple[int, ...]
    healthy_after: float
    health: str
    noticed_after: float | None
    watched: float


def let_an_impostor_answer(target: Target, undo: UndoStack) -> Impostor:
    """Run the impostor on no network, listening where a copy of the service listens.

    CannotLook when the health check does not call the impostor healthy while it answers well: then its later verdict
    would say nothing about errors.
    """
    platform, service = target.platform, target.profile.service
    check, copy = health_check_in_force(target), _any_copy(platform, service.name)
    ports = _ports(target, copy)
    argv = _server(target, platform, copy, check, ports)
    container = start_throwaway(platform, undo, copy.image_id, NAME, argv, check)
    patience = check.start_period + check.detection_seconds + EXTRA_LOOK
    well = wait_until(
        lambda: platform.throwaway_health(container.id),
        lambda health: health in ("healthy", "ended", ""),
        patience=patience,
    )
    if check.command and well.last != "healthy":
        raise CannotLook(
            f"the health check of service {service.name} calls an impostor {well.last!r} that answers well on ports "
            f"{', '.join(map(str, ports))}; it looks at something that the impostor does not imitate"
        )
    platform.signal(container.id, "SIGUSR1")
    ill = wait_until(
        lambda: platform.throwaway_health(container.id),
        lambda health: health == "unhealthy",
        patience=check.detection_seconds + EXTRA_LOOK if check.command else 0.0,
    )
    return Impostor(
        examined=1,
        health_check=check,
        ports=ports,
        healthy_after=well.seconds,
        health=ill.last,
        noticed_after=ill.seconds if ill.happened else None,
        watched=ill.seconds,
    )


def _any_copy(platform: Platform, service: str) -> Replica:
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of service {service} is running, so it cannot be imitated")
    return copies[0]


def _server(
    target: Target, platform: Platform, copy: Replica, check: HealthCheck, ports: Sequence[int]
) -> Sequence[str]:
    if platform.run_inside(copy.id, ["python3", "-c", "import http.server"], timeout=15).exit_code != 0:
        raise CannotLook(
            f"the image of service {copy.service} has no python3, so no impostor of it can be made from its own image"
        )
    health = target.profile.service.health
    paths = {*paths_in(check), *([health.liveness, health.readiness] if health else [])}
    good = {path: _good_body(platform, copy, ports, path) for path in sorted(paths)}
    return "python3", "-c", SERVER, json.dumps(list(ports)), json.dumps(good)


def _good_body(platform: Platform, copy: Replica, ports: Sequence[int], path: str) -> str:
    """What a real copy answers on this path, so that a health check that reads the content is content with the impostor."""
    answers = (ask_inside(platform, copy.id, port, path) for port in ports)
    return next((answer.body for answer in answers if answer.status == 200), "")


def paths_in(check: HealthCheck) -> Iterator[str]:
    """Everything in a health check's command that looks like the path of a request."""
    for word in check.command:
        yield from PATH_IN_COMMAND.findall(word)


def _ports(target: Target, copy: Replica) -> tuple[int, ...]:
    """Where a real copy listens: its operational port, and every other one."""
    tables = (target.platform.read_inside(copy.id, f"/proc/net/{table}") for table in ("tcp", "tcp6"))
    ports = {port for table in tables for port in listening_ports(table or "")}
    health = target.profile.service.health
    operational = health.port if health else 0
    found = tuple(sorted(ports | {operational} - {0}, key=lambda port: (port != operational, port)))
    if not found:
        raise CapabilityMissing(
            f"It cannot be seen on which ports service {copy.service} listens; the profile names none (service.health.port)."
        )
    return found


def listening_ports(table: str) -> Iterator[int]:
    """The listening ports of a kernel table (`/proc/net/tcp`, `tcp6`), without the engine's own name server."""
    for line in table.splitlines():
        columns = line.split()
        if len(columns) > 3 and columns[3] == LISTENING:
            address, port = columns[1].split(":")
            if address != LOOPBACK_OF_THE_ENGINE:
                yield int(port, 16)
