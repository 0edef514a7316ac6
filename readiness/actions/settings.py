"""Acts on what a service is told: a copy on trial with something wrong in it, and a rollout of the service with it."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.platform import Platform


def start_trial(
    platform: Platform,
    undo: UndoStack,
    service: str,
    name: str,
    settings: Mapping[str, str | None],
    secrets: Mapping[str, bytes | None],
) -> UndoStep:
    """Start a copy of a service with other settings and secrets, without visitors. Undo: remove it."""
    step = undo.owe("remove_trial", name=name)
    platform.start_trial(service, name, settings, secrets)
    return step


def roll_out_settings(
    platform: Platform, undo: UndoStack, service: str, settings: Mapping[str, str | None]
) -> UndoStep:
    """Roll out a service with other settings. Undo: those of now, if they are not in force again."""
    now = platform.settings(service)
    step = undo.owe("restore_settings", service=service, settings={name: now.get(name) for name in settings})
    platform.change_settings(service, settings)
    return step
