"""Waiting reports how long it really took and what was seen last; it judges nothing."""

from readiness.core.waiting import clock, wait_until


def test_ends_as_soon_as_the_condition_holds():
    numbers = iter(range(100))

    waited = wait_until(lambda: next(numbers), lambda n: n == 3, patience=5, every=0.001)

    assert (waited.happened, waited.last, waited.looks) == (True, 3, 4)
    assert waited.seconds < 1


def test_gives_up_when_patience_is_over_and_says_what_it_saw():
    waited = wait_until(lambda: "starting", lambda seen: seen == "healthy", patience=0.02, every=0.005)

    assert not waited.happened
    assert waited.last == "starting"
    assert waited.seconds >= 0.02


def test_looks_at_least_once():
    assert wait_until(lambda: 1, lambda _: True, patience=0).looks == 1


def test_counts_from_an_earlier_moment_when_told():
    waited = wait_until(lambda: 1, lambda _: True, patience=1, since=clock() - 10)

    assert 10 <= waited.seconds < 11
