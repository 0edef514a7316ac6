"""Every environment beside production comes up, is used, looked into and knocked at, and goes; production is watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.actions.environments import bring_environment_up, owe_removal
from readiness.config.environments import Environment
from readiness.core.errors import CannotLook, NotSteady
from readiness.core.observations import Observation
from readiness.harness.undo import UndoStack
from readiness.probes.baked import Baked, look_for_names
from readiness.probes.crossing import (
    Knock,
    Sought,
    environment_target,
    knock_everywhere,
    look_for_each_other,
)
from readiness.probes.environments import environments_of
from readiness.probes.in_force import settings_in_production, settings_of_belongings
from readiness.targets.journey import Customer, Served
from readiness.targets.platform import Belonging, Replica
from readiness.targets.target import Target

LAST_WORDS = 8


@dataclass(frozen=True)
class Stay:
    """One environment's time beside production. Seconds from the start of its procedure until that ended.

    `words`: the last ones of the procedure, where it failed; `answers`: to the journey, of `requests` in all; `there`: what
    belonged to it then, `in_force` the settings of its containers; `knocks`: who was let in at its door and at production's;
    `sought`: whose records were found where; `left`: what was there after it had been taken down; `goodbye`: why taking it
    down failed.
    """

    environment: str
    release: bool
    up_after: float
    words: str
    requests: int
    answers: tuple[Served, ...]
    there: tuple[Belonging, ...]
    in_force: Mapping[str, str]
    knocks: tuple[Knock, ...]
    sought: tuple[Sought, ...]
    left: tuple[Belonging, ...]
    goodbye: str


@dataclass(frozen=True, kw_only=True)
class Stays(Observation):
    """All stays, and production's copies before and after them. Examined: environments.

    `in_force`: the settings of production's copies; `baked`: what in its builds names an environment.
    """

    stays: tuple[Stay, ...]
    in_force: Mapping[str, str]
    baked: tuple[Baked, ...]
    before: tuple[Replica, ...]
    after: tuple[Replica, ...]


def let_each_environment_stay(target: Target, undo: UndoStack) -> Stays:
    """One after the other: bring it up, be a customer, look into it, knock, take it down, look what is left.

    Once per run: whoever asks again is told the same.
    """
    return target.once(Stays, lambda: _all_stays(target, undo))


def _all_stays(target: Target, undo: UndoStack) -> Stays:
    environments = environments_of(target).others
    before = _copies(target)
    in_force = settings_in_production(target.platform, sorted({copy.service for copy in before}))
    stays = tuple(_stay(target, undo, name, each) for name, each in environments.items())
    return Stays(
        examined=len(stays),
        stays=stays,
        in_force=in_force,
        baked=look_for_names(target, {copy.image_id: copy.service for copy in before}),
        before=before,
        after=_copies(target),
    )


def _stay(target: Target, undo: UndoStack, name: str, environment: Environment) -> Stay:
    if target.platform.belongings(environment.project):
        raise NotSteady(
            f"The environment {name} is there already (project {environment.project}), so somebody may be using it. "
            f"Take it down first: {' '.join(environment.down.argv())}"
        )
    going, leftovers = owe_removal(target, undo, environment)
    ran = bring_environment_up(target, environment)
    failed = ran.exit_code != 0
    there = target.platform.belongings(environment.project)
    if not failed and not any(each.kind == "container" for each in there):
        raise CannotLook(
            f"The environment {name} is up, but the target's engine holds no container of project {environment.project}. "
            "It has to run on that engine, under the project of the profile."
        )
    there_as_target = environment_target(target, environment)
    answers = () if failed else _journey(there_as_target)
    in_force = settings_of_belongings(target.platform, there)
    knocks = () if failed else knock_everywhere(target, there_as_target, name)
    sought = () if failed else look_for_each_other(target, there_as_target, name)
    refused = undo.settle(going)
    left = target.platform.belongings(environment.project)
    undo.settle(leftovers)
    return Stay(
        environment=name,
        release=environment.release,
        up_after=ran.seconds,
        words="\n".join(ran.output.strip().splitlines()[-LAST_WORDS:]) if failed else "",
        requests=len(target.profile.journey),
        answers=answers,
        there=there,
        in_force=in_force,
        knocks=knocks,
        sought=sought,
        left=left,
        goodbye="; ".join(each.error for each in refused),
    )


def _journey(there: Target) -> tuple[Served, ...]:
    customer = Customer(there, fresh_connections=True)
    answers = tuple(customer.walk())
    customer.clean_up()
    return answers


def _copies(target: Target) -> tuple[Replica, ...]:
    platform = target.platform
    return tuple(copy for service in platform.services() for copy in platform.replicas(service.name))
