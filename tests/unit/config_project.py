"""A copy of the shipped configuration that a test may spoil, and the complaints that follow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness.config.target import Target, load_target
from readiness.core.errors import ConfigurationError, Problem

SHIPPED = Path(__file__).parents[2]
SMALLEST_TARGET = """
name: small
title: The smallest profile
platform: {kind: none}
door: {url: "https://api.example.org", ready: {path: /}}
service: {name: whoop-service, image: "whoop-service:test"}
"""


@dataclass(frozen=True)
class Project:
    """A project root with a configuration of its own."""

    root: Path

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file, which has to be there."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        self.write(file, text.replace(old, new, 1))


def project_in(folder: Path) -> Project:
    """A project in `folder` with the shipped configuration."""
    shutil.copytree(SHIPPED / "config", folder / "config")
    return Project(folder)


def small_target(project: Project, further: str = "", environment: dict[str, str] | None = None) -> Target:
    """The smallest profile, with something added to it."""
    project.write("config/targets/small.yaml", SMALLEST_TARGET + further)
    return load_target(project.root, "small", environment or {})


def problems_of(load: Callable[[], object]) -> tuple[Problem, ...]:
    """The problems with which `load` refuses."""
    with pytest.raises(ConfigurationError) as refusal:
        load()
    return refusal.value.problems


def only_problem_of(load: Callable[[], object]) -> Problem:
    """The problem with which `load` refuses, when it is a single one."""
    problems = problems_of(load)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]
