"""Reads `config/plan.yaml`: the 148 lines of the plan, their titles, and how each comes to its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated

from pydantic import JsonValue, model_validator

from readiness.config.documents import Document, read_document
from readiness.config.inventory import EXPECTED_LINES
from readiness.config.models import (
    LineId,
    Name,
    NotEmpty,
    Seconds,
    StrictModel,
    Text,
    model_of,
    repeated,
    together,
    wrong,
)
from readiness.core.errors import ConfigurationError, Problem

FILE = "config/plan.yaml"


class Disposition(StrEnum):
    """How a line comes to its verdict."""

    AUTOMATED = "automated"
    ATTESTED = "attested"
    MEASURED = "measured"
    COMPUTED = "computed"


DISPOSITIONS = {
    "TC": (Disposition.AUTOMATED, Disposition.ATTESTED),
    "PC": (Disposition.MEASURED,),
    "PH": (Disposition.COMPUTED, Disposition.AUTOMATED, Disposition.ATTESTED),
    "SC": (Disposition.COMPUTED, Disposition.AUTOMATED, Disposition.ATTESTED),
    "RM": (Disposition.COMPUTED, Disposition.AUTOMATED, Disposition.ATTESTED),
}


class Line(StrictModel):
    """A claim. `budget` and `measured_by` make it a measured one, `rolls_up` a computed one.

    `otherwise` says what customers, or those who serve them, have to bear when the claim does not hold; a computed line
    has it from the lines that it rolls up.
    """

    id: LineId
    text: Text
    otherwise: Text | None = None
    disposition: Disposition
    budget: Name | None = None
    measured_by: tuple[LineId, ...] = ()
    rolls_up: tuple[LineId, ...] = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The lines that this one takes its verdict or its measurements from."""
        return self.measured_by + self.rolls_up

    @model_validator(mode="after")
    def fits_its_disposition(self) -> Line:
        """The kind of line allows the disposition, and the keys that it needs are there."""
        allowed = DISPOSITIONS[self.id[:2]]
        if self.disposition not in allowed:
            raise wrong(f"{self.id} cannot be {self.disposition}", ", ".join(allowed))
        measured = self.disposition is Disposition.MEASURED
        if measured != bool(self.budget) or measured != bool(self.measured_by):
            raise wrong(
                f"{self.id} is {self.disposition}", "budget and measured_by on every measured line, no other"
            )
        if (self.disposition is Disposition.COMPUTED) != bool(self.rolls_up):
            raise wrong(f"{self.id} is {self.disposition}", "rolls_up on every computed line, no other")
        if self.disposition is Disposition.COMPUTED and self.otherwise:
            raise wrong(
                f"{self.id} is {self.disposition}", "no otherwise, it has those of the lines it rolls up"
            )
        return self


class Group(StrictModel):
    """A test case, a step of a phase, or a group of criteria or risks. `planned`: seconds of work to give it."""

    id: Text
    title: Text
    planned: Seconds | None = None
    lines: Annotated[tuple[Line, ...], NotEmpty]


class Section(StrictModel):
    """A section of test cases, a phase, or a kind of criteria."""

    id: Text
    title: Text
    groups: Annotated[tuple[Group, ...], NotEmpty]


class Plan(StrictModel):
    """The whole plan, in its order."""

    sections: Annotated[tuple[Section, ...], NotEmpty]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the file."""
        return tuple(line for section in self.sections for group in section.groups for line in group.lines)

    def line(self, line_id: str) -> Line:
        """The line with this id. KeyError when there is none."""
        return {line.id: line for line in self.lines}[line_id]

    def group_of(self, line_id: str) -> Group:
        """The group (the test case, for a TC line) that a line or the group's own id belongs to."""
        groups = [group for section in self.sections for group in section.groups]
        by_line = {line.id: group for group in groups for line in group.lines}
        return by_line.get(line_id) or {group.id: group for group in groups}[line_id]

    def section_of(self, line_id: str) -> Section:
        """The section that a line or a group belongs to."""
        group = self.group_of(line_id)
        return next(section for section in self.sections if group in section.groups)


def load_plan(root: Path) -> Plan:
    """The plan. ConfigurationError for unknown, repeated, missing and misplaced lines, and lines in a circle."""
    document = read_document(root, FILE)
    plan = together(lambda: model_of(root, document, Plan), _problems_of_the_numbering(document))
    problems = [*_lines_in_a_wrong_place(plan), *_circles(plan)]
    if problems:
        raise ConfigurationError(problems)
    return plan


def _problems_of_the_numbering(document: Document) -> list[Problem]:
    """Lines that are missing or stand there twice, whatever the shape of the rest."""
    entries: list[JsonValue] = list(_entries_of_lines(document.content))
    problems = repeated(document.file, "lines", entries, "id")
    present = {entry.get("id") for entry in entries if isinstance(entry, dict)}
    missing = [line for line in EXPECTED_LINES if line not in present]
    if missing:
        what = f"{len(missing)} lines are missing: {', '.join(missing)}"
        problems.append(Problem(document.file, "sections", what, f"all {len(EXPECTED_LINES)} lines"))
    return problems


def _entries_of_lines(content: JsonValue) -> Iterator[JsonValue]:
    for section in _list(content, "sections"):
        for group in _list(section, "groups"):
            yield from _list(group, "lines")


def _list(content: JsonValue, key: str) -> list[JsonValue]:
    found = content.get(key) if isinstance(content, dict) else None
    return found if isinstance(found, list) else []


def _lines_in_a_wrong_place(plan: Plan) -> Iterator[Problem]:
    for section_index, section in enumerate(plan.sections):
        for group_index, group in enumerate(section.groups):
            place = f"sections.{section_index}.groups.{group_index}"
            if _parent(group.id) != section.id:
                what = f"{group.id} stands in {section.id}"
                yield Problem(FILE, f"{place}.id", what, f"a group of {section.id}")
            for index, line in enumerate(group.lines):
                if _parent(line.id) != group.id:
                    what = f"{line.id} stands in {group.id}"
                    yield Problem(FILE, f"{place}.lines.{index}.id", what, f"a line of {group.id}")


def _parent(identifier: str) -> str:
    """`TC1` for `TC1.1`, `TC1.1` for `TC1.1.1`, `PC` for `PC1`."""
    stem, dot, _ = identifier.rpartition(".")
    return stem if dot else identifier.rstrip("0123456789")


def _circles(plan: Plan) -> Iterator[Problem]:
    try:
        TopologicalSorter({line.id: line.rests_on for line in plan.lines}).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        yield Problem(FILE, "rolls_up", f"lines rest on each other: {circle}", "lines that do not lead back")
