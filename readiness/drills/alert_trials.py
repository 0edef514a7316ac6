"""What is tried in copies of those who tell people, in the background, for most of it is waiting. Each once in a run."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from readiness.config.alerting import load_alerting_policy
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.alert_breakage import BrokenChannel, DeadAlerting, break_channel, kill_evaluation
from readiness.drills.alert_desk import Copies, compression
from readiness.drills.alert_lifecycle import Escalation, LifeOfAnIncident, ServiceDown, Trial
from readiness.drills.alert_routing import Routing, StormTold, route, storm
from readiness.drills.telling import alerting_of
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

WORKING, BREAKING = "readiness-alerts-work", "readiness-alerts-break"
SEEN_IN = {
    WORKING: (Routing, StormTold, Escalation, LifeOfAnIncident, ServiceDown),
    BREAKING: (BrokenChannel, DeadAlerting),
}
MINUTE = 2.0  # seconds that a minute lasts in the copy
PATIENCE = 900.0

Seen = TypeVar("Seen", bound=Observation)
Keep = Callable[[Observation], None]


class AlertTrials:
    """Two copies: one in which everything works, one in which the alerting itself breaks."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        self._target, self._undo = target, undo
        self._seen: dict[type[Observation], Future[Observation]] = {}
        self._threads: dict[str, threading.Thread] = {}

    def begin(self) -> None:
        """Begin with both; who asks for what they show waits for it."""
        for name in SEEN_IN:
            self._begin(name)

    def seen(self, kind: type[Seen]) -> Seen:
        """What a trial showed. CannotLook when it could not be made."""
        name = next(name for name, kinds in SEEN_IN.items() if kind in kinds)
        self._begin(name)
        try:
            return self._seen[kind].result(timeout=PATIENCE)  # type: ignore[return-value]  # kept under its own type
        except TimeoutError as problem:
            raise CannotLook(f"the trial {name} has not come to an end in {PATIENCE:.0f} s") from problem

    def end(self) -> None:
        """Wait for what is under way: it removes its copies itself."""
        for each in self._threads.values():
            each.join(PATIENCE)

    def _begin(self, name: str) -> None:
        if name in self._threads:
            return
        self._seen |= {kind: Future() for kind in SEEN_IN[name]}
        tried = self._work if name == WORKING else self._break
        self._threads[name] = threading.Thread(target=self._run, args=(name, tried), daemon=True)
        self._threads[name].start()

    def _run(self, name: str, tried: Callable[[Copies, Keep], None]) -> None:
        undo = self._undo.aside(name)
        try:
            tried(Copies(self._target, alerting_of(self._target), undo), self._keep)
        except Exception as problem:  # noqa: BLE001 - whoever waits for it is told
            for kind in SEEN_IN[name]:
                if not self._seen[kind].done():
                    self._seen[kind].set_exception(
                        problem
                        if isinstance(problem, CannotLook)
                        else CannotLook(f"{type(problem).__name__}: {problem}")
                    )
        finally:
            undo.settle()

    def _keep(self, observation: Observation) -> None:
        self._seen[type(observation)].set_result(observation)

    def _work(self, copies: Copies, keep: Keep) -> None:
        alerting, policy, mark = (
            alerting_of(self._target),
            load_alerting_policy(self._target.root),
            secrets.token_hex(3),
        )
        faster = compression(self._target, alerting, MINUTE)
        desk = copies.make(WORKING, (), {alerting.on_call.service: {alerting.on_call.minute: str(MINUTE)}})
        trial = Trial(desk, alerting, mark, MINUTE, faster)
        trial.begin()
        later = trial.live()
        keep(route(desk, alerting, policy, mark))
        keep(storm(desk, alerting, policy, mark))
        keep(trial.calls())
        keep(later())
        keep(trial.outage(copies))

    def _break(self, copies: Copies, keep: Keep) -> None:
        alerting, mark = alerting_of(self._target), secrets.token_hex(3)
        breaking = {alerting.inbox.service: {alerting.breaking.setting: alerting.breaking.value}}
        desk = copies.make(BREAKING, (alerting.evaluated_by,), breaking)
        keep(break_channel(desk, alerting, mark))
        keep(kill_evaluation(desk, alerting))
