"""Copies of the deployment that several scenarios use, or that are made long before they are needed: each once in a run."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from readiness.drills.alert_trials import SEEN_IN, AlertTrials
from readiness.drills.dependencies import Recoveries, crash_dependencies
from readiness.drills.first_start import (
    ALONE,
    ALONE_FOR,
    CROWD,
    ColdStart,
    FirstStart,
    Stage,
    bring_dependencies,
    contents_in,
    fault_of,
    furnish,
    set_out_alone,
    start_at_once,
)
from readiness.drills.moving_in import HOME, MovedIn, move_in, set_out_home
from readiness.drills.taking_away import TakenAway, take_away
from readiness.harness.undo import UndoFailure, UndoStack
from readiness.probes.database import Contents
from readiness.targets.target import Target


class Rehearsals:
    """What is tried in copies of a deployment. They stay until `end`, or until the run settles all that is owed."""

    def __init__(self, target: Target, undo: UndoStack) -> None:
        self._target = target
        self._undo = undo
        self.alerts = AlertTrials(target, undo)

    def begin(self) -> None:
        """Let the service be alone from now on, so that nobody waits for it later."""
        self._alone  # noqa: B018 - it is made when it is first looked at

    def cold_start(self) -> ColdStart:
        """The service was long alone before what it depends on came; then a customer comes."""
        target, stage = self._target, self._alone
        seen = bring_dependencies(target, stage, ALONE_FOR)
        if not seen.ready:
            self._expected = None
            return seen
        self._expected = contents_in(target, stage)
        furnish(target, stage)
        copies = stage.platform.replicas(target.profile.service.name)
        faults = [fault_of(target, stage.platform, copy) for copy in copies] or ["no copy is left"]
        return replace(seen, fault="; ".join(filter(None, faults)))

    def first_start(self) -> FirstStart:
        """Copies of the service started at once on an empty database; what one copy alone makes of it stands beside."""
        return replace(self._crowd[1], expected=self._expected)

    def crashes(self) -> Recoveries:
        """Everything that the service depends on crashed once."""
        return crash_dependencies(self._target, self._crowd[0])

    def taken_away(self) -> TakenAway:
        """A customer took all of his data away; the archive stays until the end."""
        return self._taken[0]

    def moved_in(self) -> MovedIn:
        """What a customer took away was brought into an empty copy of the deployment."""
        home = set_out_home(self._target, self._undo.aside(HOME))
        seen, archive = self._taken
        return move_in(self._target, home, archive, seen.given)

    def end(self) -> list[UndoFailure]:
        """Remove all copies of the deployment; returns what could not be removed, which stays owed."""
        self.alerts.end()
        for made in ("_alone", "_crowd", "_expected", "_taken"):
            self.__dict__.pop(made, None)
        self._folder.cleanup()
        self.__dict__.pop("_folder", None)
        places = (ALONE, CROWD, HOME, *SEEN_IN)
        return [failure for name in places for failure in self._undo.aside(name).settle()]

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix="readiness-")

    @cached_property
    def _taken(self) -> tuple[TakenAway, Path]:
        archive = Path(self._folder.name) / "archive.zip"
        return take_away(self._target, self._undo, archive), archive

    @cached_property
    def _alone(self) -> Stage:
        return set_out_alone(self._target, self._undo.aside(ALONE))

    @cached_property
    def _expected(self) -> Contents | None:
        """What one copy of the service makes of an empty database; None where it does not become ready."""
        seen = bring_dependencies(self._target, self._alone, 0.0)
        return contents_in(self._target, self._alone) if seen.ready else None

    @cached_property
    def _crowd(self) -> tuple[Stage, FirstStart]:
        return start_at_once(self._target, self._undo.aside(CROWD))
