"""What is required of the robot customer, and of a request's trail."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.customer_robot import LATE, RobotSeen
from readiness.drills.tracing import Followed
from readiness.matchers.requirement import Requirement, Violation, requires


def walks_all_the_time() -> Requirement[RobotSeen]:
    """It walked within its interval, and everything worked."""
    return requires("a robot walks the customer's whole way all the time", _idle)


def names_the_broken_step() -> Requirement[RobotSeen]:
    """Of every step that broke, it said so, although the door answered all the time."""
    return requires("the robot names each step that breaks, while the door answers", _unnoticed)


def calls_somebody() -> Requirement[RobotSeen]:
    """The alarm sounded while a step was broken, and not any more afterwards."""
    return requires("an alarm sounds while a step is broken, and ends with it", _unheard)


def can_be_followed() -> Requirement[Followed]:
    """One id stands in every log on the request's way, and it is not one that a client chose."""
    return requires("a request's id stands in every log on its way", _lost)


def _idle(seen: RobotSeen) -> Iterator[Violation]:
    if seen.walked_ago > LATE * seen.every:
        yield Violation(
            "the robot's last walk", f"at most {LATE * seen.every:.0f} s ago", f"{seen.walked_ago:.0f} s ago",
            "let it walk all the time",
        )  # fmt: skip
    for step, works in seen.steps:
        if not works:
            yield Violation(step, "works when nothing is broken", "called broken", "see the robot's log")


def _unnoticed(seen: RobotSeen) -> Iterator[Violation]:
    for each in seen.broken:
        if set(each.door) - {seen.ready_status}:
            yield Violation(
                f"the door while {each.step} was broken", f"answers {seen.ready_status}", str(sorted(set(each.door))),
                "break less: what fails with it shows nothing of the robot",
            )  # fmt: skip
        if each.called_broken != each.step:
            yield Violation(
                each.step, "the robot calls it broken", each.called_broken or "nothing called broken",
                "let the robot take this step, and look at what is answered",
            )  # fmt: skip


def _unheard(seen: RobotSeen) -> Iterator[Violation]:
    if not seen.alarm:
        yield Violation(
            "a broken step", "an alarm that names it", "none", "let it sound on what the robot says"
        )
    if not seen.silent_again:
        yield Violation(
            "after everything was mended", "silence", "the alarm is still on", "let it end by itself"
        )


def _lost(seen: Followed) -> Iterator[Violation]:
    for each in seen.trails:
        if not each.request_id or each.request_id == seen.claimed:
            yield Violation(
                "the id of a request", "one that the door gave it", each.request_id or "none",
                "give each request an id at the door, and believe no client's",
            )  # fmt: skip
        for name in each.missing:
            yield Violation(
                f"the log of {name}", f"the request {each.request_id}", "not there",
                "pass the id on, and write it with everything that is done for the request",
            )  # fmt: skip
