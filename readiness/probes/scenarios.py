"""Which lines of the plan have scenarios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation

LINE_TAG = re.compile(r"@((?:TC|PH|PC|SC|RM)[0-9.]+)\b")


@dataclass(frozen=True, kw_only=True)
class ShownLines(Observation):
    """The plan lines for which a rule of the specification stands. Examined: feature files."""

    lines: frozenset[str]


def look_for_scenarios(root: Path) -> ShownLines:
    """Read the tags of all features. CannotLook where there are none."""
    files = sorted((root / "features").rglob("*.feature"))
    if not files:
        raise CannotLook(f"there are no features under {root / 'features'}")
    return ShownLines(
        examined=len(files), lines=lines_in("\n".join(file.read_text("utf-8") for file in files))
    )


def lines_in(text: str) -> frozenset[str]:
    """The lines that tags name (not those in comments or sentences)."""
    tagged = (line.strip() for line in text.splitlines())
    return frozenset(line for tags in tagged if tags.startswith("@") for line in LINE_TAG.findall(tags))
