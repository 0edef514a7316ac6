"""Where the paths of the public door lead, and what a copy believes of a visitor who pretends to be somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from readiness.config.routing import RequestLog, Routing
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.targets.door import Answer
from readiness.targets.target import Target

UNKNOWN_HOST = "unknown.invalid"
FORGED = "203.0.113.7"  # an address that belongs to nobody
FORGED_HEADERS = {
    "X-Forwarded-For": FORGED,
    "X-Real-IP": FORGED,
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": UNKNOWN_HOST,
    "Forwarded": f"for={FORGED};proto=http;host={UNKNOWN_HOST}",
}
LINES = 500
PATIENCE = 10.0


@dataclass(frozen=True)
class Led:
    """Where one request led: the service whose copy answered, "" when none did. `kept`: over a connection that was kept."""

    asked: str
    kept: bool
    status: int
    service: str
    error: str = ""


@dataclass(frozen=True)
class Followed:
    """A request for a published path, and the service that it is published for."""

    led: Led
    wanted: str


@dataclass(frozen=True, kw_only=True)
class Routes(Observation):
    """Requests for published paths, for paths that are not, and for published paths of an unknown host. Examined: requests."""

    published: tuple[Followed, ...]
    unpublished: tuple[Led, ...]
    unknown_host: tuple[Led, ...]


@dataclass(frozen=True)
class Believed:
    """What a copy believes of one visitor, from its log."""

    client: str
    scheme: str
    host: str


@dataclass(frozen=True, kw_only=True)
class Impersonation(Observation):
    """What copies believe of an honest visitor and of the same one when he claims to be somebody else. Examined: visits.

    `own`: scheme and host that both really asked. `inside`: addresses of the deployment's own copies.
    """

    scheme: str
    host: str
    inside: tuple[str, ...]
    forged: tuple[str, ...]
    honest: tuple[Believed, ...]
    pretending: tuple[Believed, ...]


def follow_routes(target: Target) -> Routes:
    """Ask for every published path, for those that are not, and at the door for a host that nobody knows."""
    routing = routing_of(target)
    owners = owners_of(target)
    published = tuple(
        Followed(led_by(target, owners, route.path, kept=kept), route.service)
        for route in routing.published
        for kept in (True, False)
    )
    unpublished = tuple(led_by(target, owners, path, kept=True) for path in routing.unpublished)
    strange = {"Host": UNKNOWN_HOST}
    unknown = tuple(
        led_by(target, owners, route.path, kept=kept, headers=strange)
        for route in routing.published
        for kept in (True, False)
    )
    return Routes(
        examined=len(published) + len(unpublished) + len(unknown),
        published=published,
        unpublished=unpublished,
        unknown_host=unknown,
    )


def pretend_to_be_somebody_else(target: Target) -> Impersonation:
    """Ask every published path of the service as oneself and as somebody else, and read in the logs what the copies believe."""
    routing, parts = routing_of(target), urlsplit(target.profile.door.url)
    paths = [route.path for route in routing.published]
    honest = tuple(_believed(target, routing.request_log, path, {}) for path in paths)
    pretending = tuple(_believed(target, routing.request_log, path, FORGED_HEADERS) for path in paths)
    platform = target.platform
    inside = {
        address
        for service in platform.services()
        for copy in platform.replicas(service.name)
        for address in platform.addresses(copy.id)
    }
    return Impersonation(
        examined=len(honest) + len(pretending),
        scheme=parts.scheme,
        host=parts.netloc,
        inside=tuple(sorted(inside)),
        forged=(FORGED, UNKNOWN_HOST),
        honest=honest,
        pretending=pretending,
    )


def routing_of(target: Target) -> Routing:
    """The published routes. CapabilityMissing where the profile names none."""
    if target.profile.routing is None:
        raise CapabilityMissing(f"The profile of {target.name} does not name the published routes (routing).")
    return target.profile.routing


def owners_of(target: Target) -> dict[str, str]:
    """Instance -> service, of all running copies."""
    platform = target.platform
    return {
        copy.instance: service.name
        for service in platform.services()
        for copy in platform.replicas(service.name)
    }


def led_by(
    target: Target,
    owners: Mapping[str, str],
    path: str,
    *,
    kept: bool,
    headers: Mapping[str, str] | None = None,
) -> Led:
    """Where one request leads; `owners` as `owners_of` tells."""
    answer = _ask(target, path, headers or {}, fresh=not kept)
    service = owners.get(answer.instance, answer.instance)
    return Led(path, kept, answer.status, service, answer.error)


def _ask(target: Target, path: str, headers: Mapping[str, str], *, fresh: bool) -> Answer:
    return target.door.ask("GET", path, headers=headers, timeout=target.profile.patience.answer, fresh=fresh)


def _believed(target: Target, log: RequestLog, path: str, headers: Mapping[str, str]) -> Believed:
    answer = _ask(target, path, headers, fresh=True)
    request = answer.headers.get("X-Request-Id", "")
    copies = [
        copy
        for service in target.platform.services()
        for copy in target.platform.replicas(service.name)
        if copy.instance == answer.instance
    ]
    if not (request and copies):
        raise CannotLook(
            f"the answer to {path} does not say which copy gave it (X-Instance) and under which id (X-Request-Id): "
            f"{answer.error or f'status {answer.status}'}"
        )
    waited = wait_until(
        lambda: line_of(target.platform.logs(copies[0].id, LINES), log, request), bool, patience=PATIENCE
    )
    line = waited.last
    return Believed(*(str(line.get(key, "")) for key in (log.client, log.scheme, log.host)))


def line_of(text: str, log: RequestLog, request: str) -> dict[str, object]:
    """The line of a log that tells of one request with all that we ask; empty where there is none."""
    for line in reversed(text.splitlines()):
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and told.get(log.request) == request and log.client in told:
            return told
    return {}
