"""The whole specification as it lies there: features, steps and plan, read once, and all findings on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.config import plan as plans
from readiness.config.budgets import load_budgets
from readiness.config.plan import Disposition, Plan, load_plan
from readiness.core.budgets import Budgets
from readiness.harness.steps import register_types
from readiness.lint.feature_rules import feature_findings, repeated_names
from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, Group, read_feature
from readiness.lint.step_files import read_step_file
from readiness.lint.step_matching import StepLibrary, load_steps, matching_findings
from readiness.lint.tag_rules import repeated_lines, tag_findings
from readiness.lint.vocabulary import PlanLine, Vocabulary
from readiness.lint.wording import wording_findings
from readiness.targets.capabilities import KNOWN

PROVEN_ITSELF = (Disposition.AUTOMATED, Disposition.ATTESTED)


@dataclass(frozen=True)
class Specification:
    """Everything that the rules and the catalogues speak of. `unreadable` are the features that behave cannot read."""

    root: Path
    plan: Plan
    budgets: Budgets
    features: tuple[FeatureFile, ...]
    unreadable: tuple[Finding, ...]
    steps: StepLibrary

    def rule_of(self, line_id: str) -> tuple[FeatureFile, Group] | None:
        """The rule that proves a plan line, with its feature; None while there is none."""
        rules = ((feature, rule) for feature in self.features for rule in feature.rules if rule.scenarios)
        return next((found for found in rules if line_id in found[1].tags), None)


def read_specification(root: Path) -> Specification:
    """The specification under `root`. ConfigurationError when its plan or budgets cannot be read."""
    plan, budgets = load_plan(root), load_budgets(root)
    register_types(lambda: budgets)
    read = [read_feature(root, path) for path in sorted((root / "features").rglob("*.feature"))]
    return Specification(
        root=root,
        plan=plan,
        budgets=budgets,
        features=tuple(each for each in read if isinstance(each, FeatureFile)),
        unreadable=tuple(each for each in read if isinstance(each, Finding)),
        steps=load_steps(root),
    )


def findings_of(specification: Specification) -> list[Finding]:
    """All findings, by file and line."""
    return sorted(set(_findings(specification)))


def _findings(specification: Specification) -> Iterator[Finding]:
    known = vocabulary_of(specification.plan)
    yield from specification.unreadable
    for feature in specification.features:
        yield from feature_findings(feature)
        yield from tag_findings(feature, known)
        yield from wording_findings(feature, known)
    yield from repeated_names(specification.features)
    yield from repeated_lines(specification.features, known)
    for path in sorted((specification.root / "steps").glob("*.py")):
        yield from read_step_file(specification.root, path)
    yield from specification.steps.findings
    yield from matching_findings(specification.features, specification.steps)


def vocabulary_of(plan: Plan) -> Vocabulary:
    """The names that features may use."""
    groups = [group for section in plan.sections for group in section.groups]
    return Vocabulary(
        lines={line.id: PlanLine(line.text, line.disposition in PROVEN_ITSELF) for line in plan.lines},
        test_cases={group.id: group.title for group in groups if _has_a_feature(group)},
        capabilities=frozenset(KNOWN),
    )


def _has_a_feature(group: plans.Group) -> bool:
    """A test case, or a group of a phase of which no line follows from test cases."""
    return group.id.startswith("TC") or (
        group.id.startswith("PH") and all(line.disposition in PROVEN_ITSELF for line in group.lines)
    )


def not_covered(specification: Specification) -> list[str]:
    """The plan lines that scenarios have to prove, and that have none yet."""
    automated = (line.id for line in specification.plan.lines if line.disposition is Disposition.AUTOMATED)
    return [line_id for line_id in automated if specification.rule_of(line_id) is None]
