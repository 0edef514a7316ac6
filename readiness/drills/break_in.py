"""A harmless break-in: keys are tried, the door is probed, programs are started in containers. Who hears of it, and when?"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from readiness.config.watching import Watching
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.targets.inbox import Inbox, Message
from readiness.targets.platform import Replica
from readiness.targets.target import Target

MISTYPED = 3
TRIED = 20
PROBED = (
    "/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/", "/admin.php", "/cgi-bin/test", "/server-status", "/actuator/env",
    "/v1/../../etc/passwd", "/v1/members?name=x'%20OR%20'1'='1", "/v1/members?name=x%27%20UNION%20SELECT%201", "/backup.zip",
)  # fmt: skip
SHELL = ("sh", "-c", "id")
WRITE = ("sh", "-c", "touch /etc/readiness-drill && rm /etc/readiness-drill")
QUIET_FIRST = 150.0  # seconds for which we wait until no alarm of former events is on
PATIENCE = 130.0
EVENTS_WITHIN = 60.0  # seconds after which an attempt that left no event will leave none
EVERY = 1.0
LINES = 500


@dataclass(frozen=True)
class Noticed:
    """One event in the watch's log. `seen`: Unix seconds."""

    kind: str
    source: str
    target: str
    seen: float


@dataclass(frozen=True)
class Attempt:
    """One way of breaking in: when it was tried, the event that it left, and after how many seconds a person was told."""

    words: str
    kind: str
    against: str
    began: float
    noticed: Noticed | None = None
    told_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class BreakIn(Observation):
    """All attempts, and what was told of a visitor who mistyped his key before. Examined: attempts and mistyped keys."""

    attempts: tuple[Attempt, ...]
    about_the_honest: tuple[Noticed, ...]

    @property
    def slowest(self) -> float:
        """Seconds until a person had been told of every attempt. ValueError when nobody was told of one."""
        told = [each.told_after for each in self.attempts]
        if None in told:
            raise ValueError("nobody was told of one of the attempts")
        return max(each for each in told if each is not None)


def break_in(target: Target) -> BreakIn:
    """Mistype a key as anybody may, then try every way, and see who is told. CannotLook while former alarms are on."""
    watching = watching_of(target)
    inbox = inbox_of(target)
    _wait_for_quiet(target, watching)
    began = time.time()
    _ask_with_wrong_keys(target, watching, MISTYPED)
    attempts = tuple(_attempts(target, watching))
    waited = wait_until(
        lambda: _seen(attempts, _events(target, watching), inbox.since(began), watching),
        lambda seen: all(_is_settled(each) for each in seen),
        patience=PATIENCE,
        every=EVERY,
    )
    first = min(each.began for each in attempts)
    early = tuple(each for each in _events(target, watching) if began <= each.seen < first)
    return BreakIn(examined=len(attempts) + MISTYPED, attempts=waited.last, about_the_honest=early)


def watching_of(target: Target) -> Watching:
    """What the profile says of who watches. CapabilityMissing where it says nothing."""
    if target.profile.watching is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say who watches for break-ins (watching)."
        )
    return target.profile.watching


def inbox_of(target: Target) -> Inbox:
    """Where people's notifications can be read. CapabilityMissing where the profile names no inbox."""
    if target.profile.inbox is None:
        raise CapabilityMissing(f"The profile of {target.name} names no inbox of notifications (inbox.url).")
    return Inbox(target.profile.inbox.url)


def _wait_for_quiet(target: Target, watching: Watching) -> None:
    """An alarm that is on already would be told of only once, before we look."""
    question = f'ALERTS{{alertname="{watching.alarm}",alertstate="firing"}}'
    waited = wait_until(
        lambda: target.metrics.query(question), lambda on: not on, patience=QUIET_FIRST, every=EVERY
    )
    if not waited.happened:
        raise CannotLook(
            f"{watching.alarm} has been on for {waited.seconds:.0f} s, so a new one would not be told of"
        )


