"""What the linter says: where, which rule, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that breaks a rule. `file` is relative to the project root."""

    file: str
    line: int
    rule: str
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.what} To do: {self.to_do}"
