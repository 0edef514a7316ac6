"""A changed copy of a target's profile, for one case."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from pydantic import JsonValue

CASE = "{case}"


def changed_profile(
    content: Mapping[str, JsonValue], values: Mapping[str, JsonValue], remove: tuple[str, ...], folder: Path
) -> dict[str, Any]:
    """The profile with these values (dotted key -> value, list places by number) and without the removed keys.

    `{case}` in a text value becomes the case's folder. KeyError for a key whose surroundings are not there.
    """
    changed: dict[str, Any] = deepcopy(dict(content))
    for key, value in values.items():
        place, last = _place(changed, key)
        place[last] = _in_folder(value, folder)
    for key in remove:
        place, last = _place(changed, key)
        del place[last]
    return changed


def write_profile(content: Mapping[str, JsonValue], path: Path) -> Path:
    """Write the profile; returns its path."""
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _place(content: Any, key: str) -> tuple[Any, Any]:
    """The mapping or list that holds the last part of a dotted key, and that part."""
    *way, last = key.split(".")
    for part in way:
        content = content[int(part)] if isinstance(content, list) else content.setdefault(part, {})
    return content, int(last) if isinstance(content, list) else last


def _in_folder(value: JsonValue, folder: Path) -> JsonValue:
    match value:
        case str():
            return value.replace(CASE, str(folder))
        case list():
            return [_in_folder(each, folder) for each in value]
        case dict():
            return {name: _in_folder(each, folder) for name, each in value.items()}
    return value
