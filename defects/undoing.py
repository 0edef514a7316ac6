"""How what a case changed is undone, by this run or, after a crash, by the next one: every function may be called again."""

from __future__ import annotations

import shutil
from pathlib import Path

from defects.services import Services, Spec
from readiness.harness.run import STATE
from readiness.harness.undo import Journal, Table, UndoStack

FOLDER = f"{STATE}/qualification"
IMAGES = "readiness-seeded"


def undo_stack(root: Path, target: str, services: Services) -> UndoStack:
    """What qualification owes to a target, kept in a journal that survives this process."""
    return UndoStack(Journal(root / FOLDER / f"{target}.jsonl"), _table(root, services))


def owed(root: Path) -> bool:
    """Whether something is still seeded, on any target."""
    return any(Journal(path).owed() for path in (root / FOLDER).glob("*.jsonl"))


def _table(root: Path, services: Services) -> Table:
    def restore_service(service: str, spec: Spec) -> None:
        services.bring_to(service, spec)

    def renew_service(service: str) -> None:
        if services.spec(service) is not None:
            services.update(service, ("--force",))

    def remove_images(repository: str) -> None:
        services.remove_images(repository)

    def remove_folder(folder: str) -> None:
        shutil.rmtree(root / FOLDER / folder, ignore_errors=True)

    return {each.__name__: each for each in (restore_service, renew_service, remove_images, remove_folder)}
