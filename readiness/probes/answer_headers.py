"""The headers of answers of every kind: to what is found, what is not, what is refused and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.probes.routes import UNKNOWN_HOST, routing_of
from readiness.targets.door import Answer
from readiness.targets.target import Target

NOWHERE = "/no-such-page"
NO_SUCH_THING = "no-such-thing"


@dataclass(frozen=True)
class Headed:
    """One answer: what was asked, the status, and its headers by their names in small letters."""

    asked: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class HeadersSeen(Observation):
    """Answers of many kinds. Examined: answers."""

    answers: tuple[Headed, ...]


def look_at_headers(target: Target) -> HeadersSeen:
    """Ask for answers of every kind that can be had without disturbing anybody. CannotLook when none of them succeeds."""
    answers = tuple(headed(answer) for answer in _all_kinds(target))
    if not any(each.status == target.profile.door.ready.status for each in answers):
        raise CannotLook(
            "no request through the door succeeded, so its answers say nothing of what customers get"
        )
    return HeadersSeen(examined=len(answers), answers=answers)


def _all_kinds(target: Target) -> Iterator[Answer]:
    door, patience = target.another_door(), target.profile.patience.answer
    ready, routing = target.profile.door.ready.path, routing_of(target)
    for method in ("GET", "HEAD", "OPTIONS", "DELETE", "POST"):
        yield door.ask(method, ready, timeout=patience)
    for path in (*(route.path for route in routing.published), *routing.unpublished, NOWHERE):
        yield door.ask("GET", path, timeout=patience)
    yield door.ask("GET", ready, headers={"Host": UNKNOWN_HOST}, timeout=patience)
    for request in target.profile.journey:
        known = dict.fromkeys(request.placeholders, NO_SUCH_THING)
        headers = target.headers(request.identity) if request.identity else {}
        body = b"{" if request.method != "GET" else None
        yield door.ask(
            request.method, _filled(request.path, known), body=body, headers=headers, timeout=patience
        )


def _filled(path: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        path = path.replace("{" + name + "}", value)
    return path


def headed(answer: Answer) -> Headed:
    """The headers of an answer. CannotLook when there was none."""
    if not answer.status:
        raise CannotLook(f"{answer.method} {answer.path} was not answered: {answer.error}")
    return Headed(
        f"{answer.method} {answer.path}",
        answer.status,
        {name.lower(): value for name, value in answer.headers.items()},
    )
