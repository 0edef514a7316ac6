"""A requirement on an observation that reports all violations at once, each with required, observed and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hamcrest.core.base_matcher import BaseMatcher
from hamcrest.core.description import Description

Seen = TypeVar("Seen")
SHOWN = 20


@dataclass(frozen=True)
class Violation:
    """One way in which what was seen falls short: where, what was required, what was observed, what to do."""

    where: str
    required: str
    observed: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: required {self.required}; observed {self.observed}. To do: {self.remedy}"


class Requirement(BaseMatcher[Seen], Generic[Seen]):
    """Matches when `find` reports no violation of the claim in `sentence`."""

    def __init__(self, sentence: str, find: Callable[[Seen], Iterable[Violation]]) -> None:
        self._sentence = sentence
        self._find = find

    def _matches(self, item: Seen) -> bool:
        return not list(self._find(item))

    def describe_to(self, description: Description) -> None:
        description.append_text(self._sentence)

    def describe_mismatch(self, item: Seen, mismatch_description: Description) -> None:
        violations = list(self._find(item))
        more = [f"… and {len(violations) - SHOWN} more"] if len(violations) > SHOWN else []
        mismatch_description.append_text("\n".join([*map(str, violations[:SHOWN]), *more]))


def requires(sentence: str, find: Callable[[Seen], Iterable[Violation]]) -> Requirement[Seen]:
    """A requirement from a claim and a pure function that lists its violations."""
    return Requirement(sentence, find)
