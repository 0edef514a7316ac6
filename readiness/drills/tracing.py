"""One request, followed by its id from the door to the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from readiness.config.journey import RUN
from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.counting import send_further
from readiness.probes.counted import tracing_of
from readiness.targets.journey import value_at
from readiness.targets.target import Target

REQUESTS = 3
LINES = 400
PATIENCE = 15.0
CLAIMED = "claimed-by-the-client-0001"


@dataclass(frozen=True)
class Trail:
    """A request's id as its client was told, and the services in whose logs it does not stand."""

    request_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Followed(Observation):
    """Requests that were followed. Examined: places in which each was looked for. `claimed`: what the client called them all."""

    trails: tuple[Trail, ...]
    claimed: str


def follow_requests(target: Target) -> Followed:
    """Send requests that claim an id of their own, and look for the ids that they were given in every log on their way."""
    tracing, door = tracing_of(target), target.another_door()
    ids: list[str] = []
    for _ in range(REQUESTS):
        known = {RUN: uuid.uuid4().hex[:12]}
        seen, answer = send_further(
            target, door, tracing.request, known, identity=tracing.identity, more_headers={tracing.header: CLAIMED}
        )  # fmt: skip
        if seen.odd:
            raise CannotLook(f"there is no request to follow: {seen.odd}")
        ids.append(answer.headers.get(tracing.header, ""))
        made = {"id": str(value_at(answer.json(), "id"))}
        door.ask("DELETE", str(filled(tracing.remove, made)), headers=target.headers(tracing.identity))

    def trails() -> tuple[Trail, ...]:
        logs = {name: _log(target, name) for name in tracing.through}
        return tuple(
            Trail(each, tuple(name for name, log in logs.items() if not each or each not in log))
            for each in ids
        )

    waited = wait_until(
        trails, lambda all_of: not any(each.missing for each in all_of), patience=PATIENCE, every=0.5
    )
    return Followed(examined=len(ids) * len(tracing.through), trails=waited.last, claimed=CLAIMED)


def _log(target: Target, service: str) -> str:
    return "\n".join(target.platform.logs(copy.id, LINES) for copy in target.platform.replicas(service))
