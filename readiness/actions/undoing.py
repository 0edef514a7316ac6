"""Every undo that an action may owe, by name: data in a journal, so that another process can carry it out.

Each may be carried out twice, and finds it in order that what it takes back is gone already.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from readiness.actions.outside import remove_cable
from readiness.core.errors import CannotLook
from readiness.harness.undo import Table
from readiness.targets.platform import Platform
from readiness.targets.procedures import run_command

CONTINUE_THE_REST = ("sh", "-c", "kill -CONT -1")


def undo_table(platform: Callable[[], Platform]) -> Table:
    """The undo functions over a platform, which is asked for only when one of them is carried out."""
    return {
        "scale_service": lambda service, copies: scale_back(platform(), service, copies),
        "thaw_copy": lambda service, replica: thaw(platform(), service, replica),
        "remove_service": lambda name: platform().remove_service(name),
        "remove_container": lambda name: platform().remove_container(name),
        "remove_image": lambda reference: platform().remove_image(reference),
        "run_command": run_back,
        "remove_cable": remove_cable,
        "remove_belongings": lambda project: platform().remove_belongings(project),
    }


def run_back(command: list[str], folder: str, timeout: float) -> None:
    """Run the operator's command that takes something back. CannotLook when it does not say that it worked."""
    ran = run_command(command, folder=Path(folder), timeout=timeout)
    if ran.exit_code != 0:
        words = "\n".join(ran.output.splitlines()[-5:])
        raise CannotLook(f"{' '.join(command)} ended with exit status {ran.exit_code}: {words}")


def scale_back(platform: Platform, service: str, copies: int) -> None:
    """Ask for as many copies as there were, if the service is still deployed."""
    if _is_deployed(platform, service):
        platform.scale(service, copies)


def thaw(platform: Platform, service: str, replica: str) -> None:
    """Let a frozen copy go on, if it is still there."""
    try:
        platform.signal(replica, "SIGCONT")
        platform.run_inside(replica, CONTINUE_THE_REST, timeout=10)
    except CannotLook:
        if _is_deployed(platform, service) and replica in {copy.id for copy in platform.replicas(service)}:
            raise


def _is_deployed(platform: Platform, service: str) -> bool:
    return service in {each.name for each in platform.services()}
