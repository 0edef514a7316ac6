"""The parameter types of step sentences."""

from __future__ import annotations

from collections.abc import Callable

from behave import register_type

from readiness.core.budgets import Budget, Budgets


def register_types(budgets: Callable[[], Budgets]) -> None:
    """Make `{budget:Budget}` read "container startup budget of 30 seconds" as the budget of that name, its number checked.

    Steps are loaded before the configuration is, so the budgets are asked for when a sentence is read.
    """

    def budget(text: str) -> Budget:
        name, number = text.rsplit(" of ", 1)
        return budgets().named(name.removesuffix(" budget"), number)

    budget.pattern = r".+ of .+"  # type: ignore[attr-defined]  # behave reads the pattern from the function itself
    register_type(Budget=budget)
