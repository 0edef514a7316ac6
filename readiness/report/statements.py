"""From the configuration to what the report knows of the plan, and of what people declared, accepted and attested."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from readiness.config.configuration import Configuration
from readiness.config.plan import Disposition
from readiness.report.inventory import AcceptedRisk, Attestation, ExpectedLine, Inventory, NotApplicable
from readiness.report.judging import Statements


def inventory_of(configuration: Configuration) -> Inventory:
    """All lines of the plan with their titles and how each comes to its verdict."""
    lines = []
    for section in configuration.plan.sections:
        for group in section.groups:
            lines += [
                ExpectedLine(
                    id=line.id,
                    title=line.text,
                    section=f"{section.id} {section.title}",
                    test_case=f"{group.id} {group.title}",
                    budget=line.budget or "",
                    rolls_up=line.rolls_up,
                    by_attestation=line.disposition is Disposition.ATTESTED,
                )
                for line in group.lines
            ]
    return Inventory(tuple(lines))


def statements_of(configuration: Configuration, release: Collection[str], today: date) -> Statements:
    """What people said. An attestation counts only for the release that was judged, which goes by the names in `release`."""
    return Statements(
        not_applicable=tuple(
            NotApplicable(each.line, each.reason, each.declared_by)
            for each in configuration.target.not_applicable
        ),
        accepted_risks=tuple(
            AcceptedRisk(
                risk.id,
                risk.line,
                risk.owner,
                risk.approver,
                risk.reason,
                risk.accepted_on,
                risk.expires_on,
                risk.gap or "",
            )
            for risk in configuration.accepted_risks
        ),
        attestations=tuple(
            Attestation(each.line, each.statement, each.signer, each.author, each.signed_on, each.expires_on)
            for each in configuration.attestations
            if each.in_force(today, release)
        ),
    )
