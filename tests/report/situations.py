"""The shape of a stock situation, and the pieces of which they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RULE = "@TC1.1\nFeature: A\n\n  @TC1.1.1\n  Rule: R\n"
GOOD = "    Scenario: good\n      Then it holds\n"
HEAD = "@TC1.1 @TC1.1.1\nFeature: A\n"


def hook(name: str, arguments: str, body: str) -> str:
    """A hook function of environment.py."""
    return f"\ndef {name}(context{arguments}):\n    {body}\n"


def fails(name: str, what: str) -> str:
    """A hook that raises."""
    return hook(name, f", {what}", 'raise OSError("the network is down")')


def fails_after(name: str, first: str) -> str:
    """A `before_all` or `after_all` that does its work and then raises."""
    return f"\n@report_failure\ndef {name}(context):\n    {first}(context)\n    raise OSError('the network is down')\n"


@dataclass(frozen=True)
class Situation:
    """A small project and the truth about it."""

    name: str
    feature: str
    shown: Mapping[str, list[str]]
    line: str
    exit_status: int = 1
    hooks: str = ""
    arguments: tuple[str, ...] = ()
    says: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    decision: str = "NO-GO"
