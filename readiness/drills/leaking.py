"""Customers and callers make everything go right and wrong; then it is looked for what they said in all that people read."""

from __future__ import annotations

import base64
import functools
import json
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from readiness.actions.copies import freeze_copy
from readiness.config.journey import RUN, JourneyRequest
from readiness.config.placeholders import filled
from readiness.core.errors import CannotLook
from readiness.core.fragments import fragments
from readiness.core.observations import Observation
from readiness.core.spellings import spellings_of
from readiness.drills.outage import required_dependency
from readiness.harness.undo import UndoStack
from readiness.probes.known_secrets import known_secrets
from readiness.probes.sinks import Read, Sinks, as_text
from readiness.targets.door import Answer
from readiness.targets.journey import ask_for
from readiness.targets.target import Target

CUSTOMER, CALLER = "what a customer entrusted", "what a caller came in with"
ERROR = 400
PERSONAL_TEXT = "{" + RUN + "}"


@dataclass(frozen=True)
class Canary:
    """Something that must not be found: a name for it, how it may be spelled, and secrets' first and last characters."""

    name: str
    spelled: tuple[str, ...]
    values: tuple[str, ...] = ()

    def is_in(self, text: str) -> str:
        """In what way a text shows it; "" when it does not."""
        if any(each in text for each in self.spelled):
            return "whole"
        return "in part" if any(fragments(value).search(text) for value in self.values) else ""


@dataclass(frozen=True)
class Searched:
    """One sink: how many characters stand in it, and whether the control was found in it."""

    sink: str
    characters: int
    control_found: bool


@dataclass(frozen=True)
class Leaked:
    """A canary in a sink, whole or in part."""

    canary: str
    sink: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Leaks(Observation):
    """What was searched, and what was found. Examined: the sinks, once for each canary.

    `failures`: how many answers were errors, by their status; 0 is no answer.
    """

    failures: Mapping[str, int]
    searched: tuple[Searched, ...]
    leaked: tuple[Leaked, ...]


def look_for_leaks(target: Target, undo: UndoStack, folders: Sequence[Path]) -> Leaks:
    """Let things go right and wrong, with the database there and with it frozen; then read everything and search it."""
    sinks, visit = Sinks(target, folders), _Visit(target)
    sinks.plant()
    visit.go_right_and_wrong()
    dependency = required_dependency(target)
    steps = [freeze_copy(target.platform, undo, copy) for copy in target.platform.replicas(dependency)]
    if not steps:
        raise CannotLook(f"no copy of {dependency} is running, so none can stop answering")
    visit.go_wrong_inside()
    for step in reversed(steps):
        if undo.settle(step):
            raise CannotLook(f"{dependency} could not be thawed; the target is left with it frozen")
    visit.clean_up()
    canaries = (*visit.canaries(), *secrets_of(target))
    reads = [*sinks.read(), *visit.reads()]
    return Leaks(
        examined=len(reads) * len(canaries),
        failures=visit.failures,
        searched=tuple(
            dict.fromkeys(Searched(each.sink, len(each.text), each.control_found) for each in reads)
        ),
        leaked=tuple(dict.fromkeys(found for each in reads for found in leaked_into(each, canaries))),
    )


def secrets_of(target: Target) -> Iterator[Canary]:
    """The secrets of the profile."""
    known = known_secrets(target)
    for name in known.names:
        forms, value = known.forms_of(name), known.value(name)
        yield Canary(f"secret {name}", forms, (value,) if value.isascii() and "\n" not in value else ())


def leaked_into(read: Read, canaries: Sequence[Canary]) -> Iterator[Leaked]:
    """The canaries that a sink shows."""
    for canary in canaries:
        how = canary.is_in(read.text)
        if how:
            yield Leaked(canary.name, read.sink, how)


