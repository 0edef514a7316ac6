"""Habits of the code that no ready-made tool knows, and the tools that know the others."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, lines_with, python_files, text_of

MOST_LINES = 300
WAITING = Path("readiness/core/waiting.py")
SILENCED = re.compile(r"#\s*(?:type:\s*ignore|noqa)")
SILENCED_WITH_REASON = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s+[#-]\s*\w"
)
PINNED = re.compile(r"[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==[^\s*]+")
EXACT_VERSION = re.compile(r"\d+\.\d+\.\d+")
PACKAGE_HOST = re.compile(
    r"\b(?:[\w-]+\.)*(?:deb|archive|security|registry|mirrors?|pypi|files|index|proxy|packages)(?:-\d)?"
    r"\.(?:[\w-]+\.)*(?:debian|ubuntu|docker|npmjs|python|pythonhosted|yarnpkg|golang|org|io|com)\b|\b(?:pypi\.org|ghcr\.io|quay\.io)\b"
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home|Users|work|workspace|builds|mnt)/\w")


def silenced_without_reason(line: str) -> bool:
    return bool(SILENCED.search(line)) and not SILENCED_WITH_REASON.search(line)


def sleeps(text: str) -> list[int]:
    """The lines that call or import a sleep."""
    found = []
    for node in ast.walk(ast.parse(text)):
        called = isinstance(node, ast.Attribute) and node.attr == "sleep"
        imported = isinstance(node, ast.ImportFrom) and any(alias.name == "sleep" for alias in node.names)
        if isinstance(node, ast.expr | ast.stmt) and (called or imported):
            found.append(node.lineno)
    return found


def requirements(text: str) -> list[str]:
    """The lines of a requirements file that ask for a package."""
    lines = (line.split("#")[0].split("--hash")[0].rstrip("\\ ").strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("-")]


@pytest.mark.parametrize("tool", [["ruff", "check"], ["mypy"]], ids=["ruff", "mypy"])
def test_the_ready_made_tools_have_nothing_to_say(tool: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_there_is_one_sleep_in_the_library() -> None:
    paths = [
        path for path in [*python_files("readiness", "steps"), Path("environment.py")] if path != WAITING
    ]
    assert len(sleeps(text_of(WAITING))) == 1
    assert [f"{path}:{line}" for path in paths for line in sleeps(text_of(path))] == []


def test_a_silenced_tool_is_told_why() -> None:
    paths = [path for path in python_files() if path != Path(__file__).relative_to(ROOT)]
    assert lines_with(paths, silenced_without_reason) == []


def test_files_are_short() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in python_files()}
    assert [f"{path}: {length} lines" for path, length in lengths.items() if length >= MOST_LINES] == []


def test_every_requirement_is_pinned() -> None:
    paths = [path for path in files() if re.fullmatch(r"requirements.*\.txt", path.name)]
    asked = [(path, line) for path in paths for line in requirements(text_of(path))]
    assert asked
    assert [f"{path}: {line}" for path, line in asked if not PINNED.match(line)] == []


def test_every_node_package_is_pinned() -> None:
    package = json.loads(text_of(Path("package.json")))
    versions = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    assert versions
    assert [name for name, version in versions.items() if not EXACT_VERSION.fullmatch(version)] == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert lines_with(list(files()), PACKAGE_HOST.search) == []


def test_no_file_names_a_directory_of_somebodys_machine() -> None:
    assert lines_with(list(files()), MACHINE_PATH.search) == []
