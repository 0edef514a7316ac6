"""Acts on the copies of a service: more or fewer of them, one frozen, one imitated."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import HealthCheck, Platform, Replica, Throwaway

STOP_THE_REST = ("sh", "-c", "kill -STOP -1")


def scale_service(platform: Platform, undo: UndoStack, service: str, copies: int) -> UndoStep:
    """Ask for a number of copies. Undo: as many as are asked for now."""
    step = undo.owe("scale_service", service=service, copies=platform.service(service).desired)
    platform.scale(service, copies)
    return step


def renew_copies(platform: Platform, service: str) -> None:
    """Ask for every copy to be replaced by a new one. Nothing is owed: what comes is like what was."""
    platform.renew(service)


def freeze_copy(platform: Platform, undo: UndoStack, copy: Replica) -> UndoStep:
    """Stop every process of a copy without ending one; its health check, a process that comes later, still runs."""
    step = owe_thaw(undo, copy)
    freeze(platform, copy)
    return step


def owe_thaw(undo: UndoStack, copy: Replica) -> UndoStep:
    """To be registered before a copy is frozen: let it go on."""
    return undo.owe("thaw_copy", service=copy.service, replica=copy.id)


def freeze(platform: Platform, copy: Replica) -> None:
    """Freeze a copy whose undo is owed already."""
    platform.run_inside(copy.id, STOP_THE_REST, timeout=10)  # processes beside the first, where there are any
    platform.signal(copy.id, "SIGSTOP")


def hang_copy(platform: Platform, undo: UndoStack, copy: Replica) -> UndoStep:
    """Stop the first process of a copy without ending it, and without starting another one in it. Undo: let it go on."""
    step = undo.owe("let_go_on", service=copy.service, replica=copy.id)
    platform.signal(copy.id, "SIGSTOP")
    return step


def start_clone(
    platform: Platform, undo: UndoStack, service: str, name: str, argv: Sequence[str], *, volume: str = ""
) -> UndoStep:
    """Start a service with the image, limits and restart policy of another, running `argv`. Undo: remove it."""
    step = undo.owe("remove_service", name=name)
    platform.start_clone(service, name, argv, volume=volume)
    return step


def start_sibling(
    platform: Platform, undo: UndoStack, service: str, name: str, *, same_volumes: bool = False
) -> UndoStep:
    """Start a service like another, without visitors, with empty volumes or the same. Undo: remove it."""
    step = undo.owe("remove_service", name=name)
    platform.start_sibling(service, name, same_volumes=same_volumes)
    return step


def kill_copy(platform: Platform, undo: UndoStack, copy: Replica) -> None:
    """End a copy at once, without a chance to put anything in order. Undo: start the service anew if nobody else did."""
    undo.owe("revive_service", service=copy.service)
    platform.signal(copy.id, "SIGKILL")


def start_trial(platform: Platform, undo: UndoStack, image: str, name: str, settings: Sequence[str]) -> str:
    """Start a container of our own that runs an image's own command on no network; returns its id. Undo: remove it."""
    undo.owe("remove_container", name=name)
    platform.remove_container(name)
    return platform.start_throwaway(image, name, (), health_check=None, environment=settings).id


def start_throwaway(
    platform: Platform, undo: UndoStack, image: str, name: str, argv: Sequence[str], health_check: HealthCheck
) -> Throwaway:
    """Start a container of our own that runs `argv` under a health check. Undo: remove it."""
    undo.owe("remove_container", name=name)
    platform.remove_container(name)
    return platform.start_throwaway(image, name, argv, health_check=health_check)
