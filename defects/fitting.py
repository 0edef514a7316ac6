"""Whether cases still fit what they change: the specification's scenarios, the sources of the image, the target's services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from behave.parser import parse_file

from defects.cases import FOLDER, Case, LineCases
from readiness.config.target import Target as Profile
from readiness.core.errors import Problem
from readiness.report.scenarios import every_scenario, lines_of


def misfits(root: Path, profile: Profile, lines: Iterable[LineCases]) -> list[Problem]:
    """Everything that a case refers to and that is not there, all at once."""
    names = _scenario_names(root / "features")
    found: list[Problem] = []
    for line in lines:
        for case in line.seedable:
            file = f"{FOLDER}/{line.id}/{case.name}.yaml"
            found += _unknown_scenarios(file, case, names.get(line.id, []))
            found += _unfit_sources(file, case, profile, root)
            found += _unknown_service(file, case, profile)
    return found


def _scenario_names(features: Path) -> dict[str, list[str]]:
    """Plan line -> the names of the scenarios that prove it."""
    names: dict[str, list[str]] = {}
    for path in sorted(features.rglob("*.feature")):
        feature = parse_file(str(path))
        for scenario in every_scenario(feature) if feature else []:
            for line in lines_of(scenario):
                names.setdefault(line, []).append(scenario.name)
    return names


def _unknown_scenarios(file: str, case: Case, names: list[str]) -> Iterator[Problem]:
    for index, part in enumerate(case.scenarios):
        if not any(part in name for name in names):
            known = "; ".join(names) or "none: the line has no scenario"
            yield Problem(
                file, f"scenarios.{index}", f"no scenario of the line has {part!r} in its name", known
            )


def _unfit_sources(file: str, case: Case, profile: Profile, root: Path) -> Iterator[Problem]:
    if not (case.change and case.change.sources):
        return
    build = profile.service.build
    for name, change in case.change.sources.files.items():
        key = f"change.sources.files.{name}"
        if build is None or not (root / name).is_relative_to(build.context):
            context = (
                build.context.relative_to(root)
                if build
                else "none: the target does not say how its image is built"
            )
            yield Problem(file, key, "is not in the build's context", f"a file below {context}")
        elif misfit := change.misfit(root / name):
            yield Problem(file, key, misfit, "a change that fits the sources as they are")


def _unknown_service(file: str, case: Case, profile: Profile) -> Iterator[Problem]:
    there = sorted(profile.platform.services.values())
    change = case.change
    named = {
        "service.name": change.service.name if change and change.service else None,
        "one_copy.service": change.one_copy.service if change and change.one_copy else None,
    }
    for key, name in named.items():
        if name and name not in there:
            yield Problem(file, f"change.{key}", f"the target has no service {name!r}", ", ".join(there))
