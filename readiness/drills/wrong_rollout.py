"""A release is rolled out that was told something wrong, while customers use the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.actions.scaling import hold_size
from readiness.actions.settings import roll_out_settings
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.visitors import Visitors
from readiness.harness.undo import UndoStack
from readiness.targets.journey import Served
from readiness.targets.target import Target

BEFORE = AFTERWARDS = 2.0
STOPPED = frozenset({"paused", "rollback_paused"})


@dataclass(frozen=True, kw_only=True)
class WrongRollout(Observation):
    """A rollout without a required setting. Examined: answers to customers from its begin until they were safe, or we gave up.

    `taken_back`: whether the settings of before are declared again and nothing is under way; `seconds` until then. `state`: the
    platform's word for how it went. `tried`: whether a copy was started with the wrong settings at all. `lost`: instances that
    ran before and do not any more.
    """

    setting: str
    taken_back: bool
    seconds: float
    state: str
    tried: bool
    lost: tuple[str, ...]
    visits: tuple[Served, ...]


def roll_out_wrong_settings(target: Target, undo: UndoStack) -> WrongRollout:
    """Take the first required setting away and roll the service out, until the platform has taken it back."""
    platform, service = target.platform, target.profile.service.name
    setting = first_required(target)
    hold_size(target, undo)
    former = platform.settings(service)
    if setting not in former:
        raise CannotLook(
            f"{service} is not told {setting}, so it cannot be taken away; correct `told` in the profile"
        )
    before = {copy.task: copy.instance for copy in platform.replicas(service)}
    ended = {each.task for each in platform.ended(service)}
    with Visitors(target) as visitors:
        pause(BEFORE)
        began = clock()
        step = roll_out_settings(platform, undo, service, {setting: None})
        waited = wait_until(
            lambda: _where_it_stands(target, former, set(before)),
            lambda seen: seen.over,
            patience=target.profile.patience.change,
            since=began,
        )
        pause(AFTERWARDS)
        served = visitors.served_between(began, clock())
        now = {copy.task for copy in platform.replicas(service)}
    tried = {each.task for each in platform.ended(service)} - ended - set(before)
    if waited.last.taken_back:
        undo.forget(step)
    else:
        undo.settle(step)
    return WrongRollout(
        examined=len(served),
        setting=setting,
        taken_back=waited.last.taken_back,
        seconds=waited.seconds,
        state=waited.last.state,
        tried=bool(tried),
        lost=tuple(instance for task, instance in before.items() if task not in now),
        visits=served,
    )


@dataclass(frozen=True)
class _Standing:
    taken_back: bool
    over: bool
    state: str


def _where_it_stands(target: Target, former: object, before: set[str]) -> _Standing:
    """Over is it when it was taken back, when the platform gave up, or when none of the former copies is left."""
    platform, service = target.platform, target.profile.service.name
    state, idle = platform.update_state(service), not platform.service(service).update_state
    taken_back = idle and platform.settings(service) == former
    replaced = idle and not before & {copy.task for copy in platform.replicas(service)}
    return _Standing(taken_back, taken_back or state in STOPPED or replaced, state)


def first_required(target: Target) -> str:
    """The first setting without which the service does not start. CapabilityMissing where the profile names none."""
    told = [each for each in target.profile.told if each.service == target.profile.service.name]
    names = [setting.name for each in told for setting in each.settings if setting.required]
    if not names:
        raise CapabilityMissing(
            f"The profile of {target.name} names no setting that {target.profile.service.name} requires (told)."
        )
    return names[0]
