"""A copy of those who tell people, and a way in to each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.actions.deployment import make_copy
from readiness.actions.lookouts import post_lookouts
from readiness.config.alerting import Alerting, Place
from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack
from readiness.targets.door import Answer, Doorway
from readiness.targets.inbox import Inbox, KeptInbox
from readiness.targets.inside_door import InsideDoor
from readiness.targets.manager import AlertManager
from readiness.targets.oncall import OnCallService
from readiness.targets.platform import Platform
from readiness.targets.target import Target

LOOKS = 3
MINUTE = 60.0
IN_ORDER = ("healthy", "")


@dataclass(frozen=True)
class Desk:
    """The copy: its platform, and whom one can talk to in it."""

    platform: Platform
    manager: AlertManager
    on_call: OnCallService
    inbox: Inbox


class ManyLooks:
    """A way in where what brought no answer is asked again: on a busy engine the words of a program get lost now and then.

    For what may be asked twice only, as all is that is told to the alerting: an alert that is raised again is the same one.
    """

    def __init__(self, door: Doorway) -> None:
        self._door = door

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        fresh: bool = False,
    ) -> Answer:
        """One request, again when there was no answer."""
        for _ in range(LOOKS):
            answer = self._door.ask(
                method, path, json=json, body=body, headers=headers, timeout=timeout, fresh=fresh
            )
            if answer.status:
                break
        return answer


class Copies:
    """Makes desks of one target."""

    def __init__(self, target: Target, alerting: Alerting, undo: UndoStack) -> None:
        self._target, self._alerting, self._undo = target, alerting, undo

    def make(self, name: str, further: tuple[str, ...], changed: Mapping[str, Mapping[str, str]]) -> Desk:
        """A copy of manager, on-call service and inbox, and `further` services. `changed`: service -> settings that differ.

        Undo: remove it.
        """
        alerting = self._alerting
        services = (alerting.inbox.service, alerting.on_call.service, alerting.manager.service, *further)
        platform = make_copy(
            self._target.platform, self._undo, name, {each: int(each not in changed) for each in services}
        )
        for service, settings in changed.items():
            platform.change_settings(service, settings)
            platform.scale(service, 1)
        for service in services:
            self.wait_for(platform, service)
        desk = Desk(
            platform,
            AlertManager(self.way_in(platform, alerting.manager)),
            OnCallService(self.way_in(platform, on_call_place(alerting))),
            KeptInbox(self.way_in(platform, alerting.inbox)),
        )
        waited = wait_until(
            desk.manager.ready, bool, patience=self._target.profile.patience.change, every=0.5
        )
        if not waited.happened:
            raise CannotLook(
                f"the copy of {alerting.manager.service} takes no alerts after {waited.seconds:.0f} s"
            )
        return desk

    def wait_for(self, platform: Platform, service: str) -> None:
        """Until a copy of a service is in order. CannotLook when it does not come."""
        waited = wait_until(
            lambda: [each for each in platform.replicas(service) if each.health in IN_ORDER],
            bool,
            patience=self._target.profile.patience.change,
            every=0.5,
        )
        if not waited.happened:
            raise CannotLook(f"no copy of {service} is in order after {waited.seconds:.0f} s")

    def way_in(self, platform: Platform, place: Place) -> Doorway:
        """A way in to a service, from a container of our own beside it."""
        copies = platform.replicas(place.service)[:1]
        (lookout,) = post_lookouts(platform, self._undo, self._alerting.image, copies).values()
        return ManyLooks(InsideDoor(platform, lookout, place.port))


def on_call_place(alerting: Alerting) -> Place:
    """Where the on-call service is talked to."""
    return Place(service=alerting.on_call.service, port=alerting.on_call.port)


def compression(target: Target, alerting: Alerting, seconds: float) -> float:
    """How many times shorter a minute of `seconds` is than the deployment's own."""
    setting = target.platform.settings(alerting.on_call.service).get(alerting.on_call.minute)
    return float(setting or MINUTE) / seconds
