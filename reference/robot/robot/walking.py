"""One walk: every step over a connection that is opened for it, encrypted and verified as a customer's."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from robot.journey import JOURNEY, Step, contains, filled
from robot.settings import Settings

Ask = Callable[[str, str, Any], tuple[int, Any, str]]
"""Method, path and body (None: no body) to status, decoded answer and request id; OSError or HTTPException when none came."""


@dataclass(frozen=True)
class Result:
    """How one step ended, after how many seconds; `problem` is "" when it was answered as it should be."""

    step: str
    seconds: float
    problem: str
    request_id: str = ""


class _Connection(http.client.HTTPSConnection):
    """Connects to an address while speaking to, and verifying, the name that customers use."""

    def __init__(self, settings: Settings, context: ssl.SSLContext) -> None:
        super().__init__(settings.host, settings.port, timeout=settings.patience, context=context)
        self._where, self._encryption = (settings.address, settings.port), context

    def connect(self) -> None:
        """Open it, encrypted."""
        plain = socket.create_connection(self._where, self.timeout)
        self.sock = self._encryption.wrap_socket(plain, server_hostname=self.host)


class Door:
    """The public door, for one walk."""

    def __init__(self, settings: Settings) -> None:
        context = ssl.create_default_context(cafile=str(settings.authority))
        self._connection = _Connection(settings, context)
        self._key = settings.key

    def ask(self, method: str, path: str, body: Any) -> tuple[int, Any, str]:
        """One request."""
        headers = {"Authorization": f"Bearer {self._key}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, _decoded(text), answer.headers.get("X-Request-Id", "")

    def close(self) -> None:
        """Leave."""
        self._connection.close()


def _decoded(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def walk(ask: Ask) -> Iterator[Result]:
    """Step by step until one fails; then only what takes away what was made, silently."""
    known = {"run": uuid.uuid4().hex[:12]}
    failed = False
    for step in JOURNEY:
        if failed and not (step.removes and _possible(step, known)):
            continue
        result, kept = _take(step, known, ask)
        known |= kept
        if not failed:
            yield result
        failed = failed or bool(result.problem)


def _possible(step: Step, known: Mapping[str, str]) -> bool:
    try:
        filled(step.path, known)
    except KeyError:
        return False
    return True


def _take(step: Step, known: Mapping[str, str], ask: Ask) -> tuple[Result, dict[str, str]]:
    began = time.monotonic()
    try:
        status, answer, request_id = ask(
            step.method, filled(step.path, known), filled(step.body, known) or None
        )
    except (OSError, http.client.HTTPException) as trouble:
        return Result(
            step.name, time.monotonic() - began, f"no answer: {type(trouble).__name__}: {trouble}"
        ), {}
    seconds = time.monotonic() - began
    kept = {
        name: str(answer[key])
        for name, key in step.keep.items()
        if isinstance(answer, Mapping) and key in answer
    }
    problem = ""
    if status != step.status:
        problem = f"status {status} instead of {step.status}"
    elif (step.expect and not contains(answer, filled(step.expect, known))) or len(kept) < len(step.keep):
        problem = "the answer does not hold what it should"
    return Result(step.name, seconds, problem, request_id), kept
