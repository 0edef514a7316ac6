"""What must be true of new copies: each of them comes to serve every kind of request."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.starting import Starts
from readiness.matchers.requirement import Requirement, Violation, requires


def every_new_copy_serves() -> Requirement[Starts]:
    """Every new copy answered every kind of request rightly while we looked."""
    return requires("every new copy serves every kind of request", _not_serving)


def _not_serving(seen: Starts) -> Iterator[Violation]:
    for number, start in enumerate(seen.starts, start=1):
        if start.missing:
            yield Violation(
                f"new copy {number} ({start.instance or 'never running'})",
                "every kind of request answered rightly",
                f"after {start.seconds:.0f} s still not: {', '.join(start.missing)}",
                "see the copy's log for what it waits for; do the work of the first request before telling to be ready",
            )
