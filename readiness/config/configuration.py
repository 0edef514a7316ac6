"""The whole configuration of a run: every file read, checked against the others, all problems at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from readiness.config import attestations, risks, target
from readiness.config.attestations import Attestation, load_attestations
from readiness.config.budgets import load_budgets
from readiness.config.documents import Document, read_document
from readiness.config.plan import FILE as PLAN_FILE
from readiness.config.plan import Disposition, Plan, load_plan
from readiness.config.risks import AcceptedRisk, load_accepted_risks
from readiness.config.target import Target, load_target
from readiness.core.budgets import Budgets
from readiness.core.errors import ConfigurationError, Problem
from readiness.core.units import Dimension

POLICIES = "config/policies"
Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Configuration:
    """All that a run is told. `policies` are read here for the hash; who judges by one reads it with its own model."""

    root: Path
    plan: Plan
    budgets: Budgets
    target: Target
    accepted_risks: tuple[AcceptedRisk, ...]
    attestations: tuple[Attestation, ...]
    policies: tuple[Document, ...]


def load_configuration(
    root: Path, target_name: str, environment: Mapping[str, str] = os.environ
) -> Configuration:
    """Everything under `root/config` for one target. One ConfigurationError with the problems of all files."""
    problems: list[Problem] = []
    plan = _attempt(lambda: load_plan(root), problems)
    budgets = _attempt(lambda: load_budgets(root), problems)
    profile = _attempt(lambda: load_target(root, target_name, environment), problems)
    accepted = _attempt(lambda: load_accepted_risks(root), problems)
    attested = _attempt(lambda: load_attestations(root), problems)
    policies = [_attempt(partial(read_document, root, file), problems) for file in _policies(root)]
    if plan and budgets:
        problems.extend(_budgets_missing(plan, budgets))
    if plan:
        problems.extend(_claims_on_computed_lines(plan, profile, accepted or (), attested or ()))
    if budgets and profile:
        problems.extend(_wrong_compressions(budgets, profile))
    if problems or plan is None or budgets is None or profile is None or accepted is None or attested is None:
        raise ConfigurationError(problems)
    known_policies = tuple(policy for policy in policies if policy)
    return Configuration(root, plan, budgets, profile, accepted, attested, known_policies)


def configuration_hash(configuration: Configuration) -> str:
    """SHA-256 (hex) over the content, the same wherever the project lies and however its files are laid out."""
    models = (
        configuration.plan,
        configuration.target,
        *configuration.accepted_risks,
        *configuration.attestations,
    )
    content = [model.model_dump(mode="json", context=configuration.root) for model in models]
    facts = [asdict(fact) for fact in (*configuration.budgets, *configuration.policies)]
    canonical = json.dumps([content, facts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _attempt(load: Callable[[], Loaded], problems: list[Problem]) -> Loaded | None:
    """What `load` returns; or nothing, and its problems are added to the others."""
    try:
        return load()
    except ConfigurationError as error:
        problems.extend(error.problems)
        return None


def _policies(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in (root / POLICIES).rglob("*.yaml"))


def _budgets_missing(plan: Plan, budgets: Budgets) -> Iterator[Problem]:
    """Measured lines whose budget does not exist, or belongs to other lines."""
    for line in plan.lines:
        if line.budget is None:
            continue
        if line.budget not in {budget.id for budget in budgets}:
            yield Problem(
                PLAN_FILE, line.id, f"there is no budget {line.budget!r}", "an id of config/budgets.yaml"
            )
        elif line.id not in budgets.by_id(line.budget).lines:
            lines = ", ".join(budgets.by_id(line.budget).lines)
            wrong = f"the budget {line.budget!r} belongs to {lines}"
            yield Problem(PLAN_FILE, line.id, wrong, f"a budget with {line.id} among its lines")


def _claims_on_computed_lines(
    plan: Plan,
    profile: Target | None,
    accepted: tuple[AcceptedRisk, ...],
    attested: tuple[Attestation, ...],
) -> Iterator[Problem]:
    """A computed line has no verdict of its own, so nobody can accept, attest or rule out more than what it rolls up."""
    claims = [(risks.FILE, f"risks.{index}.line", risk.line) for index, risk in enumerate(accepted)]
    claims += [(attestations.FOLDER, "line", attestation.line) for attestation in attested]
    if profile:
        file = f"{target.FOLDER}/{profile.name}.yaml"
        claims += [
            (file, f"not_applicable.{index}.line", each.line)
            for index, each in enumerate(profile.not_applicable)
        ]
    for file, key, line_id in claims:
        line = plan.line(line_id)
        if line.disposition is Disposition.COMPUTED:
            yield Problem(file, key, f"{line_id} is computed from other lines", ", ".join(line.rolls_up))
    for attestation in attested:
        yield from attestation_problems(plan, attestation.line)


def attestation_problems(plan: Plan, line_id: str) -> Iterator[Problem]:
    """A line that scenarios prove cannot be proven by a statement instead."""
    if plan.line(line_id).disposition not in (Disposition.ATTESTED, Disposition.COMPUTED):
        attested = [line.id for line in plan.lines if line.disposition is Disposition.ATTESTED]
        wrong = f"{line_id} is proven by scenarios, no statement counts for it"
        yield Problem(attestations.FOLDER, "line", wrong, ", ".join(attested))


def _wrong_compressions(budgets: Budgets, profile: Target) -> Iterator[Problem]:
    """Compressed times that are no windows: unknown budgets, other quantities, and the plan's performance criteria."""
    windows = [
        budget.id
        for budget in budgets
        if budget.limit.dimension is Dimension.DURATION and not budget.line.startswith("PC")
    ]
    for name in profile.time_compression:
        if name not in windows:
            key = f"time_compression.{name}"
            wrong = "is no window that a target may run faster"
            yield Problem(f"{target.FOLDER}/{profile.name}.yaml", key, wrong, ", ".join(windows))
