"""Which lines are asked for: a question as people write it, as a condition for the store, and as one for lines of an archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

MOST = 10_000
USUAL = 500
LAST = timedelta(days=1)  # how far back is looked where nobody says since when
FIELD = "field."
NAMES = ("text", "service", "container", "level", "request_id", "since", "until", "limit", "archived")


class NotUnderstood(ValueError):
    """The question has a word or a value that nobody knows."""


@dataclass(frozen=True)
class Question:
    """Conditions that all hold. `fields`: dotted name of a field of the line -> its value, as text."""

    since: datetime
    until: datetime
    equal: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    limit: int = USUAL
    archived: bool = False

    def condition(self) -> tuple[str, list[object]]:
        """For the store: SQL and its values."""
        parts, values = ["at >= %s", "at < %s"], [self.since, self.until]
        for name, value in self.equal.items():
            parts.append(f"{name} = %s")
            values.append(value)
        if self.text:
            parts.append(r"line ILIKE %s ESCAPE '\'")
            values.append(f"%{_literally(self.text)}%")
        for name, value in self.fields.items():
            parts.append("fields @> ANY (%s::jsonb[])")
            values.append([json.dumps(each) for each in _nested(name, value)])
        return " AND ".join(parts), values

    def fits(self, line: Mapping[str, object]) -> bool:
        """Whether a line of an archive is asked for."""
        at = datetime.fromisoformat(str(line["at"]))
        return (
            self.since <= at < self.until
            and all(line.get(name) == value for name, value in self.equal.items())
            and self.text.lower() in str(line["line"]).lower()
            and all(
                any(_holds(line.get("fields"), each) for each in _nested(name, value))
                for name, value in self.fields.items()
            )
        )


def question_of(asked: Iterable[tuple[str, str]], now: datetime) -> Question:
    """Raises NotUnderstood: a misspelt condition must not find everything."""
    told = dict(asked)
    unknown = [name for name in told if name not in NAMES and not name.startswith(FIELD)]
    if unknown:
        raise NotUnderstood(f"unknown: {', '.join(unknown)}; known: {', '.join(NAMES)}, {FIELD}NAME")
    return Question(
        since=_time(told["since"]) if "since" in told else now - LAST,
        until=_time(told["until"]) if "until" in told else now + LAST,
        equal={name: told[name] for name in ("service", "container", "level", "request_id") if name in told},
        text=told.get("text", ""),
        fields={name.removeprefix(FIELD): value for name, value in told.items() if name.startswith(FIELD)},
        limit=_limit(told.get("limit", str(USUAL))),
        archived=told.get("archived", "false") == "true",
    )


def _time(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        pass
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(f"{text!r} is no time: ISO 8601, or seconds since 1970") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _limit(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise NotUnderstood(f"limit must be a number from 1 to {MOST}, and is {text!r}")
    return int(text)


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _nested(name: str, value: str) -> Iterator[dict[str, object]]:
    """What the fields hold when this one has that value: as text, or as the number or truth value that it may be."""
    meant: list[object] = [value]
    try:
        if not isinstance(told := json.loads(value), str):
            meant.append(told)
    except ValueError:
        pass
    for each in meant:
        for part in reversed(name.split(".")):
            each = {part: each}
        yield each


def _holds(fields: object, part: object) -> bool:
    if isinstance(part, dict):
        return isinstance(fields, dict) and all(
            name in fields and _holds(fields[name], each) for name, each in part.items()
        )
    return fields == part and isinstance(fields, bool) == isinstance(part, bool)
