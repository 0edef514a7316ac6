"""What is required of those who watch for break-ins."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.break_in import BreakIn
from readiness.matchers.requirement import Requirement, Violation, requires


def is_told_to_a_person() -> Requirement[BreakIn]:
    """Every attempt left an event that names whom it came from and what it was against, and a person was told of it."""
    return requires("a person is told of every attempt, by whom and against what", _untold)


def leaves_the_honest_alone() -> Requirement[BreakIn]:
    """Nobody was told of a visitor who mistyped his key a few times."""
    return requires("nobody is told of a visitor who mistyped his key", _false_alarms)


def _untold(seen: BreakIn) -> Iterator[Violation]:
    for each in seen.attempts:
        event = each.noticed
        if event is None:
            yield Violation(
                each.words, "an event in the log of the watch", "none",
                "let the watch see what happens there, and count over all copies together",
            )  # fmt: skip
        elif not event.source or not event.target:
            yield Violation(
                each.words, "by whom and against what", f"{event.source or '?'} against {event.target or '?'}",
                "write both into the event",
            )  # fmt: skip
        elif each.told_after is None:
            yield Violation(
                each.words, "a message to a person", f"an event ({event.kind}), and no message",
                "lead the alarm to a channel that people read",
            )  # fmt: skip


def _false_alarms(seen: BreakIn) -> Iterator[Violation]:
    for each in seen.about_the_honest:
        yield Violation(
            "a visitor who mistyped his key",
            "no event",
            f"{each.kind} by {each.source}",
            "raise the threshold",
        )
