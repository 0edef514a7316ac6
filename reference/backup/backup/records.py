"""What is written down beside the copies: what each holds, and how each drill ended. Numbers and digests, nothing of a member."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DRILLS_KEPT = 500


@dataclass(frozen=True)
class Drill:
    """One try of a copy. `backup`: its label, or nothing when there was none. `began`, `ended`: Unix seconds."""

    backup: str
    began: float
    ended: float
    passed: bool
    by: str
    problems: tuple[str, ...] = ()
    tables: int = 0
    rows: int = 0
    files: int = 0


class Records:
    """The folder of records."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drills = folder / "drills.jsonl"

    def keep_contents(self, label: str, facts: Mapping[str, object]) -> None:
        """Write down what a copy holds."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write(self._folder / f"{label}.json", json.dumps({"backup": label, **facts}))

    def contents(self, label: str) -> Mapping[str, Any] | None:
        """What a copy holds, if that was written down."""
        try:
            return dict(json.loads((self._folder / f"{label}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None

    def forget_all_but(self, labels: set[str]) -> None:
        """Remove what was written down of copies that are gone."""
        for path in self._folder.glob("*.json"):
            if path.stem not in labels:
                path.unlink()

    def add(self, drill: Drill) -> None:
        """Write down how a drill ended."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(asdict(each)) for each in (*self.drills(), drill)]
        self._write(self._drills, "\n".join(lines[-DRILLS_KEPT:]) + "\n")

    def drills(self) -> list[Drill]:
        """All drills, oldest first."""
        try:
            lines = self._drills.read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        return [
            Drill(**{**json.loads(line), "problems": tuple(json.loads(line)["problems"])}) for line in lines
        ]

    @staticmethod
    def _write(path: Path, text: str) -> None:
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
