"""What is required of those who watch the database."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.core.budgets import Budget
from readiness.drills.database_trouble import DatabaseTrouble
from readiness.drills.wrong_password import LockedOut
from readiness.matchers.capacity import wrong_moments
from readiness.matchers.meters import untrue
from readiness.matchers.requirement import Requirement, Violation, requires


def is_reported_truly(tolerance: Budget) -> Requirement[DatabaseTrouble]:
    """What is reported of the database's sessions is what the database says itself."""
    return requires(
        f"what is reported of the database is what it says itself, within {tolerance.sentence()}",
        lambda seen: (each for one in seen.compared for each in untrue(one, tolerance.limit.value)),
    )


def raises_its_alarms() -> Requirement[DatabaseTrouble]:
    """Each trouble is seen by its alarm, which names the database."""
    return requires("the alarms see the trouble and name the database", _unraised)


def is_told_of() -> Requirement[LockedOut]:
    """An exporter that cannot log in says so, and the alarm comes of it."""
    return requires("the alarm comes when monitoring cannot log in to the database", _unnoticed)


def _unraised(seen: DatabaseTrouble) -> Iterator[Violation]:
    for each in seen.raised:
        if not each.exists:
            yield Violation(
                each.alarm, "a rule of that name", "none", "add it, or correct the profile (meters)"
            )
        elif each.after is None:
            yield Violation(
                each.alarm, "pending during the trouble", "it saw nothing",
                "see which series and labels its expression looks at",
            )  # fmt: skip
        elif each.named != seen.service:
            yield Violation(
                each.alarm,
                f"service {seen.service} is named",
                each.named or "no service",
                "label the series or the rule",
            )


def _unnoticed(seen: LockedOut) -> Iterator[Violation]:
    if seen.running != 1:
        yield Violation(f"{seen.series} of the running exporter", "1", str(seen.running), "let it log in")
    if seen.locked_out is None:
        yield Violation(
            f"{seen.series} of an exporter with a wrong password",
            "a value",
            "none",
            "let it answer without the database",
        )
    elif seen.tried is None:
        yield Violation(seen.alarm, "a rule of that name", "none", "add it, or correct the profile (meters)")
    else:
        yield from wrong_moments(seen.tried)
