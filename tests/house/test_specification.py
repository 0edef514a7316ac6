"""The features and steps of this project keep their own rules, and the generated catalogues are fresh."""

from __future__ import annotations

from functools import cache

from readiness.lint.catalogue import cases, catalogues, stale
from readiness.lint.tree import Specification, findings_of, not_covered, read_specification
from tests.house.tree import ROOT

FEWEST_DEFECTS, FEWEST_DECOYS = 2, 1


@cache
def specification() -> Specification:
    return read_specification(ROOT)


def test_the_linter_has_nothing_to_say() -> None:
    assert specification().features
    assert specification().steps.definitions
    assert [str(finding) for finding in findings_of(specification())] == []


def test_the_catalogues_are_fresh() -> None:
    assert stale(specification()) == [], "run: python -m readiness.lint --write-docs"


def test_the_catalogue_says_loudly_which_lines_no_scenario_proves() -> None:
    catalogue = catalogues(specification())["docs/catalogue.md"]
    assert catalogue.count("NO SCENARIO YET") == len(not_covered(specification()))


def test_every_rule_is_tried_with_defects_and_a_decoy() -> None:
    lines = [tag for feature in specification().features for rule in feature.rules for tag in rule.tags]
    defects = {line: len(cases(ROOT, line, "defect")) for line in lines}
    decoys = {line: len(cases(ROOT, line, "decoy")) for line in lines}
    assert {line: count for line, count in defects.items() if count < FEWEST_DEFECTS} == {}
    assert {line: count for line, count in decoys.items() if count < FEWEST_DECOYS} == {}
