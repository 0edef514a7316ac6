"""Who is on duty when: read from a file whose times are those of a clock on the wall, daylight saving included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_MONDAY = date(1970, 1, 5)


class WrongSchedule(ValueError):
    """The file says something that makes no sense; the message says where."""


@dataclass(frozen=True)
class Person:
    """Somebody who can be called."""

    id: str
    name: str
    phone: str
    mail: str


@dataclass(frozen=True)
class Policy:
    """When who is called next, in minutes after the first call; how long an acknowledgement holds while the problem lasts.

    `joins`: within how many minutes after its end a problem that comes back joins its old incident. `review`: in how many days
    after its end a serious incident must have been reviewed.
    """

    next_after: tuple[float, ...]
    acknowledgement_holds: float
    joins: float
    review: float


@dataclass(frozen=True)
class Shift:
    """Begins on `days` at `begins` and ends at `ends`, next day if that is not later. The first called changes every week."""

    days: frozenset[int]
    begins: time
    ends: time
    rotation: tuple[str, ...]

    def turn(self, day: date) -> tuple[str, ...]:
        """Those on duty in the shift that begins on `day`, in the order in which they are called."""
        week = (day - FIRST_MONDAY).days // 7 % len(self.rotation)
        return self.rotation[week:] + self.rotation[:week]


@dataclass(frozen=True)
class Duty:
    """From one instant to another (UTC) these are on duty, in the order in which they are called; nobody: a hole."""

    begins: datetime
    ends: datetime
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Schedule:
    """The whole file."""

    zone: ZoneInfo
    people: dict[str, Person]
    shifts: tuple[Shift, ...]
    policy: Policy

    def between(self, begins: datetime, ends: datetime) -> list[Duty]:
        """Who is on duty from one instant to another, without a gap: where nobody is, `people` is empty."""
        found, at = [], begins
        for duty in sorted(self._shifts(begins, ends), key=lambda each: each.begins):
            if duty.begins > at:
                found.append(Duty(at, duty.begins, ()))
                at = duty.begins
            until = min(duty.ends, ends)
            if until > at:
                found.append(Duty(at, until, duty.people))
                at = until
        return [*found, Duty(at, ends, ())] if at < ends else found

    def at(self, instant: datetime) -> tuple[Person, ...]:
        """Who is on duty at an instant. Where nobody is, everybody is called: a hole in a file is no reason for silence."""
        (duty,) = self.between(instant, instant + timedelta(microseconds=1))
        return duty.people or tuple(self.people.values())

    def holes(self, begins: datetime, ends: datetime) -> list[Duty]:
        """When nobody is on duty."""
        return [each for each in self.between(begins, ends) if not each.people]

    def _shifts(self, begins: datetime, ends: datetime) -> Iterator[Duty]:
        day, last = begins.astimezone(self.zone).date() - timedelta(days=1), ends.astimezone(self.zone).date()
        while day <= last:
            for shift in self.shifts:
                if day.weekday() in shift.days:
                    end = day if shift.ends > shift.begins else day + timedelta(days=1)
                    duty = Duty(
                        self._instant(day, shift.begins), self._instant(end, shift.ends),
                        tuple(self.people[each] for each in shift.turn(day)),
                    )  # fmt: skip
                    if duty.ends > begins and duty.begins < ends:
                        yield duty
            day += timedelta(days=1)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def read(path: Path) -> Schedule:
    """The schedule in a file. WrongSchedule, OSError."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        people = {key: Person(key, **value) for key, value in told["people"].items()}
        policy = told["policy"]
        return Schedule(
            zone=ZoneInfo(told["timezone"]),
            people=people,
            shifts=tuple(_shift(each, people) for each in told["shifts"]),
            policy=Policy(
                next_after=tuple(float(each) for each in policy["next_person_after_minutes"]),
                acknowledgement_holds=float(policy["acknowledgement_holds_minutes"]),
                joins=float(policy["joins_within_minutes"]),
                review=float(policy["review_within_days"]),
            ),
        )
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as problem:
        raise WrongSchedule(f"{path}: {type(problem).__name__}: {problem}") from problem


def _shift(told: dict[str, Any], people: Sequence[str] | dict[str, Person]) -> Shift:
    rotation = tuple(told["rotation"])
    strangers = [each for each in rotation if each not in people]
    if strangers or not rotation:
        raise ValueError(f"a shift names {', '.join(strangers) or 'nobody'}, known are {', '.join(people)}")
    return Shift(
        days=frozenset(DAYS.index(each) for each in told.get("days", DAYS)),
        begins=time.fromisoformat(told["from"]),
        ends=time.fromisoformat(told["until"]),
        rotation=rotation,
    )
