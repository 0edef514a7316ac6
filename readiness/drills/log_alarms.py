"""Trouble that shows only in logs: whether a person is told of it and of its end, and of what is unusual; and of nothing else."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.break_in import inbox_of
from readiness.drills.log_writers import Says, Writer, logs_of, search_of, start_writer
from readiness.drills.simulated_rules import Course, sound_during
from readiness.harness.undo import UndoStack
from readiness.targets.inbox import Message
from readiness.targets.log_search import Sought
from readiness.targets.metrics import AlertRule
from readiness.targets.target import Target

TROUBLED, CHATTY = "readiness-log-troubled", "readiness-log-chatty"
ERRORS_PER_SECOND = 4
ERRORS_FOR = 90.0
PATIENCE = 150.0
EVERY = 1.0
TRACE = (
    'Traceback (most recent call last):\n  File "pay.py", line 7, in pay\nValueError: a card that has ended'
)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, kw_only=True)
class LogAlarms(Observation):
    """Who was told, in seconds after the critical line was written. Examined: lines, and channels.

    `told` and `told_of_the_end`: channel -> seconds, None where nothing came. `unusual_seen`: whether the rule for
    unusual numbers of errors held for the part that wrote them. `disturbed_by`: what was told, or held, of a part that only
    talks much.
    """

    told: tuple[tuple[str, float | None], ...]
    told_of_the_end: tuple[tuple[str, float | None], ...]
    found_in_search: bool
    unusual_seen: bool
    disturbed_by: tuple[str, ...]

    @property
    def slowest(self) -> float:
        """Seconds until people had been told by every channel. ValueError when one was silent."""
        after = [seconds for _, seconds in self.told]
        if None in after:
            raise ValueError("nobody was told by one of the channels")
        return max(each for each in after if each is not None)


@dataclass(frozen=True, kw_only=True)
class UnusualRule(Observation):
    """The rule for unusual numbers of errors on simulated time: what was supposed, whether it has to sound, whether it did."""

    trials: tuple[tuple[str, bool, bool], ...]


def cause_trouble(target: Target, undo: UndoStack) -> LogAlarms:
    """Have a critical line and many errors written by one part, and much that is no trouble by another; see who is told."""
    logs, inbox = logs_of(target), inbox_of(target)
    rule = rule_named(target, logs.alarms.unusual)
    mark = secrets.token_hex(8)
    trouble = [
        Says(f'{{"level": "critical", "message": "{mark} the ledger is damaged, cannot go on"}}'),
        Says(
            f'{{"level": "error", "message": "{mark} no. {{number}}"}}',
            times=int(ERRORS_FOR * ERRORS_PER_SECOND),
            every=1 / ERRORS_PER_SECOND,
        ),
    ]
    chatter = [
        Says(f'{{"level": "error", "message": "{mark} one order was refused"}}'),
        Says(TRACE),
        Says(
            f'{{"level": "debug", "message": "{mark} critical path, fatal flaw, panic button: {{number}}"}}',
            times=3000,
            every=0.03,
        ),
    ]
    began = time.time()
    troubled, chatty = (
        start_writer(target, undo, name, says) for name, says in ((TROUBLED, trouble), (CHATTY, chatter))
    )
    unusual: set[str] = set()
    try_the_unusual(target, undo)  # meanwhile; whoever asks for it later is told the same

    def look() -> tuple[Message, ...]:
        unusual.update(each.labels.get("service", "") for each in target.metrics.query(rule.query))
        return inbox.since(began)

    def settled(messages: tuple[Message, ...]) -> bool:
        told = [
            _first(messages, channel, logs.alarms.critical, over=over)
            for channel in logs.alarms.people
            for over in (False, True)
        ]
        return None not in told and TROUBLED in unusual

    waited = wait_until(look, settled, patience=PATIENCE, every=EVERY)
    found = search_of(target).find(Sought(text=f"{mark} the ledger", service=TROUBLED))
    _end(undo, troubled, chatty)
    told = {
        over: tuple(
            (channel, _after(_first(waited.last, channel, logs.alarms.critical, over=over), began))
            for channel in logs.alarms.people
        )
        for over in (False, True)
    }
    about_chatter = [each.subject for each in waited.last if CHATTY in f"{each.subject}\n{each.text}"]
    return LogAlarms(
        examined=len(trouble) + len(chatter) + len(told[False]),
        told=told[False],
        told_of_the_end=told[True],
        found_in_search=bool(found),
        unusual_seen=TROUBLED in unusual,
        disturbed_by=(*about_chatter, *([f"{rule.name} held"] if CHATTY in unusual else [])),
    )


def _end(undo: UndoStack, *writers: Writer) -> None:
    for each in writers:
        undo.settle(each.undo)


def _first(messages: tuple[Message, ...], channel: str, alarm: str, *, over: bool) -> Message | None:
    for each in messages:
        words = f"{each.subject}\n{each.text}"
        if (
            each.channel == channel
            and alarm in words
            and TROUBLED in words
            and ("RESOLVED" in words.upper()) == over
        ):
            return each
    return None


def _after(message: Message | None, began: float) -> float | None:
    return None if message is None else message.received - began


def rule_named(target: Target, name: str) -> AlertRule:
    """A rule in force. CannotLook when there is none of this name."""
    found = [each for each in target.metrics.rules() if each.name == name]
    if not found:
        raise CannotLook(f"the metrics service evaluates no rule {name}")
    return found[0]


def try_the_unusual(target: Target, undo: UndoStack) -> UnusualRule:
    """Hold the rule in force against errors that come as usual, and as never before, on simulated time; once in a run."""
    return target.once(UnusualRule, lambda: _tried(target, undo))


def _tried(target: Target, undo: UndoStack) -> UnusualRule:
    logs = logs_of(target)
    rule = rule_named(target, logs.alarms.unusual)
    platform = target.platform
    service = target.profile.platform.services.get("metrics")
    if service is None:
        raise CannotLook(
            "the profile does not name the service that evaluates rules (platform.services: metrics)"
        )
    series = logs.alarms.errors.replace("{service}", "any-service")
    usual, long = DAY, rule.holds_for + 3 * MINUTE
    courses = (
        ("one error a second, as on the day before", False, Course(series, ((usual, 1.0), (long, 1.0)))),
        ("twice as many errors as on the day before", False, Course(series, ((usual, 1.0), (long, 2.0)))),
        (
            "twenty times as many errors as on the day before",
            True,
            Course(series, ((usual, 1.0), (long, 20.0))),
        ),
        (
            "twenty times as many, and only for a minute",
            False,
            Course(series, ((usual, 1.0), (MINUTE / 2, 20.0), (long, 1.0))),
        ),
        ("five errors a second from a part that is new", True, Course(series, ((HOUR, 0.0), (long, 5.0)))),
        ("an error a minute from a part that had none", False, Course(series, ((HOUR, 0.0), (long, 1 / 60)))),
    )
    sounded = sound_during(platform, undo, service, rule, [(course, must) for _, must, course in courses])
    trials = tuple((words, must, did) for (words, must, _), did in zip(courses, sounded, strict=True))
    return UnusualRule(examined=len(trials), trials=trials)
