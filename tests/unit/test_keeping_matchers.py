"""What is required of what keeps data, on plain facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from readiness.drills.entrusting import ReadBack
from readiness.drills.keeping import CRASH, DEPLOYMENT, REPLACEMENT, Places, Survival, Trial, Written
from readiness.matchers.keeping import (
    give_the_file_back_later,
    keep_data_where_it_lasts,
    keep_every_record,
    keep_the_file,
    write_only_to_volumes,
)
from readiness.probes.database import Keeping, Setting
from readiness.targets.platform import Store

SAFE = Keeping(
    service="keeper",
    stores=(Store("/data", "a volume", "goods", outlives=True),),
    settings=(
        Setting("fsync", "on", "the server"),
        Setting("synchronous_commit", "remote_write", "role shop"),
    ),
    not_logged=(),
)
PLACES = Places(examined=4, database=SAFE, later_copy="", written=())
ALL_THERE = ReadBack(records=20, missing=0, lost=(), file="")
SURVIVAL = Survival(
    examined=63,
    confirmed=20,
    trials=tuple(Trial(name, 5.0, ALL_THERE, "") for name in (CRASH, REPLACEMENT, DEPLOYMENT)),
)


def told(matcher: Matcher, seen: object) -> str:
    assert not matcher.matches(seen)
    words = StringDescription()
    matcher.describe_mismatch(seen, words)
    return str(words)


def with_last(trial: Trial) -> Survival:
    return replace(SURVIVAL, trials=(*SURVIVAL.trials[:2], trial))


def test_what_lasts_is_in_order() -> None:
    for matcher in (keep_data_where_it_lasts(), give_the_file_back_later(), write_only_to_volumes()):
        assert matcher.matches(PLACES)
    assert keep_every_record().matches(SURVIVAL)
    assert keep_the_file().matches(SURVIVAL)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stores": (Store("/data", "memory", "/data", outlives=False),)}, "/data lies on memory"),
        ({"stores": ()}, "it names none"),
        ({"settings": (Setting("fsync", "off", "the server"),)}, "fsync is off for the server"),
        ({"settings": (Setting("synchronous_commit", "off", "role shop"),)}, "is off for role shop"),
        ({"not_logged": ("orders",)}, "table orders is not logged"),
    ],
)
def test_every_danger_to_the_data_is_named(change: dict[str, object], words: str) -> None:
    assert words in told(keep_data_where_it_lasts(), replace(PLACES, database=replace(SAFE, **change)))


def test_a_file_that_a_later_copy_does_not_know_is_missed() -> None:
    seen = replace(PLACES, later_copy="download: status 404 instead of 200")
    assert "status 404" in told(give_the_file_back_later(), seen)


def test_whatever_is_written_beside_volumes_is_named() -> None:
    seen = replace(PLACES, written=(Written("shop", "a", "/srv/uploads/1"),))
    assert "copy a of shop: required nothing written in its own container; observed /srv/uploads/1" in told(
        write_only_to_volumes(), seen
    )


def test_lost_records_are_counted_and_a_lost_file_is_another_matter() -> None:
    lost = Trial(DEPLOYMENT, 5.0, ReadBack(20, 3, ("read: status 404 instead of 200",), ""), "")
    assert "after a new deployment" in told(keep_every_record(), with_last(lost))
    assert "3 of them not as written (read: status 404" in told(keep_every_record(), with_last(lost))
    assert keep_the_file().matches(with_last(lost))


def test_a_changed_file_is_missed() -> None:
    changed = Trial(DEPLOYMENT, 5.0, replace(ALL_THERE, file="12 bytes with another content"), "")
    assert "12 bytes with another content" in told(keep_the_file(), with_last(changed))


@pytest.mark.parametrize(
    "trials", [SURVIVAL.trials[:2], (*SURVIVAL.trials[:2], Trial(DEPLOYMENT, 0.0, None, "not tried"))]
)
def test_what_was_not_tried_is_not_survived(trials: tuple[Trial, ...]) -> None:
    for matcher in (keep_every_record(), keep_the_file()):
        assert "a new deployment: required gone through" in told(matcher, replace(SURVIVAL, trials=trials))
