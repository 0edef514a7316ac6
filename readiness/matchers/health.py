"""What must be true of the health check: it notices a copy that froze, and one that answers only with errors."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.freezing import Freezing
from readiness.drills.impostor import Impostor
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.targets.platform import HealthCheck

ASK_THE_SERVICE = (
    "let the health check ask the service itself, within a time limit, and fail on anything but a good answer"
)


def is_noticed_in_time() -> Requirement[Freezing]:
    """The frozen copy was called unhealthy, or taken away, within the time that the health check's own settings allow."""
    return requires("a frozen copy is noticed within the time that its health check allows", _unnoticed)


def _unnoticed(seen: Freezing) -> Iterator[Violation]:
    if seen.noticed_after is None or seen.noticed_after > seen.allowed:
        after = seen.noticed_after
        yield Violation(
            f"copy {seen.copy.instance}, health check {command(seen.health_check)}",
            f"noticed within {seen.allowed:.1f} s"
            if seen.health_check.command
            else "a health check that notices it",
            "not noticed" if after is None else f"noticed after {after:.1f} s",
            ASK_THE_SERVICE,
        )


def calls_the_impostor_unhealthy() -> Requirement[Impostor]:
    """The health check did not believe a copy that answers every request with an error."""
    return requires("a copy that answers every request with an error is called unhealthy", _believed)


def _believed(seen: Impostor) -> Iterator[Violation]:
    ports = ", ".join(map(str, seen.ports))
    if seen.noticed_after is None:
        yield Violation(
            f"impostor with only errors on ports {ports}, health check {command(seen.health_check)}",
            "unhealthy",
            f"{seen.health or 'without any health'} after {seen.watched:.1f} s",
            ASK_THE_SERVICE,
        )


def command(check: HealthCheck) -> str:
    """A health check's command, shortened, for people."""
    words = " ".join(check.command[1:] if check.command[:1] in (("CMD",), ("CMD-SHELL",)) else check.command)
    return f"{words[:77]}…" if len(words) > 78 else words or "none"
