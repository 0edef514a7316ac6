"""Sends requests with libcurl, many at a time, and tells the tally what becomes of each."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pycurl

from readiness.core.content import contains
from readiness.core.waiting import clock, pause
from readiness.load.spec import NUMBER, Request, Spec
from readiness.load.tally import Exchange, Tally

KINDS = {
    pycurl.E_COULDNT_RESOLVE_HOST: "name not found",
    pycurl.E_COULDNT_CONNECT: "connection refused",
    pycurl.E_OPERATION_TIMEDOUT: "no answer in time",
    pycurl.E_GOT_NOTHING: "connection cut",
    pycurl.E_RECV_ERROR: "connection cut",
    pycurl.E_SEND_ERROR: "connection cut",
    pycurl.E_PARTIAL_FILE: "answer cut short",
    pycurl.E_SSL_CONNECT_ERROR: "no TLS",
    pycurl.E_PEER_FAILED_VERIFICATION: "certificate not trusted",
}

LONGEST_IDLE = (
    5  # seconds; a connection that nobody used for longer is not used again, for the server may be closing it
)


class Sender:
    """Open requests and idle handles. `send` begins one; `work` moves all on and waits for news, at most so many seconds."""

    def __init__(self, spec: Spec, tally: Tally) -> None:
        self._spec = spec
        self._tally = tally
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, spec.most_in_flight)
        self._requests = itertools.cycle(range(len(spec.requests)))
        self._numbers = itertools.count()
        self._idle: list[list[_Handle]] = [[] for _ in spec.requests]
        self._open: dict[Any, _Handle] = {}

    @property
    def in_flight(self) -> int:
        """How many requests are open."""
        return len(self._open)

    def send(self, due: float) -> None:
        """Begin the next request, which was due at a reading of the clock; nothing where too many are open."""
        if self.in_flight >= self._spec.most_in_flight:
            self._tally.due(sent_late_by=None)
            return
        kind = next(self._requests)
        handle = self._idle[kind].pop() if self._idle[kind] else _Handle(self._spec, kind)
        handle.begin(due, next(self._numbers))
        self._open[handle.curl] = handle
        self._multi.add_handle(handle.curl)
        self._tally.due(sent_late_by=handle.sent - due)

    def work(self, wait: float) -> None:
        """Move every open request on; then wait until one of them has news, or `wait` seconds are over."""
        while self._multi.perform()[0] == pycurl.E_CALL_MULTI_PERFORM:
            continue
        if self._read_ends() or wait <= 0:
            return
        if not self._open:
            pause(wait)  # libcurl does not wait where it has nothing to wait for
        else:
            self._multi.select(wait)

    def _read_ends(self) -> bool:
        """Account for all requests that have ended; whether there were any."""
        ended = False
        while True:
            waiting, good, bad = self._multi.info_read()
            for curl, code in [*((curl, 0) for curl in good), *((each[0], each[1]) for each in bad)]:
                ended = True
                self._multi.remove_handle(curl)
                handle = self._open.pop(curl)
                self._tally.ended(handle.exchange(code))
                self._idle[handle.kind].append(handle)
            if not waiting:
                return ended

    def give_up(self) -> None:
        """What is still open counts as not answered in time."""
        for curl, handle in self._open.items():
            self._multi.remove_handle(curl)
            self._tally.ended(handle.exchange(pycurl.E_OPERATION_TIMEDOUT))
        self._open.clear()


class _Handle:
    """One request at a time, of one kind, over connections that libcurl keeps."""

    def __init__(self, spec: Spec, kind: int) -> None:
        self.kind = kind
        self.sent = 0.0
        self._request = spec.requests[kind]
        self._headers = tuple(f"{each.lower()}:".encode() for each in (spec.instance, spec.release))
        self._expected = spec.requests[kind].expect_json
        self._number = 0
        self._due = 0.0
        self._body = bytearray()
        self._told = ["", ""]
        self.curl = _curl_for(spec, self._request, self._body.extend, self._take_header)

    def begin(self, due: float, number: int) -> None:
        """Forget the last request and note when this one was due, and its number."""
        self._due, self.sent, self._number, self._told = due, clock(), number, ["", ""]
        self._body.clear()
        if self._request.is_numbered:
            self.curl.setopt(pycurl.POSTFIELDS, self._request.body.replace(NUMBER, str(number)))
            expected = json.dumps(self._request.expect_json).replace(NUMBER, str(number))
            self._expected = json.loads(expected)

    def exchange(self, code: int) -> Exchange:
        """What became of it; `code` is libcurl's, 0 where there was an answer."""
        instance, release = self._told
        fault = KINDS.get(code) or self._fault(code)
        number = self._number if self._request.is_numbered else None
        return Exchange(self._due, self.sent, clock(), instance, fault, release, number)

    def _fault(self, code: int) -> str:
        if code:
            return f"libcurl's error {code}"
        status = self.curl.getinfo(pycurl.RESPONSE_CODE)
        if status != self._request.expect_status:
            return f"status {status}"
        expected = self._expected
        return "" if expected is None or contains(_json(bytes(self._body)), expected) else "wrong content"

    def _take_header(self, line: bytes) -> None:
        for place, header in enumerate(self._headers):
            if line.lower().startswith(header):
                self._told[place] = line.split(b":", 1)[1].strip().decode("latin-1")


def _curl_for(
    spec: Spec, request: Request, take: Callable[[bytes], None], take_header: Callable[[bytes], None]
) -> Any:
    """A handle with everything that is the same for each request of a kind."""
    curl = pycurl.Curl()
    for option, value in (
        (pycurl.URL, request.url),
        (pycurl.CUSTOMREQUEST, request.method),
        (pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in request.headers.items()]),
        (pycurl.NOSIGNAL, 1),
        (pycurl.TIMEOUT_MS, round(spec.timeout * 1000)),
        (pycurl.PROXY, ""),  # those of the environment must not decide where the load goes
        (pycurl.FORBID_REUSE, int(spec.fresh)),
        (pycurl.MAXAGE_CONN, LONGEST_IDLE),
        (pycurl.FRESH_CONNECT, int(spec.fresh)),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.WRITEFUNCTION, take),
        (pycurl.HEADERFUNCTION, take_header),
    ):
        curl.setopt(option, value)
    if request.body:
        curl.setopt(pycurl.POSTFIELDS, request.body)
    if spec.ca:
        curl.setopt(pycurl.CAINFO, spec.ca)
    if spec.address:
        parts = urlsplit(request.url)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
        curl.setopt(pycurl.RESOLVE, [f"{parts.hostname}:{port}:{spec.address}"])
    return curl


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
