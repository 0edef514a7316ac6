"""The search in the logs of all parts, as operators use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from readiness.config.logs import Search
from readiness.core.errors import CannotLook

ANSWERS_IN = 30.0
MOST = 10_000


@dataclass(frozen=True)
class Found:
    """A line that was found. `at`: Unix seconds; `request`: "" where it belongs to none; `fields`: None where it is no JSON."""

    at: float
    service: str
    level: str
    request: str
    line: str
    fields: Mapping[str, Any] | None


@dataclass(frozen=True)
class Sought:
    """What is asked for; all of it must hold. Times: Unix seconds. `fields`: dotted name -> value as text."""

    text: str = ""
    service: str = ""
    container: str = ""
    level: str = ""
    request: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    since: float = 0.0
    until: float | None = None
    archived: bool = False
    limit: int = MOST


class LogSearch:
    """One search. CannotLook when it does not answer, or not as the profile says."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def find(self, sought: Sought) -> tuple[Found, ...]:
        """The lines that fit, the newest first."""
        parameters = parameters_of(self._search, sought)
        try:
            answer = requests.get(self._search.url, params=parameters, timeout=ANSWERS_IN)
            answer.raise_for_status()
            return tuple(self._found(each) for each in answer.json()[self._search.answer.lines])
        except (requests.RequestException, ValueError, KeyError, TypeError) as problem:
            raise CannotLook(
                f"the search in the logs {self._search.url} cannot be used: {problem}"
            ) from problem

    def refuses(self, parameters: Mapping[str, str]) -> bool:
        """Whether a question that it does not know is refused instead of answered."""
        try:
            return requests.get(self._search.url, params=parameters, timeout=ANSWERS_IN).status_code == 400
        except requests.RequestException as problem:
            raise CannotLook(
                f"the search in the logs {self._search.url} does not answer: {problem}"
            ) from problem

    def _found(self, told: Mapping[str, Any]) -> Found:
        names = self._search.answer
        return Found(
            at=datetime.fromisoformat(told[names.at]).timestamp(),
            service=told[names.service],
            level=told[names.level],
            request=told[names.request] or "",
            line=told[names.line],
            fields=told[names.fields],
        )


def parameters_of(search: Search, sought: Sought) -> dict[str, str]:
    """The question in the search's own words."""
    ask = search.ask
    given = {
        ask.text: sought.text, ask.service: sought.service, ask.container: sought.container, ask.level: sought.level,
        ask.request: sought.request, ask.since: f"{sought.since:.6f}", ask.limit: str(sought.limit),
        ask.until: "" if sought.until is None else f"{sought.until:.6f}",
    }  # fmt: skip
    fields = {ask.field.replace("{name}", name): value for name, value in sought.fields}
    return (
        {name: value for name, value in given.items() if value}
        | fields
        | dict(ask.archived if sought.archived else {})
    )
