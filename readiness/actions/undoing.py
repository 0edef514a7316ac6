"""Every undo that an action may owe, by name: data in a journal, so that another process can carry it out.

Each may be carried out twice, and finds it in order that what it takes back is gone already.
"""

from __future__ import annotations

from collections.abc import Callable

from readiness.core.errors import CannotLook
from readiness.harness.undo import Table
from readiness.targets.platform import Platform

CONTINUE_THE_REST = ("sh", "-c", "kill -CONT -1")


def undo_table(platform: Callable[[], Platform]) -> Table:
    """The undo functions over a platform, which is asked for only when one of them is carried out."""
    return {
        "scale_service": lambda service, copies: scale_back(platform(), service, copies),
        "thaw_copy": lambda service, replica: thaw(platform(), service, replica),
        "remove_service": lambda name: platform().remove_service(name),
        "remove_container": lambda name: platform().remove_container(name),
        "remove_image": lambda reference: platform().remove_image(reference),
    }


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
