"""Reads `config/budgets.yaml`: every number that something is judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import model_validator

from readiness.config.documents import read_document
from readiness.config.models import (
    LineId,
    Name,
    NotEmpty,
    StrictModel,
    Text,
    model_of,
    repeated,
    together,
    wrong,
)
from readiness.core.budgets import Budget, Budgets, Direction
from readiness.core.units import Dimension, parse

FILE = "config/budgets.yaml"


class BudgetEntry(StrictModel):
    """One budget as it is written."""

    id: Name
    name: Text
    lines: Annotated[tuple[LineId, ...], NotEmpty]
    dimension: Dimension
    direction: Direction
    limit: Text
    source: Text
    rationale: Text | None = None

    @model_validator(mode="after")
    def is_complete(self) -> BudgetEntry:
        """The limit is a quantity of the dimension, and an own number has its rationale."""
        parse(self.limit, self.dimension)
        if self.source == "ours" and not self.rationale:
            raise wrong(
                f"the budget {self.name!r} is ours and has no rationale", "rationale: why this number"
            )
        if self.source != "ours" and not self.source.startswith("plan: "):
            raise wrong(f"the budget {self.name!r} has no known source", '"plan: the place in it", or ours')
        return self

    def budget(self) -> Budget:
        """The budget that the entry describes."""
        source = f"ours: {self.rationale}" if self.rationale else self.source
        limit = parse(self.limit, self.dimension)
        return Budget(self.id, self.lines, self.name, limit, self.limit, self.direction, source)


class BudgetFile(StrictModel):
    """The whole file."""

    budgets: Annotated[tuple[BudgetEntry, ...], NotEmpty]


def load_budgets(root: Path) -> Budgets:
    """All budgets. ConfigurationError with every problem of the file."""
    document = read_document(root, FILE)
    entries = document.content.get("budgets")
    doubles = repeated(document.file, "budgets", entries, "id") + repeated(
        document.file, "budgets", entries, "name"
    )
    file = together(lambda: model_of(root, document, BudgetFile), doubles)
    return Budgets(tuple(entry.budget() for entry in file.budgets))
