"""What the on-call service makes of problems, in a copy of it whose minutes are short: whom it calls when, and what it keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from readiness.config.alerting import Alerting
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.alert_desk import Copies, Desk, on_call_place
from readiness.targets.inbox import Message
from readiness.targets.manager import Raised
from readiness.targets.oncall import Incident, OnCallService, Person

CALLED_WITHIN = 30.0  # minutes of the policy in which the third person must have been called
JOINS_WITHIN = 10.0  # minutes of the policy in which a problem that comes back is the same
DAY = 24 * 60.0
DOWN_FOR = 12.0
PATIENCE = 90.0


@dataclass(frozen=True, kw_only=True)
class Escalation(Observation):
    """Who was called about a problem that nobody acknowledged: telephone, and minutes of the deployment since it began.

    `answered`: the same for one that was acknowledged at once. `on_duty`: in the order of the schedule. Examined: calls.
    """

    unanswered: tuple[tuple[str, float], ...]
    answered: tuple[tuple[str, float], ...]
    on_duty: tuple[Person, ...]

    @property
    def second_after(self) -> float:
        """Seconds of the deployment until the second person was called; for ever when he was not."""
        return self._until(1)

    @property
    def third_after(self) -> float:
        """The same for the third."""
        return self._until(2)

    def _until(self, place: int) -> float:
        wanted = self.on_duty[place].phone if place < len(self.on_duty) else ""
        return next((after * 60 for phone, after in self.unanswered if phone == wanted), float("inf"))


@dataclass(frozen=True, kw_only=True)
class LifeOfAnIncident(Observation):
    """The numbers of the incidents that a problem had, step by step. Examined: steps.

    `repeated`: while it was told again and again; `closed`: the incident when it was over, `lasted`: seconds that it should have;
    `back`: when it soon came back, and whether it is open then; `later`: when it came back after long.
    """

    repeated: tuple[Incident, ...]
    closed: Incident | None
    lasted: float
    back: tuple[Incident, ...]
    later: tuple[int, ...]
    overdue_at_once: bool
    overdue_later: bool
    overdue_reviewed: bool


@dataclass(frozen=True, kw_only=True)
class ServiceDown(Observation):
    """The on-call service was down when an alert was raised. Examined: incidents before, and the alert.

    `lost`: incidents that it knew before and did not know afterwards; `arrived_after`: seconds from its return until it had an
    incident of the alert, None: it never had; `twice`: whether it had more than one.
    """

    lost: tuple[int, ...]
    arrived_after: float | None
    twice: bool
    called: bool


class Trial:
    """Trials of one desk, whose minutes last `minute` seconds and are `faster` times as short as the deployment's."""

    def __init__(self, desk: Desk, alerting: Alerting, mark: str, minute: float, faster: float) -> None:
        self._desk, self._alerting, self._mark = desk, alerting, mark
        self._minute, self._faster = minute, faster
        self._began = time.time()
        self._clock = clock()

    def begin(self) -> None:
        """Raise the problem that nobody acknowledges, and the one that is acknowledged as soon as somebody was called."""
        for name in ("unanswered", "answered"):
            self._desk.on_call.notify(self._problem(name, self._began))
        wait_until(lambda: self._calls("answered"), bool, patience=PATIENCE, every=0.5)
        for incident in self._incidents("answered"):
            self._desk.on_call.acknowledge(incident.id, "trial")

    def live(self) -> Callable[[], LifeOfAnIncident]:
        """Let a problem be told again and again, be over, come back; returns what looks at its later life."""
        service, began = self._desk.on_call, time.time() - 30
        for _ in range(3):
            service.notify(self._problem("life", began))
        repeated = self._incidents("life")
        ended = time.time()
        service.notify(self._problem("life", began, ended))
        closed = next((each for each in self._incidents("life") if each.resolved), None)
        service.notify(self._problem("life", ended + 0.5))
        back = self._incidents("life")
        over = time.time()
        service.notify(self._problem("life", ended + 0.5, over))
        over_at = clock()

        def later() -> LifeOfAnIncident:
            pause(max(0.0, over_at + JOINS_WITHIN * self._minute + 2 - clock()))
            service.notify(self._problem("life", over + JOINS_WITHIN * self._minute + 1.5))
            numbers = tuple(each.id for each in self._incidents("life"))
            service.notify(self._problem("life", time.time() - 1, time.time()))
            return self._reviewed(repeated, closed, ended - began, back, numbers)

        return later

    def _reviewed(
        self,
        repeated: tuple[Incident, ...],
        closed: Incident | None,
        lasted: float,
        back: tuple[Incident, ...],
        later: tuple[int, ...],
    ) -> LifeOfAnIncident:
        service, now = self._desk.on_call, time.time()
        in_a_week = now + 7 * DAY * self._minute + 1
        first = later[0] if later else 0
        at_once, in_time = first in service.overdue(now), first in service.overdue(in_a_week)
        if first:
            service.review(first, "trial", "what was learned")
        return LifeOfAnIncident(
            examined=6, repeated=repeated, closed=closed, lasted=lasted, back=back, later=later,
            overdue_at_once=at_once, overdue_later=in_time, overdue_reviewed=first in service.overdue(in_a_week),
        )  # fmt: skip

    def calls(self) -> Escalation:
        """Wait until three were called, or for so long that they should have been."""
        duty = self._desk.on_call.schedule(self._began, self._began + 1)
        people = duty[0].people if duty else ()
        waited = wait_until(
            lambda: self._calls("unanswered"),
            lambda calls: len({phone for phone, _ in calls}) >= 3,
            patience=max(1.0, self._clock + CALLED_WITHIN * self._minute - clock()), every=1.0,
        )  # fmt: skip
        answered = self._calls("answered")
        return Escalation(
            examined=len(waited.last) + len(answered),
            unanswered=waited.last,
            answered=answered,
            on_duty=people,
        )

    def outage(self, copies: Copies) -> ServiceDown:
        """Stop the service, raise an alert by way of the manager, and start it again."""
        platform, name = self._desk.platform, self._alerting.on_call.service
        before = {each.id for each in self._desk.on_call.incidents()}
        platform.scale(name, 0)
        wait_until(lambda: platform.replicas(name), lambda copies: not copies, patience=PATIENCE, every=0.5)
        began = time.time()
        labels = {
            "alertname": f"Outage{self._mark}",
            "service": "trial",
            "severity": "critical",
            "owner": "platform",
        }
        self._desk.manager.raise_alerts([Raised(labels, {"summary": "Trial", "runbook_url": "trial"})])
        pause(DOWN_FOR)
        platform.scale(name, 1)
        copies.wait_for(platform, name)
        service, back = OnCallService(copies.way_in(platform, on_call_place(self._alerting))), clock()
        waited = wait_until(
            lambda: [each for each in service.incidents(0) if each.title == labels["alertname"]],
            bool, patience=PATIENCE, since=back, every=1.0,
        )  # fmt: skip
        called = wait_until(
            lambda: [each for each in self._desk.inbox.since(began) if labels["alertname"] in each.words and self._is_call(each)],
            bool, patience=20.0 if waited.happened else 0.0, every=1.0,
        )  # fmt: skip
        return ServiceDown(
            examined=len(before) + 1,
            lost=tuple(sorted(before - {each.id for each in service.incidents(0)})),
            arrived_after=waited.seconds if waited.happened else None,
            twice=len(waited.last) > 1,
            called=called.happened,
        )

    def _calls(self, name: str) -> tuple[tuple[str, float], ...]:
        return tuple(
            (to, (each.received - self._began) * self._faster / 60)
            for each in self._desk.inbox.since(self._began)
            if self._is_call(each) and self._title(name) in each.words
            for to in each.recipients
        )

    def _is_call(self, message: Message) -> bool:
        return message.channel == self._alerting.channels["phone"]

    def _incidents(self, name: str) -> tuple[Incident, ...]:
        return tuple(each for each in self._desk.on_call.incidents() if each.title == self._title(name))

    def _title(self, name: str) -> str:
        return f"Trial{name.title()}{self._mark}"

    def _problem(self, name: str, began: float, ended: float | None = None) -> Mapping[str, Any]:
        """A notification as Alertmanager's webhook brings it."""
        alert = {
            "status": "firing" if ended is None else "resolved",
            "labels": {"alertname": self._title(name), "service": "trial", "severity": "critical", "owner": "platform"},
            "annotations": {"summary": "Trial", "value": "1", "runbook_url": "runbook"},
            "startsAt": _iso(began), "endsAt": _iso(ended) if ended is not None else "0001-01-01T00:00:00Z",
            "generatorURL": "http://trial.invalid/graph", "fingerprint": self._title(name),
        }  # fmt: skip
        return {
            "version": "4", "receiver": "trial", "status": alert["status"],
            "groupKey": f'{{}}:{{alertname="{self._title(name)}"}}',
            "alerts": [alert], "groupLabels": {"alertname": self._title(name)}, "commonLabels": alert["labels"],
            "commonAnnotations": alert["annotations"], "externalURL": "http://trial.invalid", "truncatedAlerts": 0,
        }  # fmt: skip


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat()
