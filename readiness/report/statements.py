"""From the configuration to what the report knows of the plan, and of what people declared, accepted and attested."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from readiness.config.attestations import Attestation as Stated
from readiness.config.configuration import Configuration
from readiness.config.plan import Disposition, Plan
from readiness.report.inventory import (
    AcceptedRisk,
    Attestation,
    ExpectedLine,
    Inventory,
    LapsedAttestation,
    NotApplicable,
    PlannedStep,
)
from readiness.report.judging import Statements


def inventory_of(configuration: Configuration) -> Inventory:
    """All lines of the plan with their titles and how each comes to its verdict."""
    return inventory_of_plan(configuration.plan)


def inventory_of_plan(plan: Plan) -> Inventory:
    """The same for a plan alone."""
    lines = []
    for section in plan.sections:
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
                    measured_by=line.measured_by,
                    otherwise=line.otherwise or "",
                )
                for line in group.lines
            ]
    return Inventory(tuple(lines), _planned_steps(plan))


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
            _attestation(each) for each in configuration.attestations if each.in_force(today, release)
        ),
        lapsed=tuple(
            LapsedAttestation(_attestation(each), each.release, why)
            for each in configuration.attestations
            if (why := each.lapsed(today, release))
        ),
    )


def _planned_steps(plan: Plan) -> tuple[PlannedStep, ...]:
    return tuple(
        PlannedStep(group.id, group.title, group.planned, tuple(line.id for line in group.lines))
        for section in plan.sections
        for group in section.groups
        if group.planned is not None
    )


def _attestation(each: Stated) -> Attestation:
    return Attestation(each.line, each.statement, each.signer, each.author, each.signed_on, each.expires_on)
