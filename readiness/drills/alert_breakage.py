"""The alerting itself breaks, in a copy of it: first one channel, then what evaluates the rules. Does a person hear of it?"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness.config.alerting import CHANNELS, Alerting, Channel
from readiness.core.observations import Observation
from readiness.core.waiting import clock, wait_until
from readiness.drills.alert_desk import Desk
from readiness.targets.inbox import Message
from readiness.targets.manager import Raised

PATIENCE = 130.0


@dataclass(frozen=True, kw_only=True)
class BrokenChannel(Observation):
    """One channel takes nothing. Examined: channels.

    `arrived`: seconds until a critical alert arrived by each channel, None: it never did; `told_by`: seconds until the other
    channels told that the broken one fails.
    """

    broken: Channel
    arrived: Mapping[Channel, float | None]
    told_by: Mapping[Channel, float]


@dataclass(frozen=True, kw_only=True)
class DeadAlerting(Observation):
    """What evaluates the rules is gone. `told_after`: seconds until a telephone rang for that; None: it never did.

    `before`: whether one had rung for it when nothing was wrong yet. Examined: messages by phone.
    """

    gone: str
    told_after: float | None
    before: bool

    @property
    def seconds(self) -> float:
        """Seconds until it was told; for ever when it was not."""
        return float("inf") if self.told_after is None else self.told_after


def break_channel(desk: Desk, alerting: Alerting, mark: str) -> BrokenChannel:
    """The copy's inbox takes nothing by one channel already: raise an alert, and look by what it and the breakage are told."""
    began, broken = time.time(), alerting.breaking.channel
    labels = {"alertname": f"Trial{mark}", "service": "trial", "severity": "critical", "owner": "platform"}
    desk.manager.raise_alerts(
        [Raised(labels, {"summary": f"Trial {mark}", "value": "1", "runbook_url": "trial"})]
    )
    others = [each for each in CHANNELS if each != broken]

    def look() -> BrokenChannel:
        messages = desk.inbox.since(began)
        arrived: dict[Channel, float | None] = {
            channel: _first(messages, alerting, channel, mark, began) for channel in CHANNELS
        }
        told = {
            channel: found
            for channel in others
            if (found := _first(messages, alerting, channel, _breakage(broken), began, without=mark))
            is not None
        }
        return BrokenChannel(examined=len(CHANNELS), broken=broken, arrived=arrived, told_by=told)

    waited = wait_until(
        look,
        lambda seen: all(seen.arrived[each] is not None and each in seen.told_by for each in others),
        patience=PATIENCE, every=1.0,
    )  # fmt: skip
    return waited.last


def kill_evaluation(desk: Desk, alerting: Alerting) -> DeadAlerting:
    """Stop what evaluates the rules, and wait until a telephone rings for that."""
    gone, platform = alerting.evaluated_by, desk.platform
    before = _calls_for(desk.inbox.since(0), alerting, gone)
    began, clocked = time.time(), clock()
    platform.scale(gone, 0)
    waited = wait_until(
        lambda: _calls_for(desk.inbox.since(began), alerting, gone),
        bool,
        patience=PATIENCE,
        since=clocked,
        every=1.0,
    )
    told = waited.last[0].received - began if waited.last else None
    phone = alerting.channels["phone"]
    examined = sum(each.channel == phone for each in desk.inbox.since(0))
    return DeadAlerting(examined=max(1, examined), gone=gone, told_after=told, before=bool(before))


def _calls_for(messages: Sequence[Message], alerting: Alerting, gone: str) -> list[Message]:
    return [
        each for each in messages
        if each.channel == alerting.channels["phone"] and re.search(rf"\b{re.escape(gone)}\b", each.words, re.IGNORECASE)
    ]  # fmt: skip


def _breakage(channel: Channel) -> str:
    return f"{channel}.*(fail|not delivered|broken)|(fail|not delivered|broken).*{channel}"


def _first(
    messages: Sequence[Message],
    alerting: Alerting,
    channel: Channel,
    words: str,
    began: float,
    without: str = "",
) -> float | None:
    """Seconds until the first message by a channel that has the words."""
    return next(
        (
            each.received - began for each in messages
            if each.channel == alerting.channels[channel]
            and re.search(words, each.words, re.IGNORECASE | re.DOTALL)
            and not (without and without in each.words)
        ),
        None,
    )  # fmt: skip
