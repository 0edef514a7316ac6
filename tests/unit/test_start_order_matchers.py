"""What is required of parts that start in any order, all at once, or once more, on plain facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from readiness.drills.dependencies import Recoveries, Recovery
from readiness.drills.first_start import ColdStart, FirstStart
from readiness.matchers.start_order import (
    come_up_together,
    comes_up_by_itself,
    get_over_crashes,
    leave_each_other_alone,
    migrate_once,
)
from readiness.probes.database import Contents
from readiness.probes.migrations import IN_THE_WAY
from readiness.targets.platform import Ended

GONE = Ended("task-1", exit_code=1, out_of_memory=False, message="failed: task: non-zero exit (1)")
COLD = ColdStart(examined=1, alone=60.0, ended=(), ready=True, ready_after=8.0, fault="")
CONTENTS = Contents(("r orders", "i orders_key"), (("orders", 0), ("sizes", 5)), ("0001", "0002"))
FIRST = FirstStart(
    examined=5, copies=3, ready=3, ready_after=9.0, ended=(), conflicts=(), found=CONTENTS, expected=CONTENTS
)
RECOVERY = Recovery("keeper", "a", 6.0, "", replaced=False)


def told(matcher: Matcher, seen: object) -> str:
    assert not matcher.matches(seen)
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


def recoveries(*each: Recovery) -> Recoveries:
    return Recoveries(examined=len(each), recoveries=each)


def test_what_comes_up_is_in_order_however_often_it_had_ended() -> None:
    assert comes_up_by_itself().matches(COLD)
    assert comes_up_by_itself().matches(replace(COLD, ended=(GONE,) * 12))


def test_a_copy_that_gave_up_is_missed_with_its_last_words() -> None:
    words = told(comes_up_by_itself(), replace(COLD, ready=False, ready_after=90.0, ended=(GONE,) * 4))
    assert "copies ended 4 times: required ready" in words
    assert "not ready after 90 s (last: failed: task: non-zero exit (1), exit code 1)" in words


def test_a_copy_that_is_ready_and_serves_nobody_is_missed() -> None:
    assert "status 503" in told(comes_up_by_itself(), replace(COLD, fault="order: status 503 instead of 201"))


def test_copies_that_migrate_once_are_in_order() -> None:
    for matcher in (come_up_together(), leave_each_other_alone(), migrate_once()):
        assert matcher.matches(FIRST)


def test_copies_that_fail_on_the_way_or_never_arrive_are_missed() -> None:
    assert "required none that fails; observed 1 ended" in told(
        come_up_together(), replace(FIRST, ended=(GONE,))
    )
    assert "observed 2 after 90 s" in told(come_up_together(), replace(FIRST, ready=2, ready_after=90.0))


def test_what_the_database_refused_one_copy_because_of_another_is_named() -> None:
    line = 'ERROR: relation "orders" already exists'
    assert line in told(leave_each_other_alone(), replace(FIRST, conflicts=(line,)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"migrations": ("0001", "0002", "0002")}, "migration 0002: required run once; observed run 2 times"),
        ({"migrations": ("0001",)}, "fewer: 0002"),
        ({"relations": (*CONTENTS.relations, "i orders_key1")}, "more: i orders_key1"),
        (
            {"rows": (("orders", 0), ("sizes", 15))},
            "table sizes: required 5 rows, as with one copy alone; observed 15",
        ),
    ],
)
def test_whatever_is_there_more_than_once_is_named(change: dict[str, object], words: str) -> None:
    assert words in told(migrate_once(), replace(FIRST, found=replace(CONTENTS, **change)))


def test_an_empty_database_and_one_without_comparison_show_nothing() -> None:
    empty = Contents((), (), ())
    assert "required tables; observed none" in told(
        migrate_once(), replace(FIRST, found=empty, expected=empty)
    )
    assert "it did not become ready" in told(migrate_once(), replace(FIRST, expected=None))


@pytest.mark.parametrize(
    ("line", "conflict"),
    [
        ('17:01 user=shop ERROR:  relation "orders" already exists', True),
        ('ERROR:  duplicate key value violates unique constraint "pg_type_typname_nsp_index"', True),
        ("ERROR:  deadlock detected", True),
        ('ERROR:  relation "alembic_version" does not exist at character 30', False),
        ("LOG:  database system is ready to accept connections", False),
    ],
)
def test_only_refusals_because_of_somebody_else_count(line: str, conflict: bool) -> None:
    assert bool(IN_THE_WAY.search(line)) is conflict


def test_copies_that_get_over_a_crash_are_in_order() -> None:
    seen = recoveries(RECOVERY, replace(RECOVERY, seconds=9.0))
    assert get_over_crashes().matches(seen)
    assert seen.slowest == 9.0


def test_copies_that_do_not_are_named_and_so_are_those_that_were_replaced() -> None:
    seen = recoveries(
        replace(RECOVERY, fault="order: status 503"), replace(RECOVERY, instance="b", replaced=True)
    )
    words = told(get_over_crashes(), seen)
    assert "copy a after the crash of keeper: required the right answers" in words
    assert "copy b after the crash of keeper: required still the same container" in words
