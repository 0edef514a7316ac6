"""A way in for customers where there is no public one: over the loopback of a copy, with a program run in its container."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from json import dumps, loads
from typing import Any

from readiness.core.errors import CannotLook
from readiness.core.waiting import clock
from readiness.targets.door import Answer
from readiness.targets.platform import Platform

LONGER = 10.0
NOT_THERE = "not found"
PROGRAM = """
import base64, http.client, json, os
order = json.loads(os.environ["READINESS_ORDER"])
try:
    line = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=order["timeout"])
    line.request(order["method"], order["path"], body=base64.b64decode(order["body"]), headers=order["headers"])
    answer = line.getresponse()
    told = {"status": answer.status, "headers": dict(answer.getheaders()), "body": base64.b64encode(answer.read()).decode()}
except (OSError, http.client.HTTPException) as problem:
    told = {"status": 0, "error": f"{type(problem).__name__}: {problem}"}
print(json.dumps(told))
"""


class InsideDoor:
    """Asks one copy at the port where it serves, from `place`: its own container, or one that shares its network.

    Nothing about a request stands among the program's arguments, for these are in every list of processes.
    """

    def __init__(self, platform: Platform, place: str, port: int) -> None:
        self._platform = platform
        self._place = place
        self._port = port

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        fresh: bool = True,  # noqa: ARG002 - every request has a connection of its own
    ) -> Answer:
        """One request. Failures are answers with status 0, also where the copy is gone."""
        kind = {"Content-Type": "application/json"} if json is not None else {}
        order = {
            "port": self._port,
            "method": method,
            "path": path,
            "headers": {**kind, **(headers or {})},
            "body": base64.b64encode(dumps(json).encode() if json is not None else body or b"").decode(),
            "timeout": timeout,
        }
        began = clock()
        try:
            ran = self._platform.run_inside(
                self._place,
                ["python3", "-I", "-c", PROGRAM],
                timeout=timeout + LONGER,
                settings={"READINESS_ORDER": dumps(order)},
            )
        except CannotLook as problem:
            return Answer(method, path, 0, clock() - began, error=str(problem))
        if (
            ran.no_such_command and NOT_THERE in ran.output
        ):  # the engine says the same of a container that just ends
            raise CannotLook(f"container {self._place[:12]} has no python3, so nobody can ask from within it")
        return _answer(method, path, clock() - began, ran.output)


def _answer(method: str, path: str, seconds: float, output: str) -> Answer:
    try:
        told = loads(output)
    except ValueError:
        return Answer(method, path, 0, seconds, error=" ".join(output.split()[-30:]) or "no word")
    headers = {name.title(): value for name, value in told.get("headers", {}).items()}
    body = base64.b64decode(told.get("body", ""))
    return Answer(method, path, told["status"], seconds, headers, body, told.get("error", ""))
