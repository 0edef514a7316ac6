"""What people read first: no stack traces, no jargon."""

from __future__ import annotations

import traceback

import pytest

from readiness.core.errors import CannotLook, CriterionNotMet
from readiness.report.truth import describe
from readiness.report.wording import plain_text, time_told


def a_trace() -> str:
    try:
        raise KeyError("door")
    except KeyError:
        return traceback.format_exc()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotLook("the metrics do not answer"), "the metrics do not answer"),
        (CriterionNotMet("Required: a\nObserved: b"), "Required: a\nObserved: b"),
        (ValueError("unreadable"), "the check itself broke (ValueError: unreadable)"),
        (ValueError(), "the check itself broke (ValueError)"),
        (AssertionError("one is not two"), "AssertionError: one is not two"),
        (CannotLook(), "CannotLook"),
    ],
)
def test_an_error_is_told_in_words(error: Exception, said: str) -> None:
    assert describe(error) == said


@pytest.mark.parametrize("kind", [CannotLook, CriterionNotMet, RuntimeError])
def test_no_stack_trace_stands_among_the_words(kind: type[Exception]) -> None:
    said = describe(kind(f"the probe gave up\n{a_trace()}and that was all"))
    assert "Traceback" not in said
    assert "File " not in said
    assert "KeyError: 'door'" in said
    assert "the probe gave up" in said
    assert "and that was all" in said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.2, "less than 1 s"),
        (42.4, "42 s"),
        (59.9, "1 min"),
        (187, "3 min 7 s"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (86400, "24 h"),
    ],
)
def test_a_time_is_told_as_people_say_it(seconds: float, said: str) -> None:
    assert time_told(seconds) == said


def test_colours_of_a_terminal_are_no_text() -> None:
    assert plain_text("\x1b[31mred\x1b[0m\x07\ttab\nend") == "red\ttab\nend"
