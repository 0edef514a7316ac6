"""Whether lines are found by whatever is known of them, and no others; and all lines of one request."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.log_writers import Says, logs_of, search_of, start_writer
from readiness.harness.undo import UndoStack
from readiness.targets.log_search import Found, LogSearch, Sought
from readiness.targets.target import Target

ONE, OTHER = "readiness-log-one", "readiness-log-other"
PATIENCE = 60.0
EVERY = 0.3
LINES = (  # who writes it, and what; {mark} is the same in all of them
    (ONE, {"message": "{mark} paid", "level": "info", "request_id": "{mark}-a", "status": 200, "paid": True}),
    (
        ONE,
        {
            "message": "{mark} PAID TWICE",
            "level": "warning",
            "request_id": "{mark}-b",
            "status": 2000,
            "paid": False,
        },
    ),
    (
        ONE,
        {
            "message": "{mark} 100% of a_b",
            "level": "debug",
            "request_id": "{mark}-b",
            "who": {"name": "O'Neill", "id": "7"},
        },
    ),
    (OTHER, {"message": "{mark} paid", "level": "info", "request_id": "{mark}-a", "status": "200"}),
    (OTHER, {"message": "{mark} 100 of aXb", "level": "warning", "who": {"name": "ONeill", "id": 7}}),
    (OTHER, "{mark} plain words, paid, request_id {mark}-a, status 200"),
)
TIMES_APART = 0.05


@dataclass(frozen=True)
class Asked:
    """One question: the lines (by their number) that fit it, and those that were found. `others`: found, and none of ours."""

    words: str
    fit: tuple[int, ...]
    found: tuple[int, ...]
    others: int = 0


@dataclass(frozen=True, kw_only=True)
class FoundByEverything(Observation):
    """What each question found. Examined: questions. `misspelt_refused`: a condition that nobody knows is not ignored."""

    asked: tuple[Asked, ...]
    misspelt_refused: bool


@dataclass(frozen=True, kw_only=True)
class RequestTraced(Observation):
    """The services that wrote lines of a customer's request, by what the search found. Examined: requests.

    `passes`: those that had to. `told_it`: for each, how many lines of the request, and of an other request at the same time.
    """

    request: str
    passes: tuple[str, ...]
    lines: tuple[tuple[str, int], ...]
    foreign: tuple[str, ...]


def ask_in_every_way(target: Target, undo: UndoStack) -> FoundByEverything:
    """Have lines written that differ in one thing each, and ask for them by each thing."""
    search = search_of(target)
    mark = secrets.token_hex(8)
    texts = [text if isinstance(text, str) else json.dumps(text) for _, text in LINES]
    written = [text.replace("{mark}", mark) for text in texts]
    writers = [
        start_writer(
            target,
            undo,
            name,
            [
                Says(line, every=TIMES_APART)
                for line, (who, _) in zip(written, LINES, strict=True)
                if who == name
            ],
        )
        for name in (ONE, OTHER)
    ]
    waited = wait_until(
        lambda: search.find(Sought(text=mark)),
        lambda seen: len(seen) >= len(LINES),
        patience=PATIENCE,
        every=EVERY,
    )
    if not waited.happened:
        raise CannotLook(
            f"only {len(waited.last)} of {len(LINES)} lines are found at all, so no question can be tried"
        )
    asked = tuple(
        _asked(search, words, fit, sought, written, mark)
        for words, fit, sought in questions(mark, waited.last)
    )
    for writer in writers:
        undo.settle(writer.undo)
    return FoundByEverything(
        examined=len(asked) + 1,
        asked=asked,
        misspelt_refused=search.refuses({"readiness-no-such-condition": mark}),
    )


def questions(mark: str, all_found: tuple[Found, ...]) -> Iterator[tuple[str, tuple[int, ...], Sought]]:
    """Words for each question, which of LINES fit it, and the question."""
    second = next(each.at for each in all_found if "PAID TWICE" in each.line)
    yield "its text", (0, 1, 2, 3, 4, 5), Sought(text=mark)
    yield "its text, in other letters", (1,), Sought(text=f"{mark} paid twice")
    yield "signs that mean something elsewhere", (2,), Sought(text=f"{mark} 100% of a_b")
    yield "its service", (0, 1, 2), Sought(text=mark, service=ONE)
    yield "its level", (1, 4), Sought(text=mark, level="warning")
    yield "its request", (0, 3), Sought(request=f"{mark}-a")
    yield "its service and its request", (0,), Sought(service=ONE, request=f"{mark}-a")
    yield "a number among its fields", (0, 3), Sought(text=mark, fields=(("status", "200"),))
    yield "a truth among its fields", (0,), Sought(text=mark, fields=(("paid", "true"),))
    yield "a field within a field", (2,), Sought(text=mark, fields=(("who.name", "O'Neill"),))
    yield "two fields at once", (2,), Sought(text=mark, fields=(("who.name", "O'Neill"), ("who.id", "7")))
    yield "the time from which on it was written", (1, 2), Sought(text=mark, service=ONE, since=second)
    yield "the time before which it was written", (0,), Sought(text=mark, service=ONE, until=second)
    yield "what is in no line", (), Sought(text=f"{mark} refunded")


def _asked(
    search: LogSearch, words: str, fit: tuple[int, ...], sought: Sought, written: list[str], mark: str
) -> Asked:
    found = search.find(sought)
    by_service = [(each.service, each.line) for each in found]
    numbers = [
        number
        for number, ((who, _), line) in enumerate(zip(LINES, written, strict=True))
        for seen in by_service
        if seen == (who, line)
    ]
    return Asked(words, fit, tuple(sorted(numbers)), sum(mark not in each.line for each in found))


def trace_a_request(target: Target) -> RequestTraced:
    """Send a customer's request and another one, and ask for the lines of the first."""
    traced, search = logs_of(target).traced, search_of(target)
    if target.profile.exposure is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which header names a request (exposure.request_id)."
        )
    header = target.profile.exposure.request_id
    request, foreign = (_identity(target, header) for _ in range(2))

    def look() -> tuple[Found, ...]:
        return search.find(Sought(request=request))

    waited = wait_until(
        look,
        lambda found: set(traced.passes) <= {each.service for each in found},
        patience=PATIENCE,
        every=EVERY,
    )
    services = [each.service for each in waited.last]
    return RequestTraced(
        examined=len(traced.passes),
        request=request,
        passes=traced.passes,
        lines=tuple((name, services.count(name)) for name in sorted({*services, *traced.passes})),
        foreign=tuple(each.line for each in waited.last if request not in each.line or foreign in each.line),
    )


def _identity(target: Target, header: str) -> str:
    asked = logs_of(target).traced.request
    answer = target.door.ask(
        asked.method,
        asked.path,
        headers=target.headers(asked.identity) if asked.identity else {},
        timeout=target.profile.patience.answer,
    )
    named = {name.lower(): value for name, value in (answer.headers or {}).items()}.get(header.lower(), "")
    if answer.status != asked.expect_status or not re.fullmatch(r"\S+", named):
        raise CannotLook(
            f"{asked.method} {asked.path} was answered with {answer.status or answer.error} without {header}, so it is not traced"
        )
    return named
