"""Acts on whole regions: one is lost and brought back, by the commands that the profile names for it."""

from __future__ import annotations

from readiness.config.procedures import Procedure
from readiness.config.regions import Regions
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Ran
from readiness.targets.procedures import run_command
from readiness.targets.target import Target


def lose_region(target: Target, undo: UndoStack, regions: Regions, region: str) -> tuple[UndoStep, Ran]:
    """Take all nodes of a region away at once. Undo: the operator's own way to bring it back."""
    back = regions.give_back
    step = undo.owe(
        "run_command",
        command=list(back.argv(region=region)),
        folder=str(target.root),
        timeout=back.timeout,
    )
    return step, run_for_region(target, regions.lose, region)


def run_for_region(target: Target, procedure: Procedure, region: str) -> Ran:
    """Run one of the operator's commands for a region; its exit code is part of the result."""
    return run_command(procedure.argv(region=region), folder=target.root, timeout=procedure.timeout)
