"""The rooms of the house: who may know whom."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.house.tree import ROOT, lines_with, python_files, text_of

FOREIGN = ("reference", "defects", "steps", "tests", "whoop_service", "insights_service", "service_common")


def imported(text: str) -> Iterator[str]:
    """The first names of all modules that a Python text imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


def test_each_room_knows_only_the_rooms_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_every_room_is_a_package_so_that_the_import_rules_see_it() -> None:
    rooms = {path.parent for path in python_files("readiness")}
    assert [str(room) for room in sorted(rooms) if not (ROOT / room / "__init__.py").exists()] == []


def test_nobody_imports_the_deployment_the_defects_or_the_tests() -> None:
    found = [
        f"{path} imports {name}"
        for path in [*python_files("readiness", "steps"), Path("environment.py")]
        for name in imported(text_of(path))
        if name in FOREIGN
    ]
    assert found == []


def test_the_deployment_knows_nothing_of_the_specification() -> None:
    foreign = {"readiness", "defects", "steps", "behave"}
    paths = python_files("reference")
    assert paths
    assert [str(path) for path in paths if foreign & set(imported(text_of(path)))] == []


def test_the_library_names_nothing_of_the_deployment() -> None:
    paths = [*python_files("readiness", "steps"), Path("environment.py")]
    assert lines_with(paths, lambda line: "reference/" in line or "whoop" in line.lower()) == []


def test_the_core_stands_on_the_standard_library_alone() -> None:
    cores = [path for path in python_files("readiness") if path.parts[1] == "core"]
    allowed = {*sys.stdlib_module_names, "readiness"}
    assert cores
    assert [
        f"{path}: {name}" for path in cores for name in imported(text_of(path)) if name not in allowed
    ] == []
