"""Containers of our own that write lines, and the search in which they are looked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from readiness.config.logs import Logs
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.harness.undo import UndoStack, UndoStep
from readiness.targets.log_search import LogSearch
from readiness.targets.target import Target

WRITES = """
import json, os, sys, time
for each in json.loads(os.environ["SAY"]):
    for number in range(each["times"]):
        out = sys.stderr if each["error"] else sys.stdout
        print(each["text"].replace("{number}", str(number)).replace("{now}", f"{time.time():.6f}"), file=out, flush=True)
        time.sleep(each["every"])
"""
ENDS_WITHIN = 120.0


@dataclass(frozen=True)
class Says:
    """A text that is written `times` times, `every` so many seconds; {number} and {now} in it become its number and the time."""

    text: str
    times: int = 1
    every: float = 0.0
    error: bool = False


def logs_of(target: Target) -> Logs:
    """What the profile says of logs. CapabilityMissing where it says nothing."""
    if target.profile.logs is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say where its logs come together (logs)."
        )
    return target.profile.logs


def search_of(target: Target) -> LogSearch:
    """The search in them. CapabilityMissing where the profile names none."""
    return LogSearch(logs_of(target).search)


@dataclass(frozen=True)
class Writer:
    """A container that writes. Its name is the service under which its lines are found."""

    id: str
    name: str
    undo: UndoStep


def start_writer(target: Target, undo: UndoStack, name: str, says: Sequence[Says]) -> Writer:
    """Start a container that writes these lines and ends. Undo: remove it."""
    platform = target.platform
    step = undo.owe("remove_container", name=name)
    platform.remove_container(name)
    ours = platform.start_throwaway(
        logs_of(target).image,
        name,
        ["python3", "-c", WRITES],
        health_check=None,
        environment=[f"SAY={json.dumps([asdict(each) for each in says])}"],
    )
    return Writer(ours.id, name, step)


def wait_for_its_end(target: Target, writer: Writer) -> None:
    """Until it has written everything. CannotLook when it does not come to an end."""
    waited = wait_until(
        lambda: target.platform.throwaway_health(writer.id),
        lambda seen: seen == "ended",
        patience=ENDS_WITHIN,
    )
    if not waited.happened:
        raise CannotLook(
            f"the container {writer.name} has not written its lines within {waited.seconds:.0f} s"
        )


def written_by(target: Target, writer: Writer, lines: int) -> tuple[str, ...]:
    """What the engine has of it. CannotLook when that is not as many lines as it was to write."""
    told = target.platform.logs(writer.id, lines + 1).splitlines()
    if len(told) != lines:
        raise CannotLook(
            f"the container {writer.name} was to write {lines} lines, and the engine has {len(told)} of it"
        )
    return tuple(told)
