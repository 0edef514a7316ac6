"""Content of answers: whether it has at least what is expected."""

from __future__ import annotations

from typing import Any


def contains(actual: Any, expected: Any) -> bool:
    """Whether `actual` has at least all that `expected` says: keys of objects, members of lists, equal values."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and contains(actual[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and all(
            any(contains(each, value) for each in actual) for value in expected
        )
    return bool(actual == expected)
