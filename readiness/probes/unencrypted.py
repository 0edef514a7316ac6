"""What becomes of those who come unencrypted: whatever they ask, by whatever name, where are they sent?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from readiness.core.observations import Observation
from readiness.probes.routes import UNKNOWN_HOST, routing_of
from readiness.targets.target import Target
from readiness.targets.wire import Said, say_unencrypted

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")
TRICKS = (
    "/?q=1&q=2",
    "/%2e%2e/%2Fetc",
    f"//{UNKNOWN_HOST}/",
    f"/@{UNKNOWN_HOST}",
    "/.well-known/acme-challenge/unknown",
    "/%0d%0aLocation:%20x",
)
AT_ONCE = 8


@dataclass(frozen=True)
class Sent:
    """One request without encryption, and where it was sent. `rightly`: the encrypted address of the very same thing."""

    request: str
    rightly: str
    said: Said


@dataclass(frozen=True, kw_only=True)
class Unencrypted(Observation):
    """All that was asked at the unencrypted address. Examined: requests."""

    address: str
    sent: tuple[Sent, ...]


def come_unencrypted(target: Target) -> Unencrypted:
    """Ask the unencrypted address for everything by every method, and by names and forms that are none of ours."""
    door = target.profile.door
    public = urlsplit(door.url)
    plain = urlsplit(door.unencrypted or f"http://{public.hostname}:80")
    address, port = str(door.address or plain.hostname), plain.port or 80
    routing = routing_of(target)
    paths = sorted({route.path for route in routing.published} | set(routing.unpublished) | set(TRICKS))

    def ask(asked: tuple[str, str]) -> Sent:
        head, path = asked
        return Sent(head, f"{door.url}{path}", say_unencrypted(address, port, head))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = tuple(pool.map(ask, requests_for(paths, plain.netloc)))
    return Unencrypted(examined=len(sent), address=f"{address}:{port}", sent=sent)


def requests_for(paths: list[str], host: str) -> Iterator[tuple[str, str]]:
    """Heads of requests and the path that each asks for: every method, a stranger's name, no name, and a whole address."""
    for path in paths:
        for method in METHODS:
            body = "\nContent-Length: 0" if method in ("POST", "PUT", "PATCH") else ""
            yield f"{method} {path} HTTP/1.1\nHost: {host}\nConnection: close{body}", path
        yield f"GET {path} HTTP/1.1\nHost: {UNKNOWN_HOST}\nConnection: close", path
        yield (
            f"GET {path} HTTP/1.1\nHost: {host}\nX-Forwarded-Host: {UNKNOWN_HOST}\nX-Forwarded-Proto: https\nConnection: close",
            path,
        )
        yield f"GET {path} HTTP/1.0", path
