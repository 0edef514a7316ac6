"""The operations that the API publishes in its OpenAPI documents."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.config.access import Access, Call
from readiness.config.placeholders import PLACEHOLDER
from readiness.core.errors import CannotLook
from readiness.targets.target import Target

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DOCUMENTED = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace"})


@dataclass(frozen=True)
class Operation:
    """A published operation. `call`: how the profile calls it with success; None where it does not say."""

    method: str
    path: str
    call: Call | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes_an_object(self) -> bool:
        """Whether its path names a thing that somebody owns."""
        return bool(PLACEHOLDER.search(self.path))

    @property
    def objects(self) -> tuple[str, ...]:
        """The names of the things in its path, the ones before what belongs to them."""
        return tuple(PLACEHOLDER.findall(self.path))

    def address(self, known: Mapping[str, str]) -> str:
        """Its path with its parameters filled: with what is known, and otherwise with an id that nothing has."""
        path = PLACEHOLDER.sub(lambda found: known.get(found[1], str(uuid.UUID(int=0))), self.path)
        query = self.call.query if self.call else None
        return path + (f"?{PLACEHOLDER.sub(lambda found: known[found[1]], query)}" if query else "")


def published_operations(target: Target, access: Access) -> tuple[Operation, ...]:
    """All operations of all documents, first those that the profile calls, in its order. CannotLook when a document is none."""
    found = [each for path in access.documents for each in _operations(path, _document(target, path))]
    if not found:
        raise CannotLook(f"the documents {', '.join(access.documents)} describe no operation")
    calls = {call.operation: call for call in access.calls}
    order = {operation: number for number, operation in enumerate(calls)}
    known = [Operation(method, path, calls.get(f"{method} {path}")) for method, path in dict.fromkeys(found)]
    return tuple(sorted(known, key=lambda each: order.get(str(each), len(order))))


def _document(target: Target, path: str) -> Any:
    answer = target.door.ask("GET", path, timeout=target.profile.patience.answer)
    document = answer.json() if answer.status == 200 else None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise CannotLook(f"{path} gives no OpenAPI document: {answer.error or f'status {answer.status}'}")
    return document


def _operations(document: str, content: Any) -> list[tuple[str, str]]:
    try:
        return [
            (method.upper(), path)
            for path, item in content["paths"].items()
            for method in item
            if method.lower() in DOCUMENTED
        ]
    except (AttributeError, TypeError) as problem:
        raise CannotLook(f"{document} is no OpenAPI document: {problem}") from problem
