"""Parts of a secret that are enough to recognise it, and to guess the rest sooner."""

from __future__ import annotations

import re

LENGTH = 8


def fragments(value: str) -> re.Pattern[str]:
    """Finds the first or the last eight characters of a secret where they stand alone, as in "it begins with 1f2e3d4c"."""
    ends = "|".join(re.escape(each) for each in (value[:LENGTH], value[-LENGTH:]))
    return re.compile(f"(?<![A-Za-z0-9])(?:{ends})(?![A-Za-z0-9])")
