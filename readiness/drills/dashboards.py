"""Operators open the dashboards while all is well, and while customers cannot take a step of their way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from readiness.actions.database import let_refuse
from readiness.config.counting import Break, Robot
from readiness.config.dashboards import Dashboard
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.customer_robot import RED_WITHIN, ask_to_walk, steps_of
from readiness.drills.passers import Passers
from readiness.harness.undo import UndoStack
from readiness.probes.counted import robot_of
from readiness.probes.dashboards import Page, dashboards_of, open_dashboard
from readiness.probes.database import declared_database
from readiness.targets.target import Target


@dataclass(frozen=True, kw_only=True)
class DashboardsSeen(Observation):
    """The dashboards on a good day, and while `step` was broken. Examined: panels."""

    pages: tuple[Page, ...]
    broken: tuple[Page, ...]
    step: str

    @property
    def slowest(self) -> float:
        """Seconds until the slowest was complete."""
        return max(each.seconds for each in (*self.pages, *self.broken))

    @property
    def changed(self) -> tuple[str, ...]:
        """The panels that tell of the step, and tell something else of it while it is broken."""
        before, after = (
            {(page.name, panel.title): _about(panel.values, self.step) for page in pages for panel in page.panels}
            for pages in (self.pages, self.broken)
        )  # fmt: skip
        return tuple(title for (_, title), told in before.items() if told != after.get((_, title), told))


def _about(values: tuple[str, ...], step: str) -> tuple[str, ...]:
    return tuple(each for each in values if step in each)


def open_dashboards(target: Target, undo: UndoStack) -> tuple[DashboardsSeen, dict[str, bytes]]:
    """Open each of them twice. The pictures stand beside the observation, by name."""
    robot, boards = robot_of(target), dashboards_of(target)
    if not robot.breaks:
        raise CannotLook("the profile breaks no step of the customers' way (counting.robot.breaks)")
    fault = robot.breaks[0]
    with Passers(target):
        good, bad, red = _look(target, undo, robot, fault, boards)
    if not red:
        raise CannotLook(f"nothing says that customers cannot {fault.step}, so no panel can show it")
    pictures = {
        f"{page.name}, {when}": page.picture
        for pages, when in ((good, "on a good day"), (bad, "while a step is broken"))
        for page in pages
    }
    pages, broken = (tuple(replace(each, picture=b"") for each in pages) for pages in (good, bad))
    seen = DashboardsSeen(
        examined=sum(len(each.panels) for each in (*pages, *broken)),
        pages=pages,
        broken=broken,
        step=fault.step,
    )
    return seen, pictures


def _look(
    target: Target, undo: UndoStack, robot: Robot, fault: Break, boards: tuple[Dashboard, ...]
) -> tuple[list[Page], list[Page], bool]:
    """The pages before, the pages while the step is broken, and whether the robot called it broken."""
    good = [open_dashboard(each) for each in boards]
    step = let_refuse(target.platform, undo, declared_database(target), fault.begin, fault.end)
    ask_to_walk(target, robot)
    red = wait_until(
        lambda: steps_of(target, robot).get(fault.step), lambda works: works is False, patience=RED_WITHIN
    )
    bad = [open_dashboard(each) for each in boards]
    if undo.settle(step):
        raise CannotLook(f"{fault.step} could not be mended: {fault.end}")
    ask_to_walk(target, robot)
    wait_until(lambda: all(steps_of(target, robot).values()), bool, patience=RED_WITHIN)
    return good, bad, red.happened
