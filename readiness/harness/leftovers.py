"""`python -m readiness.harness.leftovers`: undo what killed runs left on any target. Exit status 1 when something stays."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from readiness.actions.undoing import undo_table
from readiness.config.target import load_target
from readiness.harness.run import STATE
from readiness.harness.undo import Journal, UndoStack
from readiness.targets.target import Target


def main(root: Path) -> int:
    """Settle every journal below the state folder, newest step first."""
    failed = 0
    for path in sorted((root / STATE / "journal").glob("*.jsonl")):
        target = Target(load_target(root, path.stem), root)
        stack = UndoStack(Journal(path), undo_table(partial(getattr, target, "platform")))
        print(f"{path.stem}: {len(stack.owed)} steps of a killed run to undo")
        for failure in stack.settle_all():
            failed += 1
            print(f"{path.stem}: NOT undone: {failure.step}: {failure.error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
