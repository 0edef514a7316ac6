"""Placeholders such as `{image}` in a target profile: found when it is loaded, filled when it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def placeholders_in(value: JsonValue) -> frozenset[str]:
    """The names of all placeholders in the texts of a value."""
    match value:
        case str():
            return frozenset(PLACEHOLDER.findall(value))
        case list():
            return frozenset().union(*map(placeholders_in, value))
        case dict():
            return frozenset().union(*map(placeholders_in, value.values()))
    return frozenset()


def filled(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    """The value with every placeholder in its texts replaced. KeyError for one that `values` does not know."""
    match value:
        case str():
            return PLACEHOLDER.sub(lambda found: values[found[1]], value)
        case list():
            return [filled(each, values) for each in value]
        case dict():
            return {key: filled(each, values) for key, each in value.items()}
    return value
