"""What is required of limits, neighbours and customers, judged on plain facts."""

from __future__ import annotations

from dataclasses import replace

from hamcrest.core.string_description import StringDescription

from readiness.drills.outage import Outage, Readiness
from readiness.drills.overeating import Overeating
from readiness.matchers.copies import (
    copies_step_aside_alive,
    customers_are_refused_or_served,
    every_customer_is_served,
    neighbours_are_left_alone,
)
from readiness.matchers.limits import ends_for_want_of_memory, every_copy_is_limited
from readiness.probes.copies import CopyLimits, LimitsInForce
from readiness.targets.platform import Ended, Limits
from tests.unit.deployment_facts import KILLED, LIMITS, MEBIBYTE, a_copy, a_service, an_answer

TWO = (a_copy("a"), a_copy("b"))
OVEREATING = Overeating(
    examined=1,
    limits=LIMITS,
    asked=615 * MEBIBYTE,
    ended=(KILLED,),
    started_again=True,
    before=TWO,
    after=TWO,
    visits=(an_answer(),),
)
OUTAGE = Outage(
    examined=1,
    dependency="database",
    away=20,
    visits=(an_answer(status=503, fault="status 503 instead of 200"), an_answer()),
    readiness=(Readiness("a", 503), Readiness("b", 0)),
    before=TWO,
    during=TWO,
    after=TWO,
    served_again=True,
    recovery=2.0,
)


def limits_of(*limits: Limits) -> LimitsInForce:
    copies = tuple(CopyLimits(f"copy-{number}", each) for number, each in enumerate(limits))
    return LimitsInForce(examined=len(copies), declared=a_service(), copies=copies)


def test_limits_in_every_copy_are_in_order() -> None:
    assert every_copy_is_limited().matches(limits_of(LIMITS, LIMITS))


def test_one_copy_without_a_memory_limit_is_named() -> None:
    seen = limits_of(LIMITS, replace(LIMITS, memory=None))
    words = StringDescription()
    every_copy_is_limited().describe_mismatch(seen, words)
    assert str(words).startswith("copy copy-1: required a memory limit in force; observed none")


def test_one_copy_without_a_processor_limit_is_not_in_order() -> None:
    assert not every_copy_is_limited().matches(limits_of(replace(LIMITS, cpu=None)))


def test_the_most_generous_limit_counts() -> None:
    seen = limits_of(LIMITS, replace(LIMITS, memory=1024 * MEBIBYTE, cpu=2.0))
    assert (seen.largest_memory, seen.largest_cpu) == (1024 * MEBIBYTE, 2.0)


def test_a_clone_that_is_killed_and_started_again_is_in_order() -> None:
    assert ends_for_want_of_memory().matches(OVEREATING)


def test_a_clone_that_kept_what_it_took_is_not_in_order() -> None:
    survivor = Ended("task-1", exit_code=0, out_of_memory=False, message="complete: finished")
    assert not ends_for_want_of_memory().matches(replace(OVEREATING, ended=(survivor,)))


def test_a_clone_that_is_still_running_is_not_in_order() -> None:
    assert not ends_for_want_of_memory().matches(replace(OVEREATING, ended=()))


def test_a_clone_that_nobody_starts_again_is_not_in_order() -> None:
    assert not ends_for_want_of_memory().matches(replace(OVEREATING, started_again=False))


def test_neighbours_that_stayed_are_left_alone() -> None:
    assert neighbours_are_left_alone().matches(OVEREATING)


def test_a_neighbour_that_was_replaced_or_restarted_was_not_left_alone() -> None:
    assert not neighbours_are_left_alone().matches(replace(OVEREATING, after=(a_copy("a"), a_copy("c"))))
    restarted = (a_copy("a"), a_copy("b", restarts=1))
    assert not neighbours_are_left_alone().matches(replace(OVEREATING, after=restarted))


def test_more_neighbours_than_before_are_no_harm() -> None:
    assert neighbours_are_left_alone().matches(replace(OVEREATING, after=(*TWO, a_copy("c"))))


def test_served_customers_are_in_order_and_one_wrong_answer_is_not() -> None:
    assert every_customer_is_served().matches(OVEREATING)
    wrong = an_answer(fault="content without order")
    assert not every_customer_is_served().matches(replace(OVEREATING, visits=(an_answer(), wrong)))


def test_no_customer_at_all_proves_nothing() -> None:
    assert not every_customer_is_served().matches(replace(OVEREATING, visits=()))


def test_clear_refusals_during_an_outage_are_in_order() -> None:
    assert customers_are_refused_or_served().matches(OUTAGE)


def test_an_error_a_wrong_content_and_silence_during_an_outage_are_not() -> None:
    for answer in (
        an_answer(status=500, fault="status 500 instead of 200"),
        an_answer(status=200, fault="content without order"),
        an_answer(status=0, fault="no answer: timed out"),
    ):
        assert not customers_are_refused_or_served().matches(replace(OUTAGE, visits=(answer,)))


def test_copies_that_are_not_ready_and_stay_are_in_order() -> None:
    assert copies_step_aside_alive().matches(OUTAGE)


def test_a_copy_that_says_it_is_ready_without_its_database_is_not() -> None:
    lying = (Readiness("a", 503), Readiness("b", 200))
    assert not copies_step_aside_alive().matches(replace(OUTAGE, readiness=lying))


def test_a_copy_killed_during_the_outage_or_after_it_is_not() -> None:
    assert not copies_step_aside_alive().matches(replace(OUTAGE, during=(a_copy("a"),)))
    assert not copies_step_aside_alive().matches(replace(OUTAGE, after=(a_copy("c"), a_copy("b"))))


def test_a_copy_called_unhealthy_because_of_its_database_is_not() -> None:
    sick = (a_copy("a"), a_copy("b", health="unhealthy"))
    assert not copies_step_aside_alive().matches(replace(OUTAGE, during=sick))


def test_the_slowest_answer_counts() -> None:
    answers = (an_answer(seconds=0.2), an_answer(status=503, fault="refused", seconds=7.5))
    assert replace(OUTAGE, visits=answers).slowest_answer == 7.5