class _Visit:
    """A customer whose data are his own, and a caller with credentials that open nothing."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._mark = uuid.uuid4().hex[:12]
        self._known = {RUN: self._mark}
        self._credential = secrets.token_hex(24)
        self._query = f"api_key={self._credential}&token={self._credential}"
        self._answers: list[Answer] = []
        self._said: set[str] = {self._mark}

    def go_right_and_wrong(self) -> None:
        """The journey up to the first removal, once more what was entrusted already, then all that goes wrong."""
        for request in self._before_removal():
            if request.placeholders <= self._known.keys():
                self._ask(request)
        for request in self._before_removal():
            if request.method != "GET" and request.placeholders <= self._known.keys():
                self._ask(request, remember=False)
        self.go_wrong()

    def go_wrong(self) -> None:
        """Bodies that are not what they should be, credentials that open nothing, and the journey's own readings and writings."""
        for request in self._before_removal():
            if not request.placeholders <= self._known.keys():
                continue
            if request.body is not None:
                for body in malformed(filled(request.body, self._known)):
                    self._send(
                        request, self._own_headers(request) | {"Content-Type": "application/json"}, body
                    )
            for headers in self._credentials():
                self._send(request, headers, None)
            self._send(request, {}, None, self._query)
            self._ask(request, remember=False)

    def go_wrong_inside(self) -> None:
        """Ask to read and to write, with the right credentials and with others, all at once: nobody is answered soon."""
        requests = [each for each in self._before_removal() if each.placeholders <= self._known.keys()]
        kinds = {each.method: each for each in reversed(requests)}.values()
        bearer = next(self._credentials())
        asked = [functools.partial(self._ask, each, remember=False) for each in kinds]
        asked += [functools.partial(self._send, each, bearer, None) for each in kinds]
        asked += [functools.partial(self._send, each, {}, None, self._query) for each in kinds]
        with ThreadPoolExecutor(len(asked)) as pool:
            for each in [pool.submit(ask) for ask in asked]:
                each.result()

    def clean_up(self) -> None:
        """Remove what was entrusted."""
        for request in self._target.profile.journey:
            if request.method == "DELETE" and request.placeholders <= self._known.keys():
                ask_for(self._target, self._target.door, request, self._known)

    def canaries(self) -> tuple[Canary, ...]:
        """What the customer said in each of his texts, and what the caller came in with."""
        said = tuple(form for text in sorted(self._said) for form in spellings_of(text))
        user = base64.b64encode(f"caller:{self._credential}".encode()).decode().rstrip("=")
        credential = (*spellings_of(self._credential), user)
        return Canary(CUSTOMER, said), Canary(CALLER, credential, (self._credential,))

    def reads(self) -> Iterator[Read]:
        """The answers that were errors. CannotLook when there was none."""
        errors = [each for each in self._answers if each.status >= ERROR]
        if not errors:
            raise CannotLook("nothing went wrong, so no answer to that could be searched")
        text = "\n".join(as_text(dict(each.headers), each.body) for each in errors)
        yield Read("answers to errors", text, len(text) > len(errors))

    @property
    def failures(self) -> Mapping[str, int]:
        """How many answers had each status that is an error, or none."""
        statuses = [str(each.status) for each in self._answers if each.status >= ERROR or not each.status]
        return {status: statuses.count(status) for status in sorted(set(statuses))}

    def _before_removal(self) -> Iterator[JourneyRequest]:
        for request in self._target.profile.journey:
            if request.method == "DELETE":
                return
            yield request

    def _ask(self, request: JourneyRequest, *, remember: bool = True) -> None:
        self._said |= set(personal_texts(request.body, self._mark))
        _, saved, answer = ask_for(self._target, self._target.another_door(), request, self._known)
        self._answers.append(answer)
        if remember:
            self._known |= saved

    def _own_headers(self, request: JourneyRequest) -> dict[str, str]:
        return self._target.headers(request.identity) if request.identity else {}

    def _credentials(self) -> Iterator[dict[str, str]]:
        basic = base64.b64encode(f"caller:{self._credential}".encode()).decode()
        yield {"Authorization": f"Bearer {self._credential}"}
        yield {"Authorization": f"Basic {basic}"}
        yield {"Authorization": self._credential}
        yield {"X-Api-Key": self._credential, "Cookie": f"session={self._credential}"}

    def _send(
        self, request: JourneyRequest, headers: Mapping[str, str], body: bytes | None, query: str = ""
    ) -> None:
        path = str(filled(request.path, self._known))
        path = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
        timeout = self._target.profile.patience.answer
        door = self._target.another_door()
        self._answers.append(door.ask(request.method, path, body=body, headers=headers, timeout=timeout))


def personal_texts(body: JsonValue, mark: str) -> Iterator[str]:
    """The texts of a body that are the customer's own, filled with his mark."""
    match body:
        case str() if PERSONAL_TEXT in body:
            yield body.replace(PERSONAL_TEXT, mark)
        case list():
            for each in body:
                yield from personal_texts(each, mark)
        case dict():
            for each in body.values():
                yield from personal_texts(each, mark)


def malformed(body: JsonValue) -> Iterator[bytes]:
    """A body cut short, one with everything in the wrong place, and one with something more than there may be."""
    text = json.dumps(body)
    yield text[:-2].encode()
    if isinstance(body, dict):
        yield json.dumps({key: {"value": value} for key, value in body.items()}).encode()
        yield json.dumps({**body, "more": " ".join(str(value) for value in body.values())}).encode()
        yield json.dumps({key: f"{value}\u0000{value}" for key, value in body.items()}).encode()
