"""The security rules that we adopted, how each is shown, and the exceptions from them that somebody signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from readiness.config.documents import read_document
from readiness.config.models import (
    LineId,
    NotEmpty,
    StrictModel,
    Text,
    model_of,
    read_model,
    repeated,
    same_person,
    together,
    wrong,
)

STANDARDS = "config/policies/standards.yaml"
EXCEPTIONS = "config/security_exceptions.yaml"


class Check(StrEnum):
    """What is looked at in every running container."""

    OWN_USER = "own user"
    CAPABILITIES = "no capabilities"
    NOTHING_PRIVILEGED = "not privileged"
    NO_NEW_PRIVILEGES = "no new privileges"
    FILTERED_CALLS = "system calls filtered"
    READ_ONLY = "read-only root file system"
    OWN_NAMESPACES = "namespaces of its own"
    MACHINE_FOLDERS = "no folders of the machine"
    ENGINE_SOCKET = "no engine socket"
    MEMORY_LIMIT = "memory limited"
    CPU_LIMIT = "processor limited"
    PROCESS_LIMIT = "number of processes limited"
    HEALTH = "health checked"
    DECLARED_IMAGE = "runs the declared image"


class Item(StrictModel):
    """One rule of a standard, in our words, and what shows it: a check on running containers, or lines of the plan."""

    id: Text
    words: Text
    check: Check | None = None
    lines: tuple[LineId, ...] = ()

    @model_validator(mode="after")
    def is_shown_in_one_way(self) -> Item:
        """A rule that nothing shows is none; two ways would be two rules."""
        if (self.check is None) == (not self.lines):
            raise wrong(
                f"{self.id} is shown by {'both' if self.lines else 'nothing'}",
                "check: or lines:, one of them",
            )
        return self


class Standards(StrictModel):
    """The adopted rules, and for how many days an exception may last at most."""

    longest_exception_days: Annotated[int, Field(ge=1)]
    items: Annotated[tuple[Item, ...], NotEmpty]


class SecurityException(StrictModel):
    """A rule that some parts (patterns of service names) need not keep, who answers for it, and until when."""

    item: Text
    parts: Annotated[tuple[Text, ...], NotEmpty]
    reason: Text
    owner: Text
    approver: Text
    accepted_on: date
    expires_on: date

    def covers(self, item: str, part: str) -> bool:
        """Whether it speaks of this rule and this part."""
        return self.item == item and any(fnmatchcase(part, pattern) for pattern in self.parts)


class SecurityExceptions(StrictModel):
    """The whole file."""

    exceptions: tuple[SecurityException, ...]


@dataclass(frozen=True)
class Rules:
    """The adopted rules, the exceptions from them, and the day for which they are judged."""

    standards: Standards
    exceptions: tuple[SecurityException, ...]
    today: date

    def excused(self, item: str, part: str) -> bool:
        """Whether an exception in force covers this rule for this part."""
        return any(each.covers(item, part) for each in self.exceptions if not list(self.wrongs(each)))

    def wrongs(self, exception: SecurityException) -> Iterator[tuple[str, str]]:
        """What an exception had to be like, and what it is like instead."""
        longest = timedelta(days=self.standards.longest_exception_days)
        if exception.item not in {each.id for each in self.standards.items}:
            yield "from a rule that we adopted", f"from {exception.item}"
        if same_person(exception.owner, exception.approver):
            yield "approved by somebody else than its owner", f"owned and approved by {exception.owner}"
        if not exception.accepted_on <= self.today <= exception.expires_on:
            yield "in force", f"from {exception.accepted_on} to {exception.expires_on}"
        if exception.expires_on - exception.accepted_on > longest:
            yield (
                f"for at most {longest.days} days",
                f"from {exception.accepted_on} to {exception.expires_on}",
            )


def load_standards(root: Path) -> Standards:
    """The adopted rules. ConfigurationError with all problems at once."""
    document = read_document(root, STANDARDS)
    doubles = repeated(document.file, "items", document.content.get("items"), "id")
    return together(lambda: model_of(root, document, Standards), doubles)


def load_security_exceptions(root: Path, file: Path | None) -> tuple[SecurityException, ...]:
    """The exceptions in `file` (default: the project's own), whether they count or not. ConfigurationError when unreadable."""
    path = str(file.relative_to(root) if file and file.is_relative_to(root) else file or EXCEPTIONS)
    return read_model(root, path, SecurityExceptions).exceptions


def load_rules(root: Path, exceptions: Path | None) -> Rules:
    """The adopted rules and the exceptions from them, for today. ConfigurationError when they cannot be read."""
    return Rules(load_standards(root), load_security_exceptions(root, exceptions), datetime.now(UTC).date())
