"""How releases are seen by customers, where it is read what became of what they wrote meanwhile, and how a release can be bad."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from readiness.config.models import NotEmpty, PathInside, StrictModel, Text, wrong


class Bad(StrEnum):
    """What can be wrong with a release."""

    CRASHES_AT_START = "crashes at start"
    CRASHES_LATER = "crashes later"
    NEVER_HEALTHY = "never healthy"
    FAILS_CUSTOMERS = "healthy but fails customers"
    SLOW = "slow"
    WRONGLY_SET = "wrongly set"
    CANNOT_MIGRATE = "cannot migrate"


class Edit(StrictModel):
    """How a source file becomes that of a bad release: a text replaced, one appended, or all of it written anew."""

    replace: tuple[str, str] | None = None
    append: str | None = None
    write: str | None = None

    @model_validator(mode="after")
    def is_one(self) -> Edit:
        """Exactly one of them."""
        if sum(each is not None for each in (self.replace, self.append, self.write)) != 1:
            raise wrong("names no edit, or several", "one of replace: [old, new], append, write")
        return self

    def apply(self, file: Path) -> None:
        """Edit the file. ValueError when it does not hold what is to be replaced."""
        if self.write is not None:
            file.write_text(self.write, encoding="utf-8")
            return
        text = file.read_text(encoding="utf-8")
        if self.replace and self.replace[0] not in text:
            raise ValueError(f"{file.name} does not hold {self.replace[0]!r}")
        file.write_text(
            text.replace(*self.replace) if self.replace else f"{text}{self.append}", encoding="utf-8"
        )


class Pipeline(StrictModel):
    """The way from sources to customers: what it notes after each of its `steps`, and sources that each gate must stop.

    `gates`: gate -> edits of sources (relative to `service.build.context`), two or more. `author`, `approver`: who releases.
    """

    steps: Annotated[tuple[Text, ...], NotEmpty]
    gates: Annotated[Mapping[Text, Mapping[PathInside, Edit]], Field(min_length=2)]
    author: Text
    approver: Text


class Releases(StrictModel):
    """`version`: the header of every answer that names its release, by the first digits of the image's id.

    `written`: a statement to the database that gives a text of each record of the owner in `entrusted`, one a row; its texts
    hold what `entrusted.record.write` had for `{run}`. `sent_again`: series of the metrics service that count requests which
    the door had to send a second time. `bad`: how sources (relative to `service.build.context`) become those of a bad
    release; one that is wrongly set needs none. `alarm`: by what name people are told that a release was taken back, over
    which of `people`'s channels.
    """

    version: Text
    written: Text
    sent_again: Annotated[tuple[Text, ...], NotEmpty]
    bad: Mapping[Bad, Mapping[PathInside, Edit]] = Field(default_factory=dict)
    pipeline: Pipeline | None = None
    alarm: Text | None = None
    people: tuple[Text, ...] = ()
