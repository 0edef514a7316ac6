"""Every undo that an action may owe, by name: data in a journal, so that another process can carry it out.

Each may be carried out twice, and finds it in order that what it takes back is gone already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from readiness.actions.outside import remove_cable
from readiness.core.errors import CannotLook
from readiness.harness.undo import Table
from readiness.targets.platform import Platform
from readiness.targets.procedures import run_command

CONTINUE_THE_REST = ("sh", "-c", "kill -CONT -1")
BALLAST = "READINESS_BALLAST"  # a variable that only the ballast's processes have
END_BALLAST = (  # not the shell that started it: it ends when these have, and has buried them
    "sh",
    "-c",
    f"for each in /proc/[0-9]*; do grep -q {BALLAST} $each/environ && read name < $each/comm && "
    '[ "$name" != sh ] && kill -9 ${each#/proc/}; done 2>/dev/null; true',
)


def undo_table(platform: Callable[[], Platform]) -> Table:
    """The undo functions over a platform, which is asked for only when one of them is carried out."""
    return {
        "scale_service": lambda service, copies: scale_back(platform(), service, copies),
        "revive_service": lambda service: revive(platform(), service),
        "let_go_on": lambda service, replica: let_go_on(platform(), service, replica),
        "thaw_copy": lambda service, replica: thaw(platform(), service, replica),
        "end_ballast": lambda service, replica: end_ballast(platform(), service, replica),
        "end_sessions": lambda service, command: end_sessions(platform(), service, command),
        "remove_service": lambda name: platform().remove_service(name),
        "remove_container": lambda name: platform().remove_container(name),
        "remove_trial": lambda name: platform().remove_trial(name),
        "restore_settings": lambda service, settings: restore_settings(platform(), service, settings),
        "remove_copy": lambda name: platform().remove_copy(name),
        "remove_image": lambda reference: platform().remove_image(reference),
        "run_command": run_back,
        "run_in_service": lambda service, argv: run_inside_again(platform(), service, argv),
        "remove_cable": remove_cable,
        "remove_belongings": lambda project: platform().remove_belongings(project),
    }


def run_back(command: list[str], folder: str, timeout: float) -> None:
    """Run the operator's command that takes something back. CannotLook when it does not say that it worked."""
    ran = run_command(command, folder=Path(folder), timeout=timeout)
    if ran.exit_code != 0:
        words = "\n".join(ran.output.splitlines()[-5:])
        raise CannotLook(f"{' '.join(command)} ended with exit status {ran.exit_code}: {words}")


def run_inside_again(platform: Platform, service: str, argv: list[str]) -> None:
    """Run a command that takes something back in a copy of a service. CannotLook when none runs, or it did not work."""
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} runs in which {argv[0]} could take something back")
    ran = platform.run_inside(copies[0].id, argv, timeout=60)
    if ran.exit_code != 0:
        raise CannotLook(
            f"{argv[0]} in {service} ended with exit status {ran.exit_code}: {ran.output[-300:]}"
        )


def scale_back(platform: Platform, service: str, copies: int) -> None:
    """Ask for as many copies as there were, if the service is still deployed."""
    if _is_deployed(platform, service):
        platform.scale(service, copies)


def restore_settings(platform: Platform, service: str, settings: Mapping[str, str | None]) -> None:
    """Roll the service out with the settings that it had, where they are not in force again already."""
    if not _is_deployed(platform, service):
        return
    now = platform.settings(service)
    if {name: now.get(name) for name in settings} != settings:
        platform.change_settings(service, settings)


def revive(platform: Platform, service: str) -> None:
    """Ask for new copies where none is left, although the service is deployed and meant to run."""
    if (
        _is_deployed(platform, service)
        and platform.service(service).desired
        and not platform.replicas(service)
    ):
        platform.renew(service)


def thaw(platform: Platform, service: str, replica: str) -> None:
    """Let a frozen copy go on, if it is still there."""
    try:
        platform.signal(replica, "SIGCONT")
        platform.run_inside(replica, CONTINUE_THE_REST, timeout=10)
    except CannotLook:
        if _is_running(platform, service, replica):
            raise


def let_go_on(platform: Platform, service: str, replica: str) -> None:
    """Let the first process of a copy go on, if it is still there."""
    try:
        platform.signal(replica, "SIGCONT")
    except CannotLook:
        if _is_running(platform, service, replica):
            raise


def end_ballast(platform: Platform, service: str, replica: str) -> None:
    """End what was started in a copy to fill its memory, if the copy is still there."""
    try:
        platform.run_inside(replica, END_BALLAST, timeout=10)
    except CannotLook:
        if _is_running(platform, service, replica):
            raise


def end_sessions(platform: Platform, service: str, command: list[str]) -> None:
    """Let the database end our sessions, where a copy of it runs; they end with it where none does."""
    for copy in platform.replicas(service) if _is_deployed(platform, service) else ():
        ran = platform.run_inside(copy.id, command, timeout=10)
        if ran.exit_code != 0:
            raise CannotLook(f"sessions in {service} could not be ended: {ran.output[-300:]}")


def _is_running(platform: Platform, service: str, replica: str) -> bool:
    return _is_deployed(platform, service) and replica in {copy.id for copy in platform.replicas(service)}


def _is_deployed(platform: Platform, service: str) -> bool:
    return service in {each.name for each in platform.services()}