def _attempts(target: Target, watching: Watching) -> Iterator[Attempt]:
    kinds, platform, service = watching.kinds, target.platform, target.profile.service
    others = [each.service for each in service.dependencies] or [service.name]
    entered, written = (_a_copy(target, name) for name in (service.name, others[0]))

    def tried(words: str, kind: str, against: str, act: Callable[[], object]) -> Attempt:
        began = time.time()
        act()
        return Attempt(words, kind, against, began)

    yield tried(f"{TRIED} wrong keys", kinds.keys, "", lambda: _ask_with_wrong_keys(target, watching, TRIED))
    yield tried("probing of the door", kinds.probing, "", lambda: _probe(target))
    yield tried(
        f"a shell in {entered.service}", kinds.program, entered.id[:12],
        lambda: platform.run_inside(entered.id, SHELL, timeout=15),
    )  # fmt: skip
    yield tried(
        f"a write below /etc of {written.service}", kinds.program, written.id[:12],
        lambda: platform.run_inside(written.id, WRITE, timeout=15),
    )  # fmt: skip


def _a_copy(target: Target, service: str) -> Replica:
    copies = target.platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} runs that could be broken into")
    return copies[0]


def _ask_with_wrong_keys(target: Target, watching: Watching, times: int) -> None:
    """Each key is another one and of the right form, each connection new, so that the copies take turns."""
    for _ in range(times):
        headers = {
            name: re.sub(r"\S+$", secrets.token_hex(32), value)
            for name, value in target.headers(watching.identity).items()
        }
        answer = target.another_door().ask(
            "GET", watching.locked, headers=headers, timeout=target.profile.patience.answer
        )
        if not answer.status or answer.status < 400:
            raise CannotLook(
                f"GET {watching.locked} with a wrong key was not refused ({answer.status or answer.error}), so nothing was tried"
            )


def _probe(target: Target) -> None:
    door = target.another_door()
    for path in PROBED:
        door.ask("GET", path, timeout=target.profile.patience.answer)


def _events(target: Target, watching: Watching) -> tuple[Noticed, ...]:
    copies = target.platform.replicas(watching.service)
    return tuple(
        event for copy in copies for event in events_in(target.platform.logs(copy.id, LINES), watching)
    )


def events_in(log: str, watching: Watching) -> Iterator[Noticed]:
    """The events in a log; lines that are none are left out."""
    fields = watching.log
    for line in log.splitlines():
        try:
            told = json.loads(line)
            if told[fields.message] == fields.says:
                yield Noticed(
                    str(told[fields.kind]),
                    str(told[fields.source]),
                    str(told[fields.target]),
                    datetime.fromisoformat(told[fields.seen]).timestamp(),
                )
        except (ValueError, KeyError, TypeError):
            continue


def _seen(
    attempts: Sequence[Attempt], events: Sequence[Noticed], messages: Sequence[Message], watching: Watching
) -> tuple[Attempt, ...]:
    return tuple(seen_of(each, events, messages, watching) for each in attempts)


def seen_of(
    attempt: Attempt, events: Sequence[Noticed], messages: Sequence[Message], watching: Watching
) -> Attempt:
    """The attempt with the first event that it left, and with the first message to people that tells of that event."""
    mine = [
        each for each in events
        if each.kind == attempt.kind and attempt.against in each.target and each.seen >= attempt.began - EVERY
    ]  # fmt: skip
    if not mine:
        return attempt
    event = min(mine, key=lambda each: each.seen)
    told = [
        each.received - attempt.began for each in messages
        if each.channel in watching.people and _tells(each, event, watching)
    ]  # fmt: skip
    return Attempt(
        attempt.words, attempt.kind, attempt.against, attempt.began, event, min(told) if told else None
    )


def _is_settled(attempt: Attempt) -> bool:
    if attempt.noticed is None:
        return time.time() - attempt.began > EVENTS_WITHIN
    return attempt.told_after is not None


def _tells(message: Message, event: Noticed, watching: Watching) -> bool:
    words = f"{message.subject}\n{message.text}"
    return all(each in words for each in (watching.alarm, event.kind, event.source, event.target))
