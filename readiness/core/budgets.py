"""Budgets: the named numbers that measurements are judged by. Each has one source in `config/`; this module does no I/O."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from readiness.core.errors import SpecificationDrift
from readiness.core.units import Dimension, Quantity, describe, parse

ENOUGH_DIGITS = 12


class Direction(StrEnum):
    """On which side of the limit a measured value has to be."""

    LESS_THAN = "less than"
    AT_MOST = "at most"
    AT_LEAST = "at least"
    MORE_THAN = "more than"


@dataclass(frozen=True)
class Budget:
    """One named number: its limit in base units and as it is written, the plan lines it belongs to, and where it comes from."""

    id: str
    lines: tuple[str, ...]
    name: str
    limit: Quantity
    limit_text: str
    direction: Direction
    source: str

    @property
    def line(self) -> str:
        """The plan line that this number stands in, or is foremost for."""
        return self.lines[0]

    def met_by(self, value: float) -> bool:
        """Whether `value`, in the base unit of the limit's dimension, is on the right side. NaN never is."""
        limit = self.limit.value
        match self.direction:
            case Direction.LESS_THAN:
                return value < limit
            case Direction.AT_MOST:
                return value <= limit
            case Direction.AT_LEAST:
                return value >= limit
            case Direction.MORE_THAN:
                return value > limit

    def sentence(self) -> str:
        """What is required: "less than 30 seconds"."""
        return f"{self.direction} {self.limit_text}"

    def observed(self, value: float) -> str:
        """A measured value for people, with as many digits as it takes to tell it from a limit that it does not equal."""
        texts = (self._describe(value, digits) for digits in range(3, ENOUGH_DIGITS))
        limit = self._describe(self.limit.value, ENOUGH_DIGITS)
        return next((text for text in texts if text != limit or value == self.limit.value), limit)

    def margin(self, value: float) -> float:
        """How far `value` is on the right side of the limit, in base units; less than nothing on the wrong side."""
        upper = self.direction in (Direction.LESS_THAN, Direction.AT_MOST)
        return self.limit.value - value if upper else value - self.limit.value

    def spare(self, value: float) -> str:
        """The margin for people: "25.5 s to spare", "11.2 s too much"."""
        margin = self.margin(value)
        if not math.isfinite(margin):
            return "no number"
        upper = self.direction in (Direction.LESS_THAN, Direction.AT_MOST)
        side = "to spare" if self.met_by(value) else "too much" if upper else "too little"
        return f"{self._describe(abs(margin), 3)} {side}"

    def _describe(self, value: float, digits: int) -> str:
        decimal = self.limit_text.rstrip().endswith(("kB", "MB", "GB", "TB"))
        return describe(Quantity(value, self.limit.dimension), digits=digits, decimal_sizes=decimal)


@dataclass(frozen=True)
class Budgets:
    """All budgets, in the order of their file."""

    all: tuple[Budget, ...]

    def __iter__(self) -> Iterator[Budget]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def by_id(self, budget_id: str) -> Budget:
        """The budget with this id. KeyError when there is none: ids stand in code, not in sentences."""
        return {budget.id: budget for budget in self.all}[budget_id]

    def of_line(self, line: str) -> tuple[Budget, ...]:
        """The budgets that belong to a plan line."""
        return tuple(budget for budget in self.all if line in budget.lines)

    def named(self, name: str, number_text: str) -> Budget:
        """The budget that a sentence names. SpecificationDrift when there is none, or when it has another number."""
        budget = next((each for each in self.all if each.name == name.strip()), None)
        if budget is None:
            raise SpecificationDrift(
                f"There is no budget named {name!r} in config/budgets.yaml. {self._near(name)}"
            )
        if not _same_number(number_text, budget):
            raise SpecificationDrift(
                f"The sentence says {number_text!r} for the {name} budget, but config/budgets.yaml says "
                f"{budget.limit_text!r}. Make the two the same."
            )
        return budget

    def _near(self, name: str) -> str:
        names = [budget.name for budget in self.all]
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
        return f"Near names: {', '.join(near)}." if near else f"Names there are: {', '.join(names)}."


def _same_number(number_text: str, budget: Budget) -> bool:
    try:
        said = parse(number_text, budget.limit.dimension)
    except ValueError:
        return False
    if budget.limit.dimension is Dimension.COUNT and number_text.strip() != budget.limit_text:
        return False
    return math.isclose(said.value, budget.limit.value)
