"""One step of the customer's way breaks after the other, while the door answers: what the robot says of it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.database import let_refuse
from readiness.config.counting import Break, Robot
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.passers import Passers
from readiness.harness.undo import UndoStack
from readiness.probes.counted import robot_of
from readiness.probes.database import declared_database
from readiness.targets.target import Target

EVERY = 0.5
RED_WITHIN = 30.0
ALARM_WITHIN = 75.0
LATE = 1.5  # intervals after which a walk has not come


@dataclass(frozen=True)
class Broken:
    """A step that was broken: which one the robot called broken ("" none), and what the door answered meanwhile."""

    step: str
    called_broken: str
    door: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RobotSeen(Observation):
    """What the robot said. Examined: steps that it takes, and steps that were broken.

    `walked_ago`: seconds since its last walk began, when we came; `every`: how often it should walk; `steps`: all that it
    took, with whether they worked; `alarm`: whether the alarm sounded; `silent_again`: whether it ended when all was mended.
    """

    walked_ago: float
    every: float
    steps: tuple[tuple[str, bool], ...]
    broken: tuple[Broken, ...]
    ready_status: int
    alarm: bool
    silent_again: bool


def break_the_way(target: Target, undo: UndoStack) -> RobotSeen:
    """Break each step of the profile's, the last one until the alarm sounds; mend it and wait for silence."""
    robot = robot_of(target)
    told = target.metrics.query(f"max({robot.walked})")
    ago = target.metrics.now() - told[0].value if told else float("inf")
    steps = steps_of(target, robot)
    broken, alarm = [], False
    with Passers(target) as passers:
        for number, each in enumerate(robot.breaks):
            seen, alarm = _break(target, undo, robot, each, passers, hold=number == len(robot.breaks) - 1)
            broken.append(seen)
        ask_to_walk(target, robot)
        silent = wait_until(
            lambda: bool(_sounding(target, robot)) or not all(steps_of(target, robot).values()),
            lambda on: not on,
            patience=ALARM_WITHIN,
            every=EVERY,
        )
    return RobotSeen(
        examined=len(steps) + len(broken),
        walked_ago=ago,
        every=robot.every,
        steps=tuple(steps.items()),
        broken=tuple(broken),
        ready_status=target.profile.door.ready.status,
        alarm=alarm,
        silent_again=silent.happened,
    )


def _break(
    target: Target, undo: UndoStack, robot: Robot, each: Break, passers: Passers, *, hold: bool
) -> tuple[Broken, bool]:
    def broken() -> str:
        return next((name for name, works in steps_of(target, robot).items() if not works), "")

    passed = len(passers.answers)
    step = let_refuse(target.platform, undo, declared_database(target), each.begin, each.end)
    ask_to_walk(target, robot)
    red = wait_until(broken, lambda seen: seen == each.step, patience=RED_WITHIN, every=EVERY)
    alarm = hold and red.happened and wait_until(
        lambda: each.step in _sounding(target, robot), bool, patience=ALARM_WITHIN, every=EVERY
    ).happened  # fmt: skip
    if undo.settle(step):
        raise CannotLook(f"{each.step} could not be mended: {each.end}")
    return Broken(each.step, red.last, passers.answers[passed:]), alarm


def ask_to_walk(target: Target, robot: Robot) -> None:
    """Ask the robot to walk at once."""
    copies = target.platform.replicas(robot.service)
    if not copies:
        raise CannotLook(f"no copy of {robot.service} runs")
    target.platform.signal(copies[0].id, robot.now)


def steps_of(target: Target, robot: Robot) -> dict[str, bool]:
    """The steps of the last walk that is known, with whether each worked."""
    return {each.labels.get(robot.label, ""): each.value == 1 for each in target.metrics.query(robot.step)}


def _sounding(target: Target, robot: Robot) -> set[str]:
    on = target.metrics.query(f'ALERTS{{alertname="{robot.alarm}",alertstate="firing"}}')
    return {each.labels.get(robot.label, "") for each in on}
