"""Walks the customer's journey of a profile through the front door and tells of each answer whether it was right."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from readiness.config.journey import RUN, JourneyRequest
from readiness.config.placeholders import filled
from readiness.core.content import contains
from readiness.core.errors import CapabilityMissing
from readiness.core.waiting import clock, pause
from readiness.targets.door import Answer, Doorway
from readiness.targets.target import Target

LONGEST_EXCERPT = 200


@dataclass(frozen=True)
class Served:
    """How one request of a journey was answered: when it was asked (clock), after how many seconds, by which copy.

    `fault` says in what way the answer was not the right one, "" when it was right. Status 0: there was no answer.
    `writes`: the request was to change something.
    """

    request: str
    asked: float
    seconds: float
    status: int
    instance: str
    fault: str
    writes: bool = False

    @property
    def right(self) -> bool:
        """Whether the answer had the status and the content that the profile expects."""
        return not self.fault


@dataclass(frozen=True)
class Mark:
    """What one walk up to the first removal saved (`known`), and how it was answered."""

    known: Mapping[str, str]
    answers: tuple[Served, ...]
    complete: bool

    @property
    def acknowledged(self) -> bool:
        """Whether everything that was written was acknowledged."""
        return self.complete and all(answer.right for answer in self.answers if answer.writes)


class Customer:
    """Walks journeys, through the public door if no other one is given; afterwards removes what broken walks left behind."""

    def __init__(self, target: Target, *, fresh_connections: bool, door: Doorway | None = None) -> None:
        if not target.profile.journey:
            raise CapabilityMissing(
                f"The profile of {target.name} describes no journey of a customer (journey)."
            )
        self._target = target
        self._door = door or target.door
        self._fresh = fresh_connections
        self._left_behind: list[dict[str, str]] = []

    def walk(self) -> Generator[Served]:
        """One journey, request by request. A request that needs what an earlier one did not give is not asked."""
        known = {RUN: uuid.uuid4().hex[:12]}
        removed = False
        try:
            for request in self._target.profile.journey:
                if request.placeholders <= known.keys():
                    served, saved = self._ask(request, known)
                    known |= saved
                    removed = served.right if request.method == "DELETE" else removed
                    yield served
        finally:
            if len(known) > 1 and not removed:
                self._left_behind.append(known)

    def leave_mark(self, pace: float = 0.0) -> Mark:
        """Walk up to the first removal, a request every `pace` seconds, and leave what it made; `clean_up` removes it."""
        known = {RUN: uuid.uuid4().hex[:12]}
        self._left_behind.append(known)
        answers = []
        for request in self._until_removal:
            if request.placeholders <= known.keys():
                served, saved = self._ask(request, known)
                known |= saved
                answers.append(served)
                pause(max(0.0, served.asked + pace - clock()))
        return Mark(known, tuple(answers), len(answers) == len(self._until_removal))

    def find_mark(self, mark: Mark) -> tuple[Served, ...]:
        """Ask for what a mark left, wherever that was: the journey's own readings of what was saved."""
        saved = mark.known.keys() - {RUN}
        return tuple(
            self._ask(request, mark.known)[0]
            for request in self._until_removal
            if request.method == "GET"
            and saved & request.placeholders
            and request.placeholders <= mark.known.keys()
        )

    @property
    def _until_removal(self) -> list[JourneyRequest]:
        return list(takewhile(lambda each: each.method != "DELETE", self._target.profile.journey))

    def is_served(self) -> bool:
        """Whether one whole journey is answered rightly now."""
        answers = list(self.walk())
        return len(answers) == len(self._target.profile.journey) and all(answer.right for answer in answers)

    def clean_up(self) -> None:
        """Remove what unfinished walks created, with the journey's own removals."""
        removals = [request for request in self._target.profile.journey if request.method == "DELETE"]
        for known in self._left_behind:
            for request in removals:
                if request.placeholders <= known.keys():
                    self._ask(request, known)
        self._left_behind.clear()

    def _ask(self, request: JourneyRequest, known: Mapping[str, str]) -> tuple[Served, dict[str, str]]:
        served, saved, _ = ask_for(self._target, self._door, request, known, fresh=self._fresh)
        return served, saved


def ask_for(
    target: Target,
    door: Doorway,
    request: JourneyRequest,
    known: Mapping[str, str],
    *,
    file: bytes | None = None,
    content_type: str = "",
    fresh: bool = True,
) -> tuple[Served, dict[str, str], Answer]:
    """Send one request, its placeholders filled from `known`: how it was answered, what it saves, the answer itself.

    A `file` is sent as the body, under its content type.
    """
    asked = clock()
    headers = target.headers(request.identity) if request.identity else {}
    answer = door.ask(
        request.method,
        str(filled(request.path, known)),
        json=filled(request.body, known) if file is None else None,
        body=file,
        headers=headers if file is None else {**headers, "Content-Type": content_type},
        timeout=target.profile.patience.answer,
        fresh=fresh,
    )
    saved = {name: value_at(answer.json(), key) for name, key in request.save.items()}
    fault = _fault(answer, request, known) or _unsaved(saved, request)
    writes = request.method != "GET"
    served = Served(request.name, asked, answer.seconds, answer.status, answer.instance, fault, writes)
    return served, {name: str(value) for name, value in saved.items() if value is not None}, answer


def _fault(answer: Answer, request: JourneyRequest, known: Mapping[str, str]) -> str:
    if answer.status == 0:
        return f"no answer: {answer.error}"
    if answer.status != request.expect_status:
        return f"status {answer.status} instead of {request.expect_status}: {_excerpt(answer)}"
    expected = filled(request.expect_json, known)
    if expected is not None and not contains(answer.json(), expected):
        return f"content without {expected}: {_excerpt(answer)}"
    return ""


def _unsaved(saved: Mapping[str, Any], request: JourneyRequest) -> str:
    missing = [request.save[name] for name, value in saved.items() if value is None]
    return f"content without {', '.join(missing)}" if missing else ""


def _excerpt(answer: Answer) -> str:
    return answer.body[:LONGEST_EXCERPT].decode("utf-8", "replace")


def value_at(document: Any, dotted: str) -> Any:
    """The value under a dotted key ("data.0.id"), None where there is none."""
    for part in dotted.split("."):
        if isinstance(document, list) and part.isdigit() and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return None
    return document
