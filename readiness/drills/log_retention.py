"""Whether lines can be searched, had from the archive, and are nowhere any more, each for as long as promised."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from readiness.config.logs import Logs
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.log_writers import logs_of, search_of
from readiness.harness.undo import UndoStack
from readiness.targets.log_search import LogSearch, Sought
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

SIGNS = "all of it: 100 % ä_b \\ {}"
ANSWERS_IN = 30.0
LOOKS = 3  # times the keeper's own interval after which what is over has to be gone
EVERY = 1.0


@dataclass(frozen=True)
class Aged:
    """A line that was written so many days ago: what has to become of it, and where it was found when the keeper had looked."""

    days: int
    searchable_must: bool
    archived_must: bool
    searchable: bool
    archived: bool


@dataclass(frozen=True, kw_only=True)
class LogsKept(Observation):
    """Lines of many ages. Examined: lines. `policy`: days for which lines are searchable, and for which they are archived."""

    policy: tuple[int, int]
    lines: tuple[Aged, ...]
    found_before: int


def let_lines_age(target: Target, undo: UndoStack) -> LogsKept:
    """Put lines of former days into the store, and see where they are when what is over has had time to go by itself."""
    logs, platform, search = logs_of(target), target.platform, search_of(target)
    policy = logs.retention
    today = _today()
    mark = secrets.token_hex(8)
    ages = (
        1, policy.searchable, policy.searchable + 1, policy.searchable + 2, policy.archived, policy.archived + 1,
        policy.archived + 30,
    )  # fmt: skip
    store = _copy(platform, logs.store)
    undo.owe("run_in_service", service=logs.store, argv=_filled(policy.clear, mark=mark))
    undo.owe("run_in_service", service=policy.kept_by, argv=_filled(policy.clear_archive, mark=mark))
    found_before = 0
    for days in ages:
        _planted(platform, store, logs, mark, days, today - timedelta(days=days))
        found_before += bool(_searchable(search, mark, days))

    def look() -> tuple[Aged, ...]:
        return tuple(_aged(search, logs, mark, days) for days in ages)

    waited = wait_until(
        look,
        lambda seen: all(_is_as_promised(each) for each in seen),
        patience=LOOKS * policy.looks_every,
        every=EVERY,
    )
    if _today() != today:
        raise CannotLook(
            "a new day (UTC) began meanwhile, so each line is a day older than it was meant to be; run it again"
        )
    return LogsKept(
        examined=len(ages),
        policy=(policy.searchable, policy.archived),
        lines=waited.last,
        found_before=found_before,
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _copy(platform: Platform, service: str) -> Replica:
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} runs")
    return copies[0]


def _planted(platform: Platform, store: Replica, logs: Logs, mark: str, days: int, day: date) -> None:
    argv = _filled(logs.retention.plant, day=day.isoformat(), line=text_of(mark, days))
    ran = platform.run_inside(store.id, argv, timeout=ANSWERS_IN)
    if ran.exit_code != 0:
        raise CannotLook(f"no line of {day} can be put into {store.service}: {ran.output.strip()[-300:]}")


def _filled(command: Sequence[str], **values: str) -> list[str]:
    filled = list(command)
    for name, value in values.items():
        filled = [part.replace(f"{{{name}}}", value) for part in filled]
    return filled


def text_of(mark: str, days: int) -> str:
    """What the line of an age says."""
    return f"{mark} {days} days old, {SIGNS}"


def _searchable(search: LogSearch, mark: str, days: int) -> bool:
    return any(each.line == text_of(mark, days) for each in search.find(Sought(text=f"{mark} {days} days")))


def _aged(search: LogSearch, logs: Logs, mark: str, days: int) -> Aged:
    archived = search.find(Sought(text=f"{mark} {days} days", archived=True))
    return Aged(
        days=days,
        searchable_must=days <= logs.retention.searchable,
        archived_must=logs.retention.searchable < days <= logs.retention.archived,
        searchable=_searchable(search, mark, days),
        archived=any(each.line == text_of(mark, days) for each in archived),
    )


def _is_as_promised(aged: Aged) -> bool:
    return (aged.searchable, aged.archived) == (aged.searchable_must, aged.archived_must)
