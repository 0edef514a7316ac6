"""Reads `config/accepted_risks.yaml`: what is known to be missing, and who answers for it until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import model_validator

from readiness.config.documents import Document, read_document
from readiness.config.models import (
    LineId,
    Name,
    StrictModel,
    Text,
    model_of,
    repeated,
    require_an_end,
    same_person,
    together,
    wrong,
)

FILE = "config/accepted_risks.yaml"


class AcceptedRisk(StrictModel):
    """A plan line, or with `gap` a gap beside a proven line, that somebody accepts as it is, for a time."""

    id: Name
    line: LineId
    gap: Text | None = None
    owner: Text
    approver: Text
    reason: Text
    accepted_on: date
    expires_on: date

    def in_force(self, today: date) -> bool:
        """Whether it counts on that day; the first and the last day do."""
        return self.accepted_on <= today <= self.expires_on

    @model_validator(mode="after")
    def is_accepted_properly(self) -> AcceptedRisk:
        """Somebody other than the owner approved it, and its end comes after its beginning."""
        if same_person(self.owner, self.approver):
            raise wrong(f"owner and approver are both {self.owner!r}", "an approver who is not the owner")
        if self.expires_on < self.accepted_on:
            raise wrong(f"it expires on {self.expires_on}, before it was accepted", "a later expires_on")
        require_an_end(self.accepted_on, self.expires_on)
        return self


class RiskFile(StrictModel):
    """The whole file."""

    risks: tuple[AcceptedRisk, ...]


def load_accepted_risks(root: Path) -> tuple[AcceptedRisk, ...]:
    """All accepted risks, in force or not. ConfigurationError with every problem of the file."""
    return risks_in(root, read_document(root, FILE))


def risks_in(root: Path, document: Document) -> tuple[AcceptedRisk, ...]:
    """All accepted risks in a document that is, or is to be, the file."""
    doubles = repeated(document.file, "risks", document.content.get("risks"), "id")
    return together(lambda: model_of(root, document, RiskFile), doubles).risks
