"""Acts around a service that grows and shrinks by itself: its size held, its measurements stopped, its memory filled."""

from __future__ import annotations

from readiness.actions.copies import freeze_copy
from readiness.actions.undoing import BALLAST
from readiness.core.errors import CannotLook
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

LONGEST_BALLAST = 400  # seconds; ballast that nobody took away goes by itself
# One read of that many zeros into one buffer, which is kept as long as nobody takes them.
HOLD_MEMORY = 'dd if=/dev/zero bs="$0" count=1 2>/dev/null | sleep "$1"'


def hold_size(target: Target, undo: UndoStack) -> None:
    """Freeze whatever would change the size of the service by itself, for a drill that sets it. Undo: let it go on."""
    told = target.profile.autoscaling
    for copy in target.platform.replicas(told.decided_by) if told else ():
        freeze_copy(target.platform, undo, copy)


def stop_measuring(platform: Platform, undo: UndoStack, service: str) -> list[UndoStep]:
    """Freeze every copy of the service that measures: it is there, and answers nothing. Undo: let them go on."""
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of service {service} is running, so its measuring cannot be stopped")
    return [freeze_copy(platform, undo, copy) for copy in copies]


def fill_memory(platform: Platform, undo: UndoStack, copy: Replica, size: int) -> UndoStep:
    """Keep `size` bytes of a copy's memory occupied, beside its own processes. Undo: free them."""
    step = undo.owe("end_ballast", service=copy.service, replica=copy.id)
    platform.start_inside(copy.id, ballast(size), {BALLAST: "1"})
    return step


def ballast(size: int) -> tuple[str, ...]:
    """The command that keeps `size` bytes occupied."""
    return ("sh", "-c", HOLD_MEMORY, str(size), str(LONGEST_BALLAST))
