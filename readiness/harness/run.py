"""A run of the specification on one target: opened before the first scenario, closed after the last."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from readiness.actions.undoing import undo_table
from readiness.config.configuration import Configuration, load_configuration
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.drills.rehearsals import Rehearsals
from readiness.harness.capabilities import Capabilities
from readiness.harness.evidence import Attach, Evidence
from readiness.harness.lock import TargetLock
from readiness.harness.redaction import Redactor
from readiness.harness.safety import AHEAD, why_not
from readiness.harness.undo import Journal, UndoFailure, UndoStack
from readiness.harness.world import World
from readiness.probes.steady import wait_for_steady_state
from readiness.targets.target import Target

STATE = ".readiness"
TOOLS = ("behave", "allure-behave", "docker", "requests", "PyHamcrest")
Say = Callable[[str], None]


@dataclass
class Run:
    """What lives as long as a run. `images` names each service's image id as it was judged."""

    root: Path
    results: Path
    configuration: Configuration
    target: Target
    redactor: Redactor
    undo: UndoStack
    capabilities: Capabilities
    lock: TargetLock
    say: Say
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    images: dict[str, str] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        """What is tried in copies of the target."""
        return Rehearsals(self.target, self.undo)

    def set_out(self, tags_of_scenarios: Iterable[Collection[str]]) -> None:
        """Begin ahead what scenarios with these tags will need and may do, so that they need not wait for it.

        What cannot be begun is begun, and reported, when it is needed.
        """
        for tags in tags_of_scenarios:
            if AHEAD in tags and not why_not(tags, self.target.profile.allows, self.capabilities):
                try:
                    self.rehearsals.begin()
                except CannotLook as problem:
                    self.say(f"Nothing could be set out ahead: {problem}")
                    self.clear_away()
                return

    def clear_away(self) -> None:
        """Remove what several scenarios used."""
        self._note(self.rehearsals.end())

    def world(self, name: str, location: str, attach: Attach) -> World:
        """The state of a scenario that begins now."""
        evidence = Evidence(self.results, f"{Path(location).name} {name}", self.redactor, attach)
        self.worlds[location] = World(
            self.target, evidence, self.undo, self.configuration.budgets, self.rehearsals
        )
        return self.worlds[location]

    def require_steady(self) -> None:
        """Wait for the target's steady state; NotSteady says what is off."""
        wait_for_steady_state(self.target, self.target.profile.patience.steady)

    def settle(self) -> list[UndoFailure]:
        """Undo what the scenario owes; what could not be undone is a problem of the run, for the target is left changed."""
        return self._note(self.undo.settle())

    def settle_all(self) -> list[UndoFailure]:
        """Undo what anybody owes, also for things that several scenarios use."""
        return self._note(self.undo.settle_all())

    def _note(self, failures: list[UndoFailure]) -> list[UndoFailure]:
        self.problems += [
            f"undo failed, the target is left changed: {each.step}: {each.error}" for each in failures
        ]
        return failures

    def tools(self) -> dict[str, str]:
        """The versions of what judged."""
        return {"python": platform.python_version(), **{name: version(name) for name in TOOLS}}


def open_run(root: Path, target_name: str, *, results: Path, bring_up: bool, say: Say) -> Run:
    """Load the configuration, take the lock, undo what a killed run left, bring the target up if its profile says so.

    Raises ConfigurationError (all problems at once) before anything is touched, CannotLook when the target cannot be used.
    """
    configuration = load_configuration(root, target_name)
    target = Target(configuration.target, root)
    lock = TargetLock(root / STATE / "locks" / f"{target.name}.lock")
    table = undo_table(lambda: target.platform)
    undo = UndoStack(Journal(journal_of(root, target.name)), table)
    run = Run(root, results, configuration, target, Redactor(), undo, Capabilities(target), lock, say)
    shutil.rmtree(results / "evidence", ignore_errors=True)
    _undo_leftovers(run)
    if bring_up and configuration.target.bring_up:
        _bring_up(run)
    _learn_secrets(run)
    run.images = judged_images(target)
    return run


def journal_of(root: Path, target_name: str) -> Path:
    """Where the undo steps owed to a target are kept."""
    return root / STATE / "journal" / f"{target_name}.jsonl"


def judged_images(target: Target) -> dict[str, str]:
    """Service name -> id of the image that its copies run (several, joined, while they differ); empty where nobody can see."""
    try:
        services = target.platform.services()
    except CapabilityMissing:
        return {}
    running = {
        each.name: sorted({copy.image_id for copy in target.platform.replicas(each.name)})
        for each in services
    }
    return {name: " ".join(ids) for name, ids in running.items() if ids}


def _undo_leftovers(run: Run) -> None:
    owed = run.undo.owed
    if not owed:
        return
    run.say(f"An earlier run was killed; undoing what it left: {len(owed)} steps")
    failures = run.settle_all()
    if failures:
        listed = "\n".join(f"  {each.step}: {each.error}" for each in failures)
        raise CannotLook(
            f"An earlier run left the target changed, and it could not be undone:\n{listed}\n"
            "Undo it by hand, or bring the target down."
        )


def _bring_up(run: Run) -> None:
    run.say(f"Bringing up the target {run.target.name}")
    ran = run.target.run_procedure("up", show=run.say)
    if ran.exit_code != 0:
        raise CannotLook(
            f"The target {run.target.name} could not be brought up (exit status {ran.exit_code}); its words are above."
        )


def _learn_secrets(run: Run) -> None:
    """Teach the redactor every secret of the profile; those of other environments may be made only when these come up."""
    profile = run.target.profile
    known = {f"identity {name}": identity.secret for name, identity in profile.identities.items()}
    for call in profile.service_calls:
        known[f"key of {call.client}"] = call.identity.secret
        known[f"signing key of {call.client}"] = call.signing.secret
    known |= {f"secret {each.name}": each.value for each in profile.secrets}
    if profile.platform.api:
        known["token of the platform's API"] = profile.platform.api.secret
    for name, secret in known.items():
        try:
            run.redactor.learn(name, secret.read())
        except CapabilityMissing as missing:
            run.say(f"{name[0].upper()}{name[1:]}: {missing}")
    for environment, each in profile.environments.others.items() if profile.environments else ():
        for name, identity in each.identities.items():
            with suppress(CapabilityMissing):
                run.redactor.learn(f"identity {name} of {environment}", identity.secret.read())
