"""What is required of copies, of those who try them out, and of what was built from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.drills.copying import Copy, Schedule, Tried
from readiness.drills.recovery import Mark, Restored
from readiness.drills.rehearsing import Rehearsals, Trial
from readiness.drills.retention import Kept
from readiness.drills.theft import Stranger, Theft
from readiness.matchers import copying, restored
from readiness.probes.holdings import Holdings, Table

COPY = Copy("1F", 100.0, 101.0, 1000)
SCHEDULE = Schedule(
    examined=3,
    age=60.0,
    came=(COPY, COPY),
    sizes=(1000, 1100),
    counted=(),
    believed=0.0,
    told_after=30.0,
    back=True,
)
GOOD = Trial("as it is", True, "")
BAD = Trial("cut short", False, "cannot be read")
DRILL = Tried("1F", 100.0, True, "acceptance")
REHEARSALS = Rehearsals(
    examined=5, untouched=GOOD, harmed=(BAD,), old=BAD, told_after=20.0, passed=DRILL, newest=("1F",),
    unasked=(replace(DRILL, by="schedule"),), looked=160.0, quiet=True,
)  # fmt: skip
THEFT = Theft(
    examined=10, files=7, planted_found=True, readable=(), lying_about=(), key_beside=(), right_key=True, wrong_key=False,
    keeper_reads=True, strangers=(Stranger("edge", ()),),
)  # fmt: skip
KEPT = Kept(
    examined=8, made=("1", "2", "3", "4"), failed=3, kept=2, after_good=("3", "4"), bad=("5", "6"), found_good=False,
    verified="4", after_bad=("3", "4", "5", "6"),
)  # fmt: skip
HOLDINGS = Holdings({"members": Table(3, "17")}, ("role whoop login t", "index members_pkey"))
RESTORED = Restored(
    examined=9, fault="", served_after=40.0, marks=(Mark(40.0, ""), Mark(20.0, ""), Mark(5.0, "gone")),
    original=HOLDINGS, found=HOLDINGS, tried=4,
)  # fmt: skip


@pytest.mark.parametrize(
    ("matcher", "seen"),
    [
        (copying.comes_by_itself(), SCHEDULE),
        (copying.counts_no_failure(), SCHEDULE),
        (copying.tells_of_failure(), SCHEDULE),
        (copying.finds_good_from_bad(), REHEARSALS),
        (copying.refuses_the_old(), REHEARSALS),
        (copying.is_written_down(), REHEARSALS),
        (copying.gives_a_thief_nothing(), THEFT),
        (copying.opens_with_its_key_only(), THEFT),
        (copying.is_out_of_reach(), THEFT),
        (copying.keeps_what_was_promised(), KEPT),
        (copying.never_loses_the_last_good(), KEPT),
        (restored.is_built_and_serves(), RESTORED),
        (restored.shares_nothing(), RESTORED),
        (restored.contacts_nobody(), RESTORED),
        (restored.holds_everything(), RESTORED),
        (restored.is_declared_alike(), RESTORED),
        (restored.lost_only_the_newest(), RESTORED),
    ],
)
def test_what_is_in_order_is_no_violation(matcher, seen) -> None:
    assert matcher.matches(seen)


@pytest.mark.parametrize(
    ("matcher", "seen"),
    [
        (copying.comes_by_itself(), replace(SCHEDULE, came=(COPY,))),
        (copying.comes_by_itself(), replace(SCHEDULE, sizes=(1000, 20))),
        (copying.comes_by_itself(), replace(SCHEDULE, sizes=(0, 0))),
        (copying.counts_no_failure(), replace(SCHEDULE, counted=("2F",))),
        (copying.counts_no_failure(), replace(SCHEDULE, believed=3.0)),
        (copying.counts_no_failure(), replace(SCHEDULE, back=False)),
        (copying.tells_of_failure(), replace(SCHEDULE, told_after=None)),
        (copying.finds_good_from_bad(), replace(REHEARSALS, untouched=replace(GOOD, good=False))),
        (copying.finds_good_from_bad(), replace(REHEARSALS, harmed=(replace(BAD, good=True),))),
        (copying.refuses_the_old(), replace(REHEARSALS, old=replace(BAD, good=True))),
        (copying.refuses_the_old(), replace(REHEARSALS, told_after=None)),
        (copying.refuses_the_old(), replace(REHEARSALS, quiet=False)),
        (copying.is_written_down(), replace(REHEARSALS, passed=None)),
        (copying.is_written_down(), replace(REHEARSALS, passed=replace(DRILL, backup=""))),
        (copying.is_written_down(), replace(REHEARSALS, unasked=(replace(DRILL, passed=False),))),
        (copying.gives_a_thief_nothing(), replace(THEFT, planted_found=False)),
        (copying.gives_a_thief_nothing(), replace(THEFT, readable=("/aside/dump",))),
        (copying.gives_a_thief_nothing(), replace(THEFT, lying_about=("/tmp/dump",))),
        (copying.gives_a_thief_nothing(), replace(THEFT, key_beside=("/aside/key",))),
        (copying.opens_with_its_key_only(), replace(THEFT, right_key=False)),
        (copying.opens_with_its_key_only(), replace(THEFT, wrong_key=True)),
        (copying.is_out_of_reach(), replace(THEFT, keeper_reads=False)),
        (
            copying.is_out_of_reach(),
            replace(THEFT, strangers=(Stranger("edge", ("listed /var/lib/backup",)),)),
        ),
        (copying.keeps_what_was_promised(), replace(KEPT, after_good=("4",))),
        (copying.keeps_what_was_promised(), replace(KEPT, after_good=("1", "2", "3", "4"))),
        (copying.never_loses_the_last_good(), replace(KEPT, after_bad=("5", "6"))),
        (restored.is_built_and_serves(), replace(RESTORED, fault="status 500")),
        (restored.shares_nothing(), replace(RESTORED, borrowed=("whoop_attachments",))),
        (restored.contacts_nobody(), replace(RESTORED, reached=("10.0.0.2:8025",))),
        (
            restored.holds_everything(),
            replace(RESTORED, found=replace(HOLDINGS, tables={"members": Table(3, "18")})),
        ),
        (restored.holds_everything(), replace(RESTORED, found=replace(HOLDINGS, tables={}))),
        (restored.holds_everything(), replace(RESTORED, file="other bytes")),
        (restored.holds_everything(), replace(RESTORED, fault="nothing restored", original=None, found=None)),
        (
            restored.is_declared_alike(),
            replace(RESTORED, found=replace(HOLDINGS, declared=("role whoop login t",))),
        ),
        (restored.lost_only_the_newest(), replace(RESTORED, marks=())),
        (restored.lost_only_the_newest(), replace(RESTORED, marks=(Mark(40.0, "gone"), Mark(20.0, "")))),
    ],
)
def test_what_is_amiss_is_a_violation(matcher, seen) -> None:
    assert not matcher.matches(seen)


def test_what_is_lost_counts_from_the_newest_that_came_back() -> None:
    assert RESTORED.lost == 20.0
    assert replace(RESTORED, marks=()).lost > 60.0


def test_only_a_good_rehearsal_is_a_recent_one() -> None:
    assert REHEARSALS.last_unasked == 60.0
