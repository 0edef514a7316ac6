"""Which series the expression of an alarm looks at, by the parser of the metrics service's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import promql_parser

from readiness.core.errors import CannotLook

BRANCHES = ("lhs", "rhs", "expr", "param", "vector_selector")


def selectors_in(expression: str) -> tuple[str, ...]:
    """Every selector of series in an expression, without the time it looks back; each once, in its order. CannotLook when it
    cannot be read.
    """
    try:
        parsed = promql_parser.parse(expression)
    except ValueError as problem:
        raise CannotLook(f"the expression {expression!r} cannot be read: {problem}") from problem
    return tuple(dict.fromkeys(_selectors(parsed)))


def _selectors(node: Any) -> Iterator[str]:
    if isinstance(node, promql_parser.VectorSelector):
        yield node.prettify().split(" offset ")[0].split(" @ ")[0]
        return
    for name in BRANCHES:
        child = getattr(node, name, None)
        if child is not None and not isinstance(child, str):
            yield from _selectors(child)
    for each in getattr(node, "args", None) or ():
        yield from _selectors(each)
