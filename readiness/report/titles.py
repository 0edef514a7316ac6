"""Where a scenario stands in the plan, in words: what the Allure report groups by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from readiness.report.inventory import Inventory


@dataclass(frozen=True)
class Place:
    """Plan section, test case and plan line, each as a title that begins with its number where it has one."""

    section: str
    test_case: str
    line: str


@dataclass
class Words:
    """What a run hands over to its report: the plan's titles, and how text is freed of secrets before it is written."""

    inventory: Inventory
    redact: Callable[[str], str]

    def place_of(self, line_ids: Iterable[str]) -> Place | None:
        """The place of the first of these lines that the plan has."""
        found = next((line for line_id in line_ids if (line := self.inventory.find(line_id))), None)
        return Place(found.section, found.test_case, f"{found.id} {found.title}") if found else None


WORDS = Words(Inventory(()), lambda text: text)


def configure(inventory: Inventory, redact: Callable[[str], str]) -> None:
    """Give the report the plan and the redaction: once per run, before the first scenario."""
    WORDS.inventory = inventory
    WORDS.redact = redact
