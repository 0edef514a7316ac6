"""Two parts fail at the same time, for reasons of their own: who is told of each, by what, when, and of its end?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from readiness.actions.copies import hang_copy, scale_service
from readiness.config.alerting import CHANNELS, Alerting, AlertingPolicy, Channel, Fault, load_alerting_policy
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.break_in import inbox_of
from readiness.harness.undo import UndoStack, UndoStep
from readiness.probes.alert_words import Wordings, said_by
from readiness.probes.known_secrets import known_secrets
from readiness.targets.door import Door
from readiness.targets.inbox import Message
from readiness.targets.metrics import ActiveAlert
from readiness.targets.oncall import Figures, Incident, OnCallService
from readiness.targets.target import Target

QUIET_FIRST = 150.0  # seconds for which we wait until no alarm of former events is on
PATIENCE = 130.0
EVERY = 1.0
OVER = "RESOLVED"


@dataclass(frozen=True)
class FaultTold:
    """One fault: how long it lasted (Unix seconds), the alerts that it raised, who was told of it and of its end, its incidents.

    `first_called`: the telephone of whoever was on duty.
    """

    service: str
    words: str
    began: float
    ended: float
    alerts: tuple[ActiveAlert, ...]
    told: Mapping[Channel, tuple[Message, ...]]
    over: Mapping[Channel, tuple[Message, ...]]
    incidents: tuple[Incident, ...]
    first_called: str

    def after(self, *, over: bool = False) -> float:
        """Seconds until it, or its end, was told in the last of the channels; ValueError when one brought nothing."""
        messages, since = (self.over, self.ended) if over else (self.told, self.began)
        if any(not messages[channel] for channel in CHANNELS):
            raise ValueError(f"{self.words} was not told in every channel")
        return max(messages[channel][0].received - since for channel in CHANNELS)


@dataclass(frozen=True, kw_only=True)
class FaultsTold(Observation):
    """All faults of the drill. `others`: messages that came meanwhile and are about none of them. Examined: faults × channels."""

    faults: tuple[FaultTold, ...]
    others: tuple[Message, ...]
    policy: AlertingPolicy

    @property
    def slowest(self) -> float:
        """Seconds until the last fault, or the last end of one, had been told in the last channel."""
        return max(each.after(over=over) for each in self.faults for over in (False, True))


@dataclass(frozen=True, kw_only=True)
class Record(Observation):
    """All incidents that there have been, and the mean times that are computed from them. Examined: incidents."""

    incidents: tuple[Incident, ...]
    figures: Figures


def alerting_of(target: Target) -> Alerting:
    """What the profile says of telling people. CapabilityMissing where it says nothing."""
    if target.profile.alerting is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say who is told of what (alerting).")
    return target.profile.alerting


def on_call_of(target: Target) -> OnCallService:
    """The on-call service of the deployment itself."""
    return OnCallService(Door(alerting_of(target).on_call.url))


def record_of(target: Target) -> Record:
    """Read all incidents and the figures over them; nothing may change between the two."""
    service = on_call_of(target)
    waited = wait_until(
        lambda: (service.incidents(), service.figures(), service.incidents()),
        lambda seen: seen[0] == seen[2],
        patience=10,
    )
    incidents, figures, _ = waited.last
    return Record(examined=len(incidents), incidents=incidents, figures=figures)


def parts_that_failed(target: Target, undo: UndoStack) -> FaultsTold:
    """Two parts failed and were mended: once in a run."""
    return target.once(FaultsTold, lambda: let_parts_fail(target, undo))


def let_parts_fail(target: Target, undo: UndoStack) -> FaultsTold:
    """Let every part of the profile's list fail at once, wait until all is told, mend them, wait until that is told, too."""
    alerting, policy = alerting_of(target), load_alerting_policy(target.root)
    _wait_for_quiet(target, alerting, policy)
    began = time.time()
    steps = [_fail(target, undo, each) for each in alerting.faults]
    seen: dict[str, dict[str, ActiveAlert]] = {each.service: {} for each in alerting.faults}
    wait_until(
        lambda: _look(target, alerting, policy, began, 0.0, seen),
        lambda faults: all(each.told[channel] for each in faults for channel in CHANNELS),
        patience=PATIENCE, every=EVERY,
    )  # fmt: skip
    problems = [failure.error for step in reversed(steps) for failure in undo.settle(step)]
    if problems:
        raise CannotLook(f"what was broken could not be mended: {'; '.join(problems)}")
    ended = time.time()
    waited = wait_until(
        lambda: _look(target, alerting, policy, began, ended, {}, seen),
        lambda faults: all(
            (each.over[channel] or not each.told[channel]) and all(one.resolved for one in each.incidents)
            for each in faults
            for channel in CHANNELS
        ),
        patience=PATIENCE, every=EVERY,
    )  # fmt: skip
    theirs = messages_of(waited.last)
    others = tuple(each for each in inbox_of(target).since(began) if each not in theirs)
    return FaultsTold(
        examined=len(waited.last) * len(CHANNELS), faults=waited.last, others=others, policy=policy
    )


