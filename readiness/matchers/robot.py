"""What is required of the robot that tries each release."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.robot import Robot
from readiness.matchers.requirement import Requirement, Violation, requires

DIGITS = 12


def is_content_with_a_sound_release() -> Requirement[Robot]:
    """At a sound door it is content, and it met every copy, each with the release that runs."""
    return requires(
        "it is content where nothing is broken, and every copy runs the release that it saw", _sound
    )


def notices_what_is_broken() -> Requirement[Robot]:
    """It failed at every door at which something was broken."""

    def find(seen: Robot) -> Iterator[Violation]:
        for each in seen.trials[1:]:
            if each.content:
                yield Violation(
                    f"a door with {each.fault}", "the robot fails", f"it is content: {each.words}",
                    "let it look at status, content, quickness and release of every answer",
                )  # fmt: skip
        if len(seen.trials) < 2:
            yield Violation(
                "doors at which something is broken", "some", "none", "see what the robot asks for"
            )

    return requires("it notices each thing that is broken", find)


def leaves_nothing_behind() -> Requirement[Robot]:
    """Whatever it made is gone, also where it failed."""

    def find(seen: Robot) -> Iterator[Violation]:
        for each in seen.trials:
            if each.left:
                where = f"a trial at a door with {each.fault or 'nothing broken'}"
                yield Violation(
                    where, "all that it made is removed", ", ".join(each.left), "clean up on every way out"
                )

    return requires("it leaves nothing behind", find)


def _sound(seen: Robot) -> Iterator[Violation]:
    first = seen.trials[0]
    if not first.content:
        yield Violation("a sound door", "the robot is content", first.words, "see its words")
    missed = set(seen.copies) - set(seen.met)
    if missed:
        yield Violation(
            "copies of the release", "the robot meets each of them", f"not {', '.join(sorted(missed))}",
            "let it ask until every copy has answered",
        )  # fmt: skip
    digest = seen.image.split(":")[-1]
    for release in seen.releases:
        if len(release) < DIGITS or not digest.startswith(release):
            yield Violation(
                "answers to the robot",
                f"release {digest[:DIGITS]}",
                release or "(none)",
                "name the image's digest",
            )
