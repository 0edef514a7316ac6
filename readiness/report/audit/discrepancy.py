"""One way in which a report is not what it claims to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Discrepancy:
    """Where (a file, or a place in it), what would be right, and what is there."""

    where: str
    required: str
    observed: str

    def __str__(self) -> str:
        return f"{self.where}: required {self.required}; observed {self.observed}"
