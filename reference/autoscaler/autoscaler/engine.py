"""Reads and changes one service through the engine's gateway: GET /services/NAME and POST /services/NAME/update."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime

import urllib3

REPLICAS = re.compile(r'("Mode":\{"Replicated":\{"Replicas":)[0-9]+(\}\})')
OPEN_UPDATES = frozenset({"updating", "paused", "rollback_started", "rollback_paused"})


class EngineError(RuntimeError):
    """The engine or its gateway did not answer as expected."""


class EngineRefused(EngineError):
    """The engine, or its gateway, answered that it will not do it."""


class VersionConflict(EngineRefused):
    """Somebody else has changed the service since it was read."""


@dataclass(frozen=True)
class Service:
    """A replicated service as it was read.

    `update` is the state of its last update ("" if there was none), `update_ended` when that ended.
    `specification` is the engine's own JSON text: it is sent back with nothing changed but the number.
    """

    version: int
    replicas: int
    update: str
    update_ended: datetime | None
    specification: str = field(repr=False)

    @property
    def being_updated(self) -> bool:
        """True while a release or its rollback is under way, or stopped half-way."""
        return self.update in OPEN_UPDATES


def parse_service(text: str) -> Service:
    """Reads the engine's answer to GET /services/NAME. Raises EngineError."""
    try:
        answer = json.loads(text)
        replicas = answer["Spec"]["Mode"]["Replicated"]["Replicas"]
        status = answer.get("UpdateStatus") or {}
        ended = status.get("CompletedAt")
        begin = text.index('"Spec":') + len('"Spec":')
        _, end = json.JSONDecoder().raw_decode(text, begin)
        return Service(
            version=int(answer["Version"]["Index"]),
            replicas=int(replicas),
            update=str(status.get("State") or ""),
            update_ended=datetime.fromisoformat(ended) if ended else None,
            specification=text[begin:end],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"the engine's answer describes no replicated service: {error!r}") from error


@dataclass(frozen=True)
class Engine:
    """The gateway's address and the one service that it gives access to."""

    http: urllib3.PoolManager
    url: str
    service: str

    def read(self) -> Service:
        """The service as it is now. Raises EngineError."""
        return parse_service(self._ask("GET", f"/services/{self.service}"))

    def resize(self, service: Service, replicas: int) -> None:
        """Asks for `replicas` replicas of the service as it was read. Raises VersionConflict or EngineError."""
        body, changed = REPLICAS.subn(rf"\g<1>{replicas}\g<2>", service.specification)
        if changed != 1:
            raise EngineError(f"the specification names its replicas {changed} times, expected once")
        self._ask("POST", f"/services/{self.service}/update?version={service.version}", body)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Content-Type": "application/json"}
        try:
            answer = self.http.request(method, self.url + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise EngineError(f"the engine's gateway does not answer: {error}") from error
        text = answer.data.decode("utf-8", errors="replace")
        if answer.status == 200:
            return text
        if "update out of sequence" in text:
            raise VersionConflict("the service was changed in between")
        raise EngineRefused(f"{method} was answered {answer.status}: {text.strip()[:300]}")
