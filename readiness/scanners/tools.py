"""Runs the programs that scan: in an empty folder, so that no file lying around changes what they report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from readiness.core.errors import CannotLook

LAST_WORDS = 600
SCAN_SECONDS = 900.0


@dataclass(frozen=True)
class Said:
    """What a program said: exit code, standard output, standard error."""

    exit_code: int
    output: str
    errors: str

    def last_words(self) -> str:
        """The end of its errors, or of its output where it wrote none."""
        return (self.errors.strip() or self.output.strip())[-LAST_WORDS:]

    def json(self, tool: str) -> Any:
        """Its output as JSON. CannotLook with its last words where it is none."""
        try:
            return json.loads(self.output)
        except ValueError as problem:
            raise CannotLook(
                f"{tool} gave no report (exit code {self.exit_code}; required: JSON on its standard output): {self.last_words()}"
            ) from problem


def find_tool(name: str) -> str:
    """Where a program is: on the path or beside the interpreter; "" when it is not installed."""
    beside = Path(sys.executable).parent / name
    return which(name) or (str(beside) if beside.is_file() else "")


def ask_tool(
    argv: Sequence[str],
    *,
    timeout: float = SCAN_SECONDS,
    folder: Path | None = None,
    without: Sequence[str] = (),
) -> Said:
    """Run a program, without the environment variables whose names begin with one of `without`.

    CannotLook if it cannot be started or does not end within `timeout` seconds.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(tuple(without))}
    with TemporaryDirectory(prefix="readiness-scan-") as empty:
        try:
            ran = subprocess.run(
                list(argv),
                cwd=folder or empty,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except OSError as problem:
            raise CannotLook(f"{argv[0]} cannot be started: {problem}") from problem
        except subprocess.TimeoutExpired:
            raise CannotLook(
                f"{Path(argv[0]).name} did not end within {timeout:.0f} s and was stopped"
            ) from None
    return Said(ran.returncode, ran.stdout, ran.stderr)
