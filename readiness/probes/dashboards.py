"""The dashboards, opened in a real browser: how soon they are complete, and what each panel shows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from readiness.config.dashboards import Dashboard
from readiness.core.errors import CapabilityMissing
from readiness.core.waiting import clock, wait_until
from readiness.targets.browser import Browser
from readiness.targets.target import Target

PATIENCE = 20.0
EVERY = 0.05
LOOK = """JSON.stringify(Array.from(document.querySelectorAll(%s), (panel) => ({
  title: (panel.querySelector(%s) || panel).textContent.trim(),
  values: Array.from(panel.querySelectorAll(%s), (each) => each.textContent.trim()).filter(Boolean),
})))"""


@dataclass(frozen=True)
class Panel:
    """A panel, and the values that it shows; none where it is empty."""

    title: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A dashboard: its panels, and after how many seconds none was empty any more, or until we stopped looking."""

    name: str
    seconds: float
    panels: tuple[Panel, ...]
    picture: bytes = b""


def dashboards_of(target: Target) -> tuple[Dashboard, ...]:
    """The dashboards of the profile. CapabilityMissing where it names none."""
    if not target.profile.dashboards:
        raise CapabilityMissing(f"The profile of {target.name} names no dashboard (dashboards).")
    return target.profile.dashboards


def open_dashboard(dashboard: Dashboard) -> Page:
    """Open a dashboard in a browser that has never seen it, and wait until every panel shows something."""
    with Browser() as browser:
        script = LOOK % tuple(
            json.dumps(each) for each in (dashboard.panel, dashboard.title, dashboard.shows)
        )

        def panels() -> tuple[Panel, ...]:
            told = json.loads(browser.evaluate(script) or "[]")
            return tuple(Panel(each["title"], tuple(each["values"])) for each in told)

        began = clock()
        browser.go(dashboard.url)
        waited = wait_until(
            panels,
            lambda seen: seen and all(each.values for each in seen),
            patience=PATIENCE,
            every=EVERY,
            since=began,
        )
        return Page(dashboard.name, waited.seconds, waited.last, browser.picture())
