"""Runs the programs that do the work. What they may not do is an error with their last words; nothing is retried here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LAST_WORDS = 600


class Failed(Exception):
    """A program that did not do what it should. Says which, and its last words."""


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    environment: Mapping[str, str] | None = None,
    given: str = "",
    user: int | None = None,
    folder: Path | None = None,
    timeout: float = 3600,
) -> str:
    """What the program wrote to standard output. Failed when it ended with another status than 0, or not within `timeout` s."""
    try:
        done = subprocess.run(
            [str(each) for each in command],
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, **(environment or {})},
            check=False,
            cwd=folder,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Failed(f"{command[0]}: {problem}") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "no last words")[-LAST_WORDS:]
        raise Failed(f"{command[0]} ended with status {done.returncode}: {words}")
    return done.stdout
