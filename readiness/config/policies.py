"""Policies: versioned lists of what is required or refused, each entry with its reason. Read from `config/policies/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from fnmatch import translate
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, ValidationError, model_validator

from readiness.config.documents import read_document
from readiness.config.models import StrictModel, Text, read_model, wrong
from readiness.core.errors import ConfigurationError, Problem

IMAGE_CONTENTS = "config/policies/image_contents.yaml"
VULNERABILITIES = "config/policies/vulnerabilities.yaml"
ACCEPTED_FINDINGS = "config/accepted_findings.yaml"


class Severity(IntEnum):
    """How bad a known hole is, as scanners say it. UNKNOWN is what nobody rated."""

    UNKNOWN = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


def _severity(text: object) -> Severity:
    if text not in Severity.__members__:
        raise wrong(f"{text!r} is no severity", ", ".join(Severity.__members__))
    return Severity[str(text)]


def _pattern(text: str) -> str:
    if not text.startswith(("/", "*")):
        raise wrong(
            f"{text!r} matches no path", "a pattern that begins with / or *; * also stands for slashes"
        )
    return text


SeverityName = Annotated[Severity, BeforeValidator(_severity)]
Pattern = Annotated[Text, AfterValidator(_pattern)]


class Paths(StrictModel):
    """A set of absolute paths, as shell patterns in which `*` also stands for slashes."""

    patterns: tuple[Pattern, ...]

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.patterns)) or r"(?!)")

    def match(self, path: str) -> bool:
        """Whether a path (without its leading slash) is one of these."""
        return self._expression.match("/" + path) is not None


class Exempt(Paths):
    """Paths that an entry leaves alone, and why."""

    reason: Text


class Forbidden(Paths):
    """Files that a shipped image must not hold in any layer.

    `marks`: only files whose content shows one of these (program, private key, password in a URL). `unless_packaged`:
    files that a published package brought are left alone. `example` is a path that the entry must catch.
    """

    name: Text
    marks: frozenset[Text] = frozenset()
    unless_packaged: bool = False
    exempt: tuple[Exempt, ...] = ()
    reason: Text
    remedy: Text
    example: Pattern

    def catches(self, path: str, marks: Iterable[str], packaged: bool) -> bool:
        """Whether a file is forbidden by this entry."""
        spared = (self.unless_packaged and packaged) or any(each.match(path) for each in self.exempt)
        return self.match(path) and not spared and (not self.marks or not self.marks.isdisjoint(marks))

    @model_validator(mode="after")
    def catches_its_example(self) -> Forbidden:
        if not self.catches(self.example.lstrip("/"), self.marks, packaged=False):
            raise wrong(
                f"{self.name}: does not catch its own example {self.example}",
                "patterns that match it, exemptions that do not",
            )
        return self


class ForbiddenSettings(StrictModel):
    """Names of environment variables and build arguments that must not be written into an image with a value."""

    name: Annotated[Text, Field(description="a regular expression on the whole name")]
    reason: Text
    remedy: Text


class ImageContents(StrictModel):
    """What no layer of a shipped image may hold."""

    forbidden: Annotated[tuple[Forbidden, ...], Field(min_length=1)]
    settings: ForbiddenSettings


class Unseen(Paths):
    """Programs that scanners are known not to see: `what` becomes a gap beside the verdict, with the reason."""

    what: Text
    reason: Text


class Vulnerabilities(StrictModel):
    """When a known hole stops a release. `also_programs`: files that count as programs though they are not native ones.

    `unpackaged` programs may belong to no package; `bundled` ones are part of a package that has another version.
    """

    severity_threshold: SeverityName
    unrated_counts_as: SeverityName
    source: Text
    also_programs: Paths
    unpackaged: tuple[Unseen, ...] = ()
    bundled: tuple[Unseen, ...] = ()


class AcceptedFinding(StrictModel):
    """A known hole that someone answers for until a date. `package` as the scanner names it."""

    id: Text
    package: Text
    owner: Text
    reason: Text
    expires_on: date

    def in_force(self, today: date) -> bool:
        """Whether it still counts; on its last day it does."""
        return today <= self.expires_on


class AcceptedFindings(StrictModel):
    """The accepted findings that are complete, and what is wrong with the others, which count for nothing."""

    file: str
    complete: tuple[AcceptedFinding, ...] = ()
    incomplete: tuple[Text, ...] = ()


def load_image_contents(root: Path) -> ImageContents:
    """The policy of image contents. ConfigurationError with all problems at once."""
    return read_model(root, IMAGE_CONTENTS, ImageContents)


def load_vulnerabilities(root: Path) -> Vulnerabilities:
    """The policy of known holes. ConfigurationError with all problems at once."""
    return read_model(root, VULNERABILITIES, Vulnerabilities)


def load_accepted_findings(root: Path, file: Path | None) -> AcceptedFindings:
    """The accepted findings in `file` (default: the project's own). What is incomplete is listed, never accepted."""
    path = str(file.relative_to(root) if file and file.is_relative_to(root) else file or ACCEPTED_FINDINGS)
    document = read_document(root, path)
    entries = document.content.get("findings")
    if document.content.keys() != {"findings"} or not isinstance(entries, list):
        raise ConfigurationError(
            [
                Problem(
                    path, "findings", "is not the one list of this file", "findings: [] or a list of entries"
                )
            ]
        )
    complete, incomplete = [], []
    for index, entry in enumerate(entries):
        try:
            complete.append(AcceptedFinding.model_validate(_with_date(entry)))
        except ValidationError as error:
            wrongs = "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'entry'}: {each['msg']}" for each in error.errors()
            )
            incomplete.append(f"{path}: findings.{index}: {wrongs}")
    return AcceptedFindings(file=path, complete=tuple(complete), incomplete=tuple(incomplete))


def _with_date(entry: JsonValue) -> object:
    if not isinstance(entry, dict):
        return entry
    try:
        return {**entry, "expires_on": date.fromisoformat(str(entry["expires_on"]))}
    except (KeyError, ValueError):
        return entry


@dataclass(frozen=True)
class Agreement:
    """What is agreed on known holes: the policy, the accepted findings, and the day on which they are in force or not."""

    policy: Vulnerabilities
    accepted: AcceptedFindings
    today: date

    def in_force(self, finding_id: str, package: str) -> bool:
        """Whether someone answers for a finding today."""
        return any(
            (each.id, each.package) == (finding_id, package) and each.in_force(self.today)
            for each in self.accepted.complete
        )

    def stops(self, severity: Severity) -> bool:
        """Whether a finding of this severity stops a release."""
        counted = self.policy.unrated_counts_as if severity is Severity.UNKNOWN else severity
        return counted >= self.policy.severity_threshold


def load_agreement(root: Path, accepted_file: Path | None) -> Agreement:
    """The agreement as of today. ConfigurationError with all problems at once."""
    return Agreement(
        load_vulnerabilities(root), load_accepted_findings(root, accepted_file), datetime.now(UTC).date()
    )
