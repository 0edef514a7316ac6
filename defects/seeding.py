"""Puts the change of a case into the target, and takes it out again: the undo is in the journal before each act."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from pydantic import JsonValue

from defects.cases import Case
from defects.changes import Change, ImageChange, SourcesChange
from defects.profiles import changed_profile, write_profile
from defects.services import Services
from defects.undoing import FOLDER, IMAGES
from readiness.core.errors import CannotLook
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache")
CASE_FOLDER = "case"
Values = dict[str, JsonValue]
Say = Callable[[str], None]


Alone = Callable[[], AbstractContextManager[None]]


class Seeder:
    """One target, into which one case at a time is seeded.

    `profile` is the content of the target's profile as it is; what changes the target happens while `alone` lasts.
    """

    def __init__(
        self,
        target: Target,
        profile: Mapping[str, JsonValue],
        services: Services,
        undo: UndoStack,
        alone: Alone,
        say: Say,
    ) -> None:
        self._target = target
        self._profile = profile
        self._alone = alone
        self._services = services
        self._undo = undo
        self._say = say
        self._standing: Change | None = None

    def seed(self, case: Case) -> Path:
        """Make the change; returns the profile to run with. CannotLook when the target does not take it."""
        assert case.change is not None, "only cases with a change are tried"
        with self._alone():
            return self._seed(case, case.change)

    def restore(self) -> None:
        """Take out all that is seeded. CannotLook, with what is left, when something stays."""
        if self._undo.owed:
            with self._alone():
                self._settle()

    def _seed(self, case: Case, change: Change) -> Path:
        self._make_way_for(change)
        self._standing = change
        folder = self._empty_folder()
        tag = f"{IMAGES}:{case.name}"
        values: Values = {}
        if change.image:
            values |= self._seed_image(change.image, folder, tag)
        if change.sources:
            values |= self._seed_sources(change.sources, folder, tag)
        if change.service:
            name = self._full_name(change.service.name)
            self._owe_service(name)
            self._say(f"updating service {change.service.name}: {' '.join(change.service.args)}")
            self._services.update(name, change.service.args)
        if change.one_copy:
            name, network = self._full_name(change.one_copy.service), change.one_copy.off_network
            self._undo.owe("renew_service", service=name)
            self._say(f"taking one copy of service {change.one_copy.service} off network {network}")
            self._services.take_copy_off(name, self._full_name(network))
        return self._write_profile(change, values, folder)

    def _settle(self) -> None:
        if not self._undo.owed:
            return
        self._say("undoing what was seeded")
        failures = self._undo.settle()
        self._standing = None
        if failures:
            left = "\n".join(f"  {failure.step.does}: {failure.error}" for failure in failures)
            raise CannotLook(f"the target is left changed; try `python -m defects --restore` again:\n{left}")

    def _make_way_for(self, change: Change) -> None:
        """Between two cases that only roll out an image there is no way back: the second replaces the first."""
        standing = self._standing
        if not (standing and standing.deploys and not standing.service and change.deploys):
            self._settle()

    def _empty_folder(self) -> Path:
        folder = self._target.root / FOLDER / CASE_FOLDER
        self._owe_once("remove_folder", folder=CASE_FOLDER)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def _seed_image(self, change: ImageChange, folder: Path, tag: str) -> Values:
        context = folder / "image"
        context.mkdir()
        (context / "Dockerfile").write_text(
            change.recipe(self._target.profile.service.image), encoding="utf-8"
        )
        _write_files(change.files, context)
        self._build(context, context / "Dockerfile", tag)
        if change.deploy:
            self._deploy(tag, directly=change.directly)
        return {"service.image": tag} if change.release else {}

    def _seed_sources(self, change: SourcesChange, folder: Path, tag: str) -> Values:
        build = self._target.profile.service.build
        assert build is not None, "the case was fitted to the sources"
        context = folder / "context"
        shutil.copytree(build.context, context, symlinks=True, ignore=NOT_COPIED)
        for name, each in change.files.items():
            each.apply(context / (self._target.root / name).relative_to(build.context))
        values: Values = {"service.build.context": str(context)}
        if change.deploy:
            self._build(context, context / build.dockerfile, tag)
            self._deploy(tag, directly=False)
            values["service.image"] = tag
        return values

    def _build(self, context: Path, dockerfile: Path, tag: str) -> None:
        self._owe_once("remove_images", repository=IMAGES)
        self._say("building the image")
        self._run("build", context=str(context), dockerfile=str(dockerfile), tag=tag)

    def _deploy(self, tag: str, *, directly: bool) -> None:
        name = self._full_name(self._target.profile.service.name)
        self._owe_service(name)
        self._say("deploying the image")
        if not directly:
            try:
                self._run("deploy", image=tag)
            except CannotLook:
                self._say("the procedure takes it back, as it should; it is put in past the procedure")
            else:
                return
        self._services.update(name, ("--no-resolve-image", "--image", tag))

    def _run(self, procedure: str, **placeholders: str) -> None:
        ran = self._target.run_procedure(procedure, show=None, **placeholders)
        if ran.exit_code != 0:
            words = "\n".join(ran.output.splitlines()[-15:])
            raise CannotLook(f"the procedure {procedure!r} ended with exit status {ran.exit_code}:\n{words}")

    def _owe_once(self, does: str, **arguments: str) -> None:
        if not any(step.does == does for step in self._undo.owed):
            self._undo.owe(does, **arguments)

    def _owe_service(self, name: str) -> None:
        """Owe the service as it is now, unless it is owed already: what came first is what it goes back to."""
        if any(
            step.does == "restore_service" and step.arguments["service"] == name for step in self._undo.owed
        ):
            return
        spec = self._services.spec(name)
        if spec is None:
            raise CannotLook(f"there is no service {name}: bring the deployment up first")
        self._undo.owe("restore_service", service=name, spec=spec)

    def _full_name(self, service: str) -> str:
        return f"{self._target.profile.platform.stack}_{service}"

    def _write_profile(self, change: Change, values: Values, folder: Path) -> Path:
        remove: tuple[str, ...] = ()
        if change.profile:
            _write_files(change.profile.files, folder)
            values, remove = {**values, **change.profile.set}, change.profile.remove
        try:
            content = changed_profile(self._profile, values, remove, folder)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise CannotLook(f"the profile has no place for a value of the case: {error}") from error
        return write_profile(content, folder / f"{self._target.name}.yaml")


def _write_files(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
