"""Reads `config/attestations/*.yaml`: what persons state about a release, for what no machine can see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from pydantic import model_validator

from readiness.config.models import (
    LineId,
    StrictModel,
    Text,
    read_model,
    require_an_end,
    same_person,
    wrong,
)
from readiness.core.errors import ConfigurationError, Problem

FOLDER = "config/attestations"


class Attestation(StrictModel):
    """A statement on one plan line and one release, by its author, confirmed by a signer, for a time.

    `release` is what the service's answers say in `X-Version`, or the digest of its image.
    """

    line: LineId
    release: Text
    statement: Text
    author: Text
    signer: Text
    signed_on: date
    expires_on: date

    def in_force(self, today: date, release: Collection[str]) -> bool:
        """Whether it counts on that day (the first and the last do) for the release that goes by these names."""
        return not self.lapsed(today, release)

    def lapsed(self, today: date, release: Collection[str]) -> str:
        """Why it does not count on that day for the release that goes by these names; empty when it does."""
        if today > self.expires_on:
            return f"expired on {self.expires_on}"
        if today < self.signed_on:
            return f"signed for {self.signed_on}, which is yet to come"
        return "" if self.release in release else f"it is on another release ({self.release})"

    @model_validator(mode="after")
    def is_signed_properly(self) -> Attestation:
        """Somebody other than the author signed it, and its end comes after its beginning."""
        if same_person(self.author, self.signer):
            raise wrong(f"author and signer are both {self.author!r}", "a signer who is not the author")
        if self.expires_on < self.signed_on:
            raise wrong(f"it expires on {self.expires_on}, before it was signed", "a later expires_on")
        require_an_end(self.signed_on, self.expires_on)
        return self


def load_attestations(root: Path) -> tuple[Attestation, ...]:
    """All attestations, one from each file, in force or not. ConfigurationError with every problem of all files."""
    attestations: list[Attestation] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        try:
            attestations.append(read_model(root, f"{FOLDER}/{path.name}", Attestation))
        except ConfigurationError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigurationError(problems)
    return tuple(attestations)
