"""Acts on a whole deployment: a copy of it is made beside it; it is taken down and brought back with its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

HOLDER = "readiness-volume-holder"


def make_copy(platform: Platform, undo: UndoStack, name: str, copies: Mapping[str, int]) -> Platform:
    """Make a copy of the deployment: service -> how many copies of it, in this order. Undo: remove it, with what it wrote."""
    undo.owe("remove_copy", name=name)
    platform.make_copy(name, copies)
    return platform.copied(name)


def redeploy(target: Target, undo: UndoStack, keepers: Sequence[Replica]) -> str:
    """Take the deployment down and bring it up with the operator's procedures. Undo: bring it up.

    Returns the last words of a procedure that failed, "" when none did. Meanwhile the volumes of `keepers` are held: a procedure
    that would remove them cannot, and fails.
    """
    held = _hold(target.platform, undo, keepers)
    procedure = target.procedure("up")
    back = undo.owe(
        "run_command", command=list(procedure.argv()), folder=str(target.root), timeout=procedure.timeout
    )
    down = target.run_procedure("take_down")
    up = target.run_procedure("up")
    words = [
        f"{name}: exit status {ran.exit_code}: {' '.join(ran.output.split())[-300:]}"
        for name, ran in (("take_down", down), ("up", up))
        if ran.exit_code != 0
    ]
    if up.exit_code == 0:
        undo.forget(back)
    undo.settle(held)
    return "; ".join(words)


def _hold(platform: Platform, undo: UndoStack, keepers: Sequence[Replica]) -> UndoStep:
    step = undo.owe("remove_container", name=HOLDER)
    platform.remove_container(HOLDER)
    platform.hold_volumes([copy.id for copy in keepers], HOLDER)
    return step
