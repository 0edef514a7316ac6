"""The operations of an API as its OpenAPI document tells them; only what is needed to misuse them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation. `properties` and `required` are those of its JSON body; both empty where it takes none."""

    method: str
    path: str
    in_path: tuple[str, ...]
    in_query: tuple[str, ...]
    properties: tuple[str, ...]
    required: tuple[str, ...]


def operations_of(document: Any) -> tuple[Operation, ...]:
    """All operations. ValueError where the document is no OpenAPI document, or describes nothing."""
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise ValueError("it is no OpenAPI document: it has no paths")
    found = tuple(
        _operation(document, method, path, item)
        for path, item in document["paths"].items()
        for method in METHODS
        if isinstance(item, dict) and method in item
    )
    if not found:
        raise ValueError("it describes no operation")
    return found


def _operation(document: Raw, method: str, path: str, item: Raw) -> Operation:
    operation = item[method]
    parameters = [
        _resolved(document, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ()))
    ]
    content = _resolved(document, operation.get("requestBody") or {}).get("content") or {}
    schema = _resolved(document, (content.get("application/json") or {}).get("schema") or {})
    return Operation(
        method.upper(),
        path,
        tuple(each["name"] for each in parameters if each.get("in") == "path"),
        tuple(each["name"] for each in parameters if each.get("in") == "query"),
        tuple(dict(_properties(document, schema))),
        tuple(schema.get("required") or ()),
    )


def _properties(document: Raw, schema: Raw) -> Iterator[tuple[str, Any]]:
    yield from (schema.get("properties") or {}).items()
    for part in schema.get("allOf") or ():
        yield from _properties(document, _resolved(document, part))


def _resolved(document: Raw, thing: Any) -> Raw:
    """What a `$ref` within the document leads to; the thing itself where it is none."""
    if not isinstance(thing, dict):
        return {}
    reference = thing.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return thing
    place: Any = document
    for part in reference.removeprefix("#/").split("/"):
        place = place.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(place, dict) else {}
    return place if isinstance(place, dict) else {}
