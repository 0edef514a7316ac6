"""What is required of dashboards."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.dashboards import DashboardsSeen
from readiness.matchers.requirement import Requirement, Violation, requires


def have_no_empty_panel() -> Requirement[DashboardsSeen]:
    """Every panel shows something, and there are panels."""
    return requires("no panel of a dashboard is empty", _empty)


def show_what_goes_wrong() -> Requirement[DashboardsSeen]:
    """A panel that tells of a step tells something else while it is broken."""
    return requires("a dashboard shows what goes wrong", _unchanged)


def _empty(seen: DashboardsSeen) -> Iterator[Violation]:
    for page in (*seen.pages, *seen.broken):
        if not page.panels:
            yield Violation(page.name, "panels", "none", "see whether the page is served, and its address")
        for panel in page.panels:
            if not panel.values:
                yield Violation(
                    f"{page.name}, panel {panel.title}", "data", "nothing", "ask for series that exist"
                )


def _unchanged(seen: DashboardsSeen) -> Iterator[Violation]:
    if not seen.changed:
        yield Violation(
            f"the dashboards while {seen.step} was broken", "a panel that says so", "no panel changed",
            "show what the robot says of each step",
        )  # fmt: skip
