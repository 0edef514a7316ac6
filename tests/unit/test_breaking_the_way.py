"""The drill that breaks the customers' way, on a deployment that is made up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from readiness.config.counting import Break, Robot
from readiness.config.dashboards import Dashboard
from readiness.drills import customer_robot as robot
from readiness.drills import dashboards
from readiness.drills.customer_robot import break_the_way
from readiness.drills.dashboards import open_dashboards
from readiness.matchers.customer_robot import calls_somebody, names_the_broken_step, walks_all_the_time
from readiness.probes.dashboards import Page, Panel
from readiness.targets.metrics import Sample

ROBOT = Robot(
    service="robot", every="60s", walked="walked", now="SIGUSR1", step="up", label="step", alarm="Broken",
    breaks=(Break(step="order", begin="break order", end="mend order"), Break(step="pay", begin="break pay", end="mend pay")),
)  # fmt: skip
BOARD = Dashboard(name="board", url="http://127.0.0.1:1/board", panel=".p", title="h3", shows=".v")


class MadeUp:
    """A deployment whose robot is right, or deaf to one step. It is its own target, platform, door, metrics and undo stack."""

    def __init__(self, deaf_to: str = "") -> None:
        self.broken, self.seen, self.deaf_to = "", "", deaf_to
        database = SimpleNamespace(service="db", ask=("psql",))
        counting = SimpleNamespace(robot=ROBOT)
        door = SimpleNamespace(ready=SimpleNamespace(path="/", status=200))
        self.profile = SimpleNamespace(
            counting=counting, database=database, door=door, dashboards=(BOARD,), patience=SimpleNamespace(answer=1)
        )  # fmt: skip
        self.metrics = self.platform = self
        self.name = "made up"

    def now(self) -> float:
        return 1000.0

    def query(self, expression: str) -> tuple[Sample, ...]:
        if expression == "max(walked)":
            return (Sample({}, 990.0),)
        if expression == "up":
            return tuple(Sample({"step": each.step}, float(each.step != self.seen)) for each in ROBOT.breaks)
        return (Sample({"step": self.seen}, 1.0),) if self.seen else ()

    def replicas(self, service: str) -> tuple[Any, ...]:
        return (SimpleNamespace(id=service),)

    def signal(self, _replica: str, name: str) -> None:
        assert name == "SIGUSR1"
        self.seen = "" if self.broken == self.deaf_to else self.broken

    def run_inside(self, _replica: str, argv: list[str], timeout: float) -> Any:  # noqa: ARG002 - as the platform has it
        self.broken = argv[-1].removeprefix("break ")
        return SimpleNamespace(exit_code=0, output="")

    def owe(self, does: str, **arguments: Any) -> str:
        assert does == "tell_database"
        assert arguments["argv"][-1].startswith("mend")
        return "step"

    def settle(self, step: str) -> list[Any]:
        assert step == "step"
        self.broken = ""
        return []

    def another_door(self) -> Any:
        return SimpleNamespace(ask=lambda *_, **__: SimpleNamespace(status=200))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robot, "RED_WITHIN", 0.3)
    monkeypatch.setattr(robot, "ALARM_WITHIN", 0.3)
    monkeypatch.setattr(dashboards, "RED_WITHIN", 0.3)


def test_a_good_robot_names_each_step_and_calls_somebody() -> None:
    made_up: Any = MadeUp()
    seen = break_the_way(made_up, made_up)
    assert [each.called_broken for each in seen.broken] == ["order", "pay"]
    assert seen.examined == 4
    for requirement in (walks_all_the_time(), names_the_broken_step(), calls_somebody()):
        assert requirement.matches(seen)


def test_a_robot_that_is_deaf_to_a_step_is_told() -> None:
    made_up: Any = MadeUp(deaf_to="pay")
    seen = break_the_way(made_up, made_up)
    assert not names_the_broken_step().matches(seen)
    assert not calls_somebody().matches(seen)


def test_dashboards_are_opened_on_a_good_day_and_while_a_step_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made_up: Any = MadeUp()

    def page(board: Dashboard) -> Page:
        told = f"order: {'broken' if made_up.seen else 'works'}"
        return Page(board.name, 1.0, (Panel("way", (told,)),), b"png")

    monkeypatch.setattr(dashboards, "open_dashboard", page)
    seen, pictures = open_dashboards(made_up, made_up)
    assert seen.changed == ("way",)
    assert len(pictures) == 2
    assert made_up.broken == ""
