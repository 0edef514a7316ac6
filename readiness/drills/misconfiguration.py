"""Copies of services start, each with one thing wrong in what it is told: whether they refuse, and what they say."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.actions.settings import start_trial
from readiness.config.service import Health
from readiness.config.settings import ToldService
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.spellings import spellings_of
from readiness.core.waiting import wait_until
from readiness.drills.faults import HARMLESS, Fault, faults_of, with_secrets
from readiness.harness.undo import UndoStack, UndoStep
from readiness.probes.inside import status_inside
from readiness.targets.platform import Platform, Replica, TrialEnd
from readiness.targets.target import Target

NAME = "readiness-trial"
FOLDER = "/run/secrets/readiness-"
AT_ONCE = 3
LONGEST_INSIDE = (
    10  # seconds for a program that was started in a copy; longer than any budget, it would still run
)
STILL_RUNNING = frozenset({124, 137})  # what `timeout` says, and of one that does not heed it
WANTS_TO_SERVE = re.compile(
    r"address already in use|EADDRINUSE", re.IGNORECASE
)  # where the copy itself listens
LONGEST = 40.0  # seconds for a copy to end or to become ready; whoever does neither has not refused
EVERY = 0.4
READY = 200
SHOWN = 400


@dataclass(frozen=True)
class Tried:
    """One copy that was told something wrong. Seconds from the start of its container to its end.

    `exit_code` is None where it did not end; `ready`: it said that it can serve, or, where it should have refused, it went on
    running. `named`: the settings of its service that its words name; `shows`: whether they show what must be hidden; then
    `words` are left out.
    """

    service: str
    setting: str
    fault: str
    exit_code: int | None
    seconds: float
    ready: bool
    named: tuple[str, ...]
    shows: bool
    words: str

    @property
    def refused(self) -> bool:
        """Whether it ended by itself, and not as if all were well."""
        return self.exit_code not in (None, 0)


@dataclass(frozen=True, kw_only=True)
class Misconfigurations(Observation):
    """All copies that were tried. Examined: these.

    `settings`: service -> the required ones; `undeclared`: service and name of settings in force that the profile does not know.
    """

    tried: tuple[Tried, ...]
    settings: Mapping[str, tuple[str, ...]]
    undeclared: tuple[tuple[str, str], ...]

    @property
    def slowest_refusal(self) -> float:
        """Seconds of the slowest refusal. CannotLook where nothing was refused."""
        seconds = [each.seconds for each in self.tried if each.refused]
        if not seconds:
            raise CannotLook("no copy refused to start, so there is no time to judge")
        return max(seconds)


def tell_them_wrong_things(target: Target, undo: UndoStack) -> Misconfigurations:
    """Start the program of each service for each thing that can be wrong, as its own container would start it.

    It starts in a copy on trial, without visitors, from which all that is optional was taken away and which has to become
    ready. Whatever a copy may bear is tried with a whole copy, for that has to become ready, too.
    """
    trials = _Trials(target, undo)
    tried: list[Tried] = []
    undeclared = []
    for told in target.profile.told:
        now = target.platform.settings(told.service)
        known = {setting.name for setting in told.settings}
        undeclared += [(told.service, name) for name in sorted(set(now) - known)]
        content = _contents(target.platform, told, now)
        faults = [with_secrets(fault, content) for fault in faults_of(told, now, content)]
        tried += trials.of(told, now, faults)
    required = {
        told.service: tuple(setting.name for setting in told.settings if setting.required)
        for told in target.profile.told
    }
    return Misconfigurations(
        examined=len(tried), tried=tuple(tried), settings=required, undeclared=tuple(undeclared)
    )


def _contents(platform: Platform, told: ToldService, now: Mapping[str, str]) -> dict[str, str]:
    """Path of each secret file that a service requires or is given -> its content in a running copy."""
    copies = platform.replicas(told.service)
    found = {}
    files = [each.name for each in told.settings if each.file and (each.required or each.name in now)]
    for path in (now.get(name, "") for name in files):
        content = platform.read_inside(copies[0].id, path) if copies and path else None
        if content is None:
            raise CannotLook(
                f"no copy of {told.service} has a file {path or '(not set)'}, so no other can be given to one"
            )
        found[path] = content
    return found


class _Trials:
    """Starts, watches and removes copies on trial; what is owed for them is written by one thread at a time."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        self._target = target
        self._platform = target.platform
        self._undo = undo
        self._one_at_a_time = threading.Lock()

    def of(self, told: ToldService, now: Mapping[str, str], faults: Sequence[Fault]) -> list[Tried]:
        """All faults of one service; only the first one where a copy does not even start with that."""
        health = told.health or self._target.profile.service.health
        if health is None:
            raise CapabilityMissing(
                f"The profile of {self._target.name} does not say where {told.service} tells that it is ready."
            )
        control, *others = faults
        inside = [fault for fault in others if fault.kind not in HARMLESS]
        files = {f"{FOLDER}{number}": fault.content for number, fault in enumerate(inside) if fault.content}
        step, name = self._start(told, control.settings, files)
        end, ready = self._watch(name, health)
        if not ready:
            self._settle(step)
            return [tried_of(told, control, end, ready=False)]
        (copy,) = self._platform.replicas(name)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            whole = [
                pool.submit(self._whole, told, now, health, each) for each in others if each not in inside
            ]
            started = [
                pool.submit(
                    self._started_in, told, now, copy, each, f"{FOLDER}{number}" if each.content else ""
                )
                for number, each in enumerate(inside)
            ]
            tried = [each.result() for each in (*started, *whole)]
        self._settle(step)
        return [tried_of(told, control, None, ready=True), *tried]

    def _started_in(
        self, told: ToldService, now: Mapping[str, str], copy: Replica, fault: Fault, file: str
    ) -> Tried:
        """Start the program once more in a copy on trial, told as the service is but for the fault.

        What is missing has the value that the image gives it, where it gives one.
        """
        image = self._platform.image(copy.image_id).environment
        told_otherwise = dict(each.split("=", 1) for each in image if "=" in each)
        wrong = {**fault.settings, **({fault.setting: file} if file else {})}
        now_told = {
            name: told_otherwise.get(name) if value is None else value for name, value in wrong.items()
        }
        without = [part for name, value in now_told.items() if value is None for part in ("-u", name)]
        program = self._platform.runs_as(copy.id).argv
        argv = ("env", *without, "timeout", "-k", "5", str(LONGEST_INSIDE), *program)
        settings = {name: value for name, value in {**now, **now_told}.items() if value is not None}
        ran = self._platform.run_inside(copy.id, argv, timeout=LONGEST, settings=settings)
        if ran.no_such_command:
            raise CannotLook(
                f"the image of {told.service} has no `env` or `timeout`, so nothing can be started in a copy"
            )
        goes_on = ran.exit_code in STILL_RUNNING or WANTS_TO_SERVE.search(ran.output)
        end = None if goes_on else TrialEnd(ran.exit_code, ran.seconds, ran.output)
        return tried_of(told, fault, end, ready=end is None)

    def _whole(self, told: ToldService, now: Mapping[str, str], health: Health, fault: Fault) -> Tried:
        """Let a whole copy start with a fault, until it ends or says that it is ready."""
        files = {now[fault.setting]: fault.content} if fault.content else {}
        step, name = self._start(told, fault.settings, files)
        end, ready = self._watch(name, health)
        self._settle(step)
        return tried_of(told, fault, end, ready=ready)

    def _start(
        self, told: ToldService, settings: Mapping[str, str | None], files: Mapping[str, bytes | None]
    ) -> tuple[UndoStep, str]:
        name = f"{NAME}-{uuid.uuid4().hex[:12]}"
        with self._one_at_a_time:
            return start_trial(self._platform, self._undo, told.service, name, settings, files), name

    def _settle(self, step: UndoStep) -> None:
        with self._one_at_a_time:
            self._undo.settle(step)

    def _watch(self, name: str, health: Health) -> tuple[TrialEnd | None, bool]:
        """How a copy ended, and whether it became ready. CannotLook where it was never started."""
        end, ready = wait_until(
            lambda: _look(self._platform, name, health), any, patience=LONGEST, every=EVERY
        ).last
        if end is not None and end.exit_code is None:
            raise CannotLook(f"a copy on trial could not be started: {end.words}")
        return end, ready


def _look(platform: Platform, name: str, health: Health) -> tuple[TrialEnd | None, bool]:
    end = platform.trial_end(name)
    if end is not None:
        return end, False
    copies = platform.replicas(name)
    return None, any(status_inside(platform, copy, health.port, health.readiness) == READY for copy in copies)


def tried_of(told: ToldService, fault: Fault, end: TrialEnd | None, *, ready: bool) -> Tried:
    """What became of a copy, in the words that are judged."""
    words = end.words if end else ""
    names = (setting.name for setting in told.settings)
    shows = any(form in words for each in fault.hidden for form in spellings_of(each))
    return Tried(
        service=told.service,
        setting=fault.setting,
        fault=fault.kind,
        exit_code=end.exit_code if end else None,
        seconds=end.seconds if end else 0.0,
        ready=ready,
        named=tuple(name for name in names if re.search(rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])", words)),
        shows=shows,
        words="" if shows else words[-SHOWN:],
    )
