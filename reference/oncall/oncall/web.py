"""The HTTP side.

POST /alerts                          a notification of Alertmanager
POST /heartbeat                       the alert that always fires
GET  /incidents?since=SECONDS         those that lasted then or began later
GET  /incidents/N                     one, with its history
POST /incidents/N/acknowledge         {"by": …}
POST /incidents/N/review              {"by": …, "lesson": …}
GET  /figures                         mean times to acknowledge and to recover
GET  /reviews?at=SECONDS              critical incidents whose review is overdue, now or then
GET  /schedule?from=SECONDS&until=S   who is on duty when
GET  /metrics /livez
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from oncall.heartbeat import Heartbeat
from oncall.incidents import Incidents, NoSuchIncident, NotUnderstood, Refused, notice_from
from oncall.schedule import Duty, Schedule

LARGEST_BODY_BYTES = 4 * 1024 * 1024
LONGEST = timedelta(days=400)
Answer = tuple[int, object]


class Api:
    """What is answered to whom; knows nothing of sockets."""

    def __init__(
        self, incidents: Incidents, schedule: Schedule, heartbeat: Heartbeat, clock: Callable[[], float]
    ) -> None:
        self._incidents, self._schedule, self._heartbeat, self._clock = incidents, schedule, heartbeat, clock

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Answer:
        """Status and what becomes JSON."""
        one = re.fullmatch(r"/incidents/(\d{1,15})(/acknowledge|/review)?", path)
        kind = f"/incidents/N{one[2] or ''}" if one else path
        number = int(one[1]) if one else 0
        known: dict[tuple[str, str], Callable[[], object]] = {
            ("GET", "/livez"): lambda: {"alive": True},
            ("GET", "/incidents"): lambda: {"incidents": self._incidents.since(float(query.get("since", 0)))},
            ("GET", "/incidents/N"): lambda: self._one(number),
            ("GET", "/figures"): self._incidents.figures,
            ("GET", "/reviews"): lambda: {
                "overdue": self._incidents.overdue(float(query.get("at", self._clock())))
            },
            ("GET", "/schedule"): lambda: {"schedule": self._duties(query)},
            ("POST", "/alerts"): lambda: self._receive(body),
            ("POST", "/heartbeat"): lambda: self._heartbeat.receive(_object(body)),
            ("POST", "/incidents/N/acknowledge"): lambda: self._acknowledge(number, body),
            ("POST", "/incidents/N/review"): lambda: self._review(number, body),
        }
        if (method, kind) not in known:
            return 404, {"error": f"there is no {method} {path}"}
        try:
            return 200, known[method, kind]()
        except NoSuchIncident as problem:
            return 404, {"error": str(problem)}
        except Refused as problem:
            return 409, {"error": str(problem)}
        except (NotUnderstood, ValueError, OverflowError, OSError) as problem:
            return 400, {"error": str(problem)}

    def _one(self, number: int) -> object:
        return {**self._incidents.get(number), "history": self._incidents.history(number)}

    def _receive(self, body: bytes) -> object:
        return {"incident": self._incidents.receive(notice_from(_object(body)), self._clock())}

    def _acknowledge(self, number: int, body: bytes) -> object:
        self._incidents.acknowledge(number, _text(body, "by"), self._clock())
        return self._incidents.get(number)

    def _review(self, number: int, body: bytes) -> object:
        self._incidents.review(number, _text(body, "by"), _text(body, "lesson"), self._clock())
        return self._incidents.get(number)

    def _duties(self, query: Mapping[str, str]) -> list[dict[str, object]]:
        begins = datetime.fromtimestamp(float(query.get("from", self._clock())), UTC)
        ends = (
            datetime.fromtimestamp(float(query["until"]), UTC)
            if "until" in query
            else begins + timedelta(days=14)
        )
        if not begins < ends <= begins + LONGEST:
            raise ValueError(f"from must be before until, by at most {LONGEST.days} days")
        return [duty_as_json(each) for each in self._schedule.between(begins, ends)]


def duty_as_json(duty: Duty) -> dict[str, object]:
    """A stretch of the schedule in plain values; times in Unix seconds, people in the order in which they are called."""
    return {
        "from": duty.begins.timestamp(),
        "until": duty.ends.timestamp(),
        "people": [vars(each) for each in duty.people],
    }


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError as problem:
        raise NotUnderstood(f"the body is not JSON: {problem}") from problem
    if not isinstance(told, dict):
        raise NotUnderstood("the body must be a JSON object")
    return told


def _text(body: bytes, name: str) -> str:
    value = _object(body).get(name)
    if not isinstance(value, str) or not value.strip():
        raise NotUnderstood(f"the body must say {name!r}")
    return value.strip()


class Server(ThreadingHTTPServer):
    """The HTTP server with what its handlers work on."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], api: Api, registry: CollectorRegistry) -> None:
        super().__init__(address, Handler)
        self.api, self.registry = api, registry


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    timeout = 30

    def do_GET(self) -> None:
        """Tells."""
        if self.path == "/metrics":
            self._send(200, CONTENT_TYPE_LATEST, generate_latest(self.server.registry))
        else:
            self._answer("GET", b"")

    def do_POST(self) -> None:
        """Takes."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY_BYTES:
            self._json(413, {"error": f"at most {LARGEST_BODY_BYTES} bytes"})
        else:
            self._answer("POST", self.rfile.read(length))

    def _answer(self, method: str, body: bytes) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._json(*self.server.api.answer(method, parts.path, query, body))

    def _json(self, status: int, value: object) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: what matters is in the history of the incidents."""


def now() -> float:
    """Unix seconds."""
    return time.time()
