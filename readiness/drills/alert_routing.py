"""Alerts of every kind are raised in a copy of those who tell people: who hears of which? Is one fault one message?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readiness.config.alerting import CHANNELS, Alerting, AlertingPolicy, Channel, Row
from readiness.core.observations import Observation
from readiness.core.waiting import clock, pause, wait_until
from readiness.drills.alert_desk import Desk
from readiness.targets.inbox import Message
from readiness.targets.manager import Raised

PATIENCE = 40.0
LOOK_ON = 4.0  # seconds for which we look on when all has come that should
STORM_LASTS = 26.0  # seconds: the first message, and the next one about the same
FLAPS_AFTER = 8.0  # seconds for which it is on at first, so that it is told
FLAPS_EVERY = 2.0


@dataclass(frozen=True)
class RowTold:
    """One row of the table, and by what it was told: channel -> to whom the messages were. `shared`: with other rows in one."""

    row: Row
    told: Mapping[Channel, tuple[str, ...]]
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Routing(Observation):
    """All rows. `phone`: that of whoever is on duty. Examined: rows."""

    rows: tuple[RowTold, ...]
    teams: Mapping[str, Mapping[Channel, str]]
    phone: str


@dataclass(frozen=True, kw_only=True)
class StormTold(Observation):
    """What teams were told of one fault with `symptoms` symptoms, of another one beside it, and of one that came and went.

    Channel -> messages, oldest first. `flaps`: how often that one came. Examined: alerts that were raised.
    """

    symptoms: int
    told: Mapping[Channel, tuple[Message, ...]]
    cause: str
    unrelated: str
    flapping: Mapping[Channel, tuple[Message, ...]]
    flaps: int

    @property
    def most(self) -> int:
        """The messages about the fault and its symptoms in the channel that had most."""
        return max(sum(self.unrelated not in each.words for each in found) for found in self.told.values())

    @property
    def most_flapping(self) -> int:
        """The messages about what came and went, in the channel that had most."""
        return max(len(found) for found in self.flapping.values())


def route(desk: Desk, alerting: Alerting, policy: AlertingPolicy, mark: str) -> Routing:
    """Raise all rows of the table at once, and look who is told of each."""
    began = time.time()
    desk.manager.raise_alerts(
        Raised(each.labels, _words(f"{mark}-row-{number}-")) for number, each in enumerate(policy.rows)
    )

    def look() -> tuple[RowTold, ...]:
        return _told(policy.rows, desk.inbox.since(began), alerting, mark)

    wait_until(
        look,
        lambda rows: all(set(each.row.by) <= {*_heard(each)} for each in rows),
        patience=PATIENCE,
        every=1.0,
    )
    pause(LOOK_ON)
    duty = desk.on_call.schedule(began, began + 1)
    return Routing(
        examined=len(policy.rows),
        rows=look(),
        teams={name: {"mail": each.mail, "chat": each.chat} for name, each in alerting.teams.items()},
        phone=duty[0].people[0].phone if duty and duty[0].people else "",
    )


def storm(desk: Desk, alerting: Alerting, policy: AlertingPolicy, mark: str) -> StormTold:
    """Raise one fault with all its symptoms, and another one; beside them one that comes and goes again and again."""
    storm, began, ends = policy.storm, time.time(), clock() + STORM_LASTS
    symptoms = [
        Raised({**each, "instance": f"place-{place}"}, _words(f"{mark}-storm-symptom-"))
        for each in storm.symptoms
        for place in range(storm.instances)
    ]
    cause = [
        Raised({**storm.cause, "instance": f"place-{place}"}, _words(f"{mark}-storm-cause-"))
        for place in range(storm.instances)
    ]
    unrelated = Raised(storm.unrelated, _words(f"{mark}-storm-unrelated-"))
    desk.manager.raise_alerts([*cause, unrelated, *symptoms])
    flapping, flaps = _flapping(mark), 1
    desk.manager.raise_alerts([flapping])
    pause(FLAPS_AFTER)
    while clock() < ends:
        flaps += 1
        over = None if flaps % 2 else time.time()
        desk.manager.raise_alerts([Raised(flapping.labels, flapping.annotations, over)])
        pause(FLAPS_EVERY)
    messages = desk.inbox.since(began)
    return StormTold(
        examined=len(symptoms) + len(cause) + 1 + flaps,
        symptoms=len(symptoms),
        told={
            channel: tuple(_of(messages, alerting, channel, f"{mark}-storm-")) for channel in ("mail", "chat")
        },
        cause=f"{mark}-storm-cause-",
        unrelated=f"{mark}-storm-unrelated-",
        flapping={
            channel: tuple(_of(messages, alerting, channel, f"{mark}-flap-")) for channel in ("mail", "chat")
        },
        flaps=(flaps + 1) // 2,
    )


def _of(messages: Sequence[Message], alerting: Alerting, channel: Channel, mark: str) -> Iterator[Message]:
    """The messages to teams; a person who is called is called by another name."""
    addresses = {getattr(each, channel) for each in alerting.teams.values()}
    for each in messages:
        if (
            each.channel == alerting.channels[channel]
            and mark in each.words
            and addresses & set(each.recipients)
        ):
            yield each


def _flapping(mark: str) -> Raised:
    labels = {"alertname": "ComesAndGoes", "service": "trial", "severity": "warning", "owner": "platform"}
    return Raised(labels, _words(f"{mark}-flap-"))


def _words(summary: str) -> Mapping[str, str]:
    return {"summary": f"Trial {summary}", "description": "A trial.", "runbook_url": "trial", "value": "1"}


def _told(
    rows: Sequence[Row], messages: Sequence[Message], alerting: Alerting, mark: str
) -> tuple[RowTold, ...]:
    def by(number: int, channel: Channel) -> tuple[str, ...]:
        return tuple(
            to
            for each in messages
            if each.channel == alerting.channels[channel] and f"{mark}-row-{number}-" in each.words
            for to in each.recipients or ("somebody",)
        )

    def shared(number: int) -> bool:
        return any(
            f"{mark}-row-{number}-" in each.words
            and each.words.count(f"{mark}-row-") > each.words.count(f"{mark}-row-{number}-")
            for each in messages
        )

    return tuple(
        RowTold(row, {channel: by(number, channel) for channel in CHANNELS}, shared(number))
        for number, row in enumerate(rows)
    )


def _heard(row: RowTold) -> Iterator[Channel]:
    return (channel for channel in CHANNELS if row.told[channel])