def _wait_for_quiet(target: Target, alerting: Alerting, policy: AlertingPolicy) -> None:
    """An alarm that is on already, or an incident that is open, would be told of only once, before we look."""
    names = [each.service for each in alerting.faults]

    def on() -> list[str]:
        return [
            each.name for each in target.metrics.alerts()
            if each.labels.get("severity") in policy.severities and any(_names(each, name) for name in names)
        ]  # fmt: skip

    waited = wait_until(on, lambda names: not names, patience=QUIET_FIRST, every=EVERY)
    if not waited.happened:
        raise CannotLook(
            f"{', '.join(waited.last)} is on for {waited.seconds:.0f} s, so a new alarm would not be told of"
        )


def _fail(target: Target, undo: UndoStack, fault: Fault) -> UndoStep:
    if not fault.hangs:
        return scale_service(target.platform, undo, fault.service, 0)
    copies = target.platform.replicas(fault.service)
    if not copies:
        raise CannotLook(f"no copy of {fault.service} runs that could hang")
    return hang_copy(target.platform, undo, copies[0])


def _look(
    target: Target,
    alerting: Alerting,
    policy: AlertingPolicy,
    began: float,
    ended: float,
    seen: dict[str, dict[str, ActiveAlert]],
    before: Mapping[str, Mapping[str, ActiveAlert]] | None = None,
) -> tuple[FaultTold, ...]:
    """All faults as they are known now. Alerts that fire are collected in `seen`; after the end, those `before` count."""
    for alert in target.metrics.alerts() if before is None else ():
        for service, known in seen.items():
            if alert.fires and alert.labels.get("severity") in policy.severities and _names(alert, service):
                known.setdefault(str(sorted(alert.labels.items())), alert)
    raised = before if before is not None else seen
    messages, on_call = inbox_of(target).since(began), on_call_of(target)
    incidents = on_call.incidents(began)
    duty = on_call.schedule(began, began + 1)
    first = duty[0].people[0].phone if duty and duty[0].people else ""
    return tuple(
        fault_told(
            each, tuple(raised[each.service].values()), messages, incidents, alerting, (began, ended), first
        )
        for each in alerting.faults
    )


def fault_told(
    fault: Fault,
    alerts: tuple[ActiveAlert, ...],
    messages: Sequence[Message],
    incidents: Sequence[Incident],
    alerting: Alerting,
    lasted: tuple[float, float],
    first_called: str,
) -> FaultTold:
    """What of all that happened is about one fault."""
    mine = [each for each in messages if any(_tells(each, alert) for alert in alerts)]
    titles = {(alert.name, alert.labels.get("service", "")) for alert in alerts}

    def by(channel: Channel, *, over: bool) -> tuple[Message, ...]:
        name = alerting.channels[channel]
        return tuple(each for each in mine if each.channel == name and (OVER in each.words.upper()) == over)

    return FaultTold(
        service=fault.service, words=f"{fault.service} {'hangs' if fault.hangs else 'is gone'}",
        began=lasted[0], ended=lasted[1], alerts=alerts,
        told={channel: by(channel, over=False) for channel in CHANNELS},
        over={channel: by(channel, over=True) for channel in CHANNELS},
        incidents=tuple(each for each in incidents if (each.title, each.service) in titles),
        first_called=first_called,
    )  # fmt: skip


def _names(alert: ActiveAlert, service: str) -> bool:
    """Whether an alert names a service, in a label or in its words."""
    return has_word(" ".join([*alert.labels.values(), *alert.annotations.values()]), service)


def _tells(message: Message, alert: ActiveAlert) -> bool:
    return all(
        has_word(message.words, each) for each in (alert.name, alert.labels.get("service", "")) if each
    )


def has_word(text: str, word: str) -> bool:
    """Whether a text has a word that is not part of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def messages_of(faults: Iterable[FaultTold]) -> tuple[Message, ...]:
    """Every message about faults and their ends."""
    return tuple(
        one for each in faults for side in (each.told, each.over) for found in side.values() for one in found
    )


def wordings_of(target: Target, seen: FaultsTold) -> Wordings:
    """What every message about the faults says."""
    secrets, folder = known_secrets(target), alerting_of(target).instructions
    said = tuple(
        said_by(message, each.alerts, folder, secrets.within(message.words))
        for each in seen.faults
        for message in messages_of([each])
        if OVER not in message.words.upper()
    )
    return Wordings(examined=len(said), said=said)
