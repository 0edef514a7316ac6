"""The front door: the target's public address, used the way a client uses it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import loads as json_of
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from readiness.core.waiting import pause

TO_CONNECT = 2.0  # seconds after which a client who knows another address turns to it


@dataclass(frozen=True)
class Answer:
    """One answer of the front door. `status` 0 means that there was none: `error` says why. Seconds from call to last byte."""

    method: str
    path: str
    status: int
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""

    def json(self) -> Any:
        """The decoded body, None where it is no JSON."""
        try:
            return json_of(self.body)
        except ValueError:
            return None

    @property
    def instance(self) -> str:
        """The copy that answered, "" where the answer does not say."""
        return self.headers.get("X-Instance", "")


class Readable(Protocol):
    """A body that is read while it is sent."""

    def __len__(self) -> int: ...

    def read(self, size: int = -1, /) -> bytes: ...


class Doorway(Protocol):
    """What a customer comes through. Failures are answers with status 0."""

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        fresh: bool = False,
    ) -> Answer: ...


class _NamedHost(HTTPAdapter):
    """Connects to a given address while speaking to, and verifying, the host name of the URL."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **kwargs)


class Door:
    """HTTP client of one public address. `address` replaces name resolution; `ca` is the file of the authority to trust.

    `alternatives` are further addresses behind the same name. As a browser would, the client turns to the next one when one
    does not take connections, and stays with the one that did; a request that was sent is never sent again.
    """

    def __init__(
        self, url: str, *, address: str = "", alternatives: Sequence[str] = (), ca: str = ""
    ) -> None:
        parts = urlsplit(url)
        self.url = url.rstrip("/")
        self._host = parts.hostname or ""
        self._netloc = parts.netloc
        self._ca = ca
        self._address = address
        port = f":{parts.port}" if parts.port else ""
        self._bases = [
            urlunsplit((parts.scheme, f"{each}{port}", parts.path.rstrip("/"), "", ""))
            for each in (address, *alternatives)
            if each
        ] or [self.url]
        self._present = 0
        self._session = self._new_session()

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = (
            False  # REQUESTS_CA_BUNDLE and proxies of the environment must not decide whom we trust
        )
        session.verify = self._ca or True
        if self._address:
            session.mount("https://", _NamedHost(self._host))
            session.headers["Host"] = self._netloc
        return session

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | Readable | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        fresh: bool = False,
    ) -> Answer:
        """One request, redirects not followed. `fresh` opens a connection of its own. Failures are answers with status 0."""
        session = self._new_session() if fresh else self._session
        started = time.monotonic()
        more = {
            "json": json,
            "data": body,
            "headers": dict(headers or {}),
            "timeout": self._patience(timeout),
        }
        try:
            response = self._request(session, method, path, more)
            seconds = time.monotonic() - started
            return Answer(method, path, response.status_code, seconds, response.headers, response.content)
        except requests.RequestException as problem:
            seconds = time.monotonic() - started
            return Answer(method, path, 0, seconds, error=f"{type(problem).__name__}: {problem}")
        finally:
            if fresh:
                session.close()

    def save(
        self,
        path: str,
        into: Path,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        pause_after: int = 0,
        pause_for: float = 2.0,
    ) -> Answer:
        """GET a path and write the answer's body to a file, however large it is; `body` is empty then.

        After `pause_after` bytes nothing is read for `pause_for` seconds, as by a customer on a slow line. An answer that ends
        too early has status 0.
        """
        session, started, read = self._new_session(), time.monotonic(), 0
        more = {"headers": dict(headers or {}), "timeout": self._patience(timeout), "stream": True}
        try:
            with self._request(session, "GET", path, more) as response, into.open("wb") as file:
                for piece in response.iter_content(1 << 16):
                    file.write(piece)
                    if read < pause_after <= read + len(piece):
                        pause(pause_for)
                    read += len(piece)
                return Answer("GET", path, response.status_code, time.monotonic() - started, response.headers)
        except requests.RequestException as problem:
            seconds = time.monotonic() - started
            return Answer("GET", path, 0, seconds, error=f"{type(problem).__name__}: {problem}")
        finally:
            session.close()

    def _request(
        self, session: requests.Session, method: str, path: str, more: Mapping[str, Any]
    ) -> requests.Response:
        """One request, at the address that answered last; at the next ones as long as none takes the connection."""
        last = len(self._bases) - 1
        for turn in range(last + 1):
            base = self._bases[self._present]
            try:
                return session.request(method, base + path, allow_redirects=False, **more)
            except requests.RequestException as problem:
                self._present = (self._present + 1) % len(self._bases)
                if turn == last or not never_connected(problem):
                    raise
        raise AssertionError("a door has at least one address")

    def _patience(self, timeout: float) -> tuple[float, float]:
        """Seconds to connect and to wait for the answer: where there is another address, less for the first."""
        return (min(timeout, TO_CONNECT) if len(self._bases) > 1 else timeout), timeout


def never_connected(problem: requests.RequestException) -> bool:
    """Whether no connection came about, so that nothing can have been asked."""
    cause = getattr(problem.args[0] if problem.args else None, "reason", None)
    return isinstance(problem, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)
