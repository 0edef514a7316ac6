"""What is required of the health check that is described for a platform."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.health_path import HealthPaths
from readiness.matchers.requirement import Requirement, Violation, requires


def healthy(status: int) -> bool:
    """Whether a platform takes an answer for a good one."""
    return 200 <= status < 400


def call_working_copies_healthy() -> Requirement[HealthPaths]:
    """Every running copy answers well."""

    def find(seen: HealthPaths) -> Iterator[Violation]:
        for each in seen.asked:
            for instance, status in each.copies:
                if not healthy(status):
                    yield Violation(
                        f"{each.path} on port {each.port}, copy {instance}",
                        "an answer with status 200",
                        f"status {status}" if status else "no answer",
                        f"describe a path that the service knows ({', '.join(each.described)})",
                    )

    return requires("every copy is called healthy by the check that is described", find)


def call_a_cut_off_copy_unhealthy() -> Requirement[HealthPaths]:
    """A copy that can reach nothing it needs is never called healthy, and the path is one of its own, not any page."""

    def find(seen: HealthPaths) -> Iterator[Violation]:
        for each in seen.asked:
            where = f"{each.path} on port {each.port}"
            remedy = f"describe a path that looks at what the service needs ({', '.join(each.described)})"
            if healthy(each.elsewhere):
                observed = f"any path is answered with status {each.elsewhere}"
                yield Violation(where, "a path of its own", observed, remedy)
            for status in each.cut_off:
                if healthy(status):
                    wanted = "no good answer from a copy that reaches nothing it needs"
                    yield Violation(where, wanted, f"status {status}", remedy)

    return requires("a copy that can reach nothing it needs is never called healthy", find)
