"""What a probe returns: facts, frozen, with the number of things that were examined."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Facts seen at one time. `examined` counts the things looked at; nothing can be judged on an observation of nothing."""

    examined: int
