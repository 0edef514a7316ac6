"""Reads what the engine's gateway gives: the door's log, and which programs were started in containers."""

from __future__ import annotations

import http.client
import json
import struct
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from watch.suspicion import Started, Visit

SERVICE_LABEL = "com.docker.swarm.service.name"
STARTED = "exec_create: "
TIMEOUT = 10.0
MOST_LINES = 5000
FRAME_HEAD = 8


class Blind(RuntimeError):
    """A source gave no answer, or one that cannot be understood."""


class Gateway:
    """The engine's gateway: GET and nothing else. Times are Unix seconds. Raises Blind."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def visits(self, service: str, since: float) -> list[Visit]:
        """What the door logged after a time."""
        question = {"stdout": 1, "timestamps": 1, "tail": MOST_LINES, "since": f"{since:.9f}"}
        return list(visits_of(self._get(f"/services/{service}/logs", question)))

    def programs(self, since: float, until: float) -> list[Started]:
        """Programs that were started in running containers between two times that have passed."""
        filters = json.dumps({"type": ["container"], "event": ["exec_create"]})
        question = {"since": f"{since:.9f}", "until": f"{until:.9f}", "filters": filters}
        return list(programs_of(self._get("/events", question)))

    def _get(self, path: str, question: dict[str, object]) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        try:
            connection.request("GET", f"{path}?{urlencode(question)}")
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise Blind(f"{path}: {problem!r}") from problem
        finally:
            connection.close()
        if answer.status != 200:
            raise Blind(f"{path}: status {answer.status}")
        return body


def visits_of(stream: bytes) -> Iterator[Visit]:
    """Requests in a stream of log frames; other lines are left out. Raises Blind for what is no such stream."""
    for line in lines_of(stream):
        stamp, _, text = line.partition(" ")
        try:
            told = json.loads(text)
            if told.get("message") != "request":
                continue
            yield Visit(
                at=datetime.fromisoformat(stamp).timestamp(),
                client=str(told["client"]),
                method=str(told["method"]),
                path=str(told["path"])[:200],
                status=int(told["status"]),
                backend=str(told["backend"]),
                attack=told.get("attack") == "1",
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # the door's own words about itself


def lines_of(stream: bytes) -> Iterator[str]:
    """The lines of a log as the engine sends it: frames of 1 byte stream, 3 bytes nothing, 4 bytes length, and the text."""
    position = 0
    while position < len(stream):
        head = stream[position : position + FRAME_HEAD]
        if len(head) < FRAME_HEAD or head[0] > 3:
            raise Blind("the door's log is no stream of log frames")
        (length,) = struct.unpack(">I", head[4:])
        position += FRAME_HEAD
        yield from stream[position : position + length].decode("utf-8", "replace").splitlines()
        position += length


def programs_of(body: bytes) -> Iterator[Started]:
    """Started programs from the engine's events, one JSON object a line. Raises Blind."""
    try:
        for line in body.splitlines():
            told = json.loads(line)
            action, attributes = str(told["Action"]), told["Actor"]["Attributes"]
            if action.startswith(STARTED):
                yield Started(
                    at=told["timeNano"] / 1e9,
                    part=str(attributes.get(SERVICE_LABEL) or attributes.get("name", "")),
                    container=str(told["Actor"]["ID"]),
                    command=action.removeprefix(STARTED).strip(),
                )
    except (ValueError, KeyError, TypeError) as problem:
        raise Blind(f"the engine's events cannot be read: {problem!r}") from problem
