"""Acts on environments beside the target: one is brought up for a while."""

from __future__ import annotations

from readiness.config.environments import Environment
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Ran
from readiness.targets.procedures import run_command
from readiness.targets.target import Target


def owe_removal(target: Target, undo: UndoStack, environment: Environment) -> tuple[UndoStep, UndoStep]:
    """Owe the end of an environment: by its operator's procedure, and behind that of whatever the procedure leaves."""
    leftovers = undo.owe("remove_belongings", project=environment.project)
    procedure = environment.down
    going = undo.owe(
        "run_command", command=list(procedure.argv()), folder=str(target.root), timeout=procedure.timeout
    )
    return going, leftovers


def bring_environment_up(target: Target, environment: Environment) -> Ran:
    """Bring it up with its operator's procedure, whose undo is owed already."""
    return run_command(environment.up.argv(), folder=target.root, timeout=environment.up.timeout)
