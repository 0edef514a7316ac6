"""What the health monitor takes for out of the ordinary, on plain numbers."""

from datetime import date, timedelta
from uuid import UUID

from whoop_service.health_monitor import LEAST_DAYS, Day, compare

MEMBER = UUID("5517aca7-beda-8a8e-8241-966dc6a853b9")
FIRST = date(2025, 3, 1)


def days_of(metric: str, *values: float) -> list[Day]:
    return [Day(metric, FIRST + timedelta(days=number), value) for number, value in enumerate(values)]


def test_a_day_far_from_the_days_before_it_is_told_with_what_was_usual() -> None:
    seen = compare(MEMBER, days_of("strain", 9, 11, 9, 11, 9, 11, 9, 11, 20))
    [found] = seen.deviations
    assert (found.metric, found.day, found.value) == ("strain", FIRST + timedelta(days=8), 20)
    assert 7 < found.usual_from < 9 < 11 < found.usual_to < 13
    assert (seen.member_id, seen.days_compared) == (MEMBER, 2)


def test_usual_days_are_compared_and_not_told() -> None:
    seen = compare(MEMBER, days_of("strain", *[9, 11] * 10))
    assert (seen.deviations, seen.days_compared) == ([], 20 - LEAST_DAYS)


def test_too_few_days_before_say_nothing() -> None:
    assert compare(MEMBER, days_of("strain", *[10] * (LEAST_DAYS - 1), 99)).days_compared == 0


def test_metrics_are_compared_with_themselves_and_told_oldest_first() -> None:
    strain = days_of("strain", 9, 11, 9, 11, 9, 11, 9, 11, 9, 30)
    asleep = days_of("hours_asleep", 7, 8, 7, 8, 7, 8, 7, 8, 2)
    told = [(each.metric, each.day.day) for each in compare(MEMBER, strain + asleep).deviations]
    assert told == [("hours_asleep", 9), ("strain", 10)]


def test_a_day_is_compared_with_the_thirty_days_before_it_only() -> None:
    long_ago, lately = [100.0, 0.0] * 20, [10.0, 11.0] * 15
    assert [
        each.value for each in compare(MEMBER, days_of("strain", *long_ago, *lately, 15.0)).deviations
    ] == [15.0]
