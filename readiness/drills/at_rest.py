"""How secrets are kept: how old they are by the platform's own records, and whether a disk of the platform shows one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.connections import declared_connections
from readiness.harness.undo import UndoStack
from readiness.probes.known_secrets import KnownSecrets, known_secrets
from readiness.targets.target import Target

LOOKOUT = "readiness-disk"
STAY = ("python3", "-c", "import threading; threading.Event().wait(300)")
PATIENCE = 180.0
PLANT = ("sh", "-c", 'printf "%s\\n" "$TERMS" >/planted/value')
# Only on the disk itself (-xdev): what is mounted there from memory, as secrets are in running copies, is on none. What is looked
# for is kept in memory, too.
SEARCH = (
    "sh",
    "-c",
    'cd /disk && printf "%s\\n" "$TERMS" >/dev/shm/terms && find "$@" -xdev -type f -print0 2>/dev/null '
    "| xargs -0 -r grep -laFs -f /dev/shm/terms; rm -f /dev/shm/terms",
    "search",
)
COUNT = ("sh", "-c", 'cd /disk && find "$@" -xdev -type f 2>/dev/null | wc -l', "count")


@dataclass(frozen=True)
class Age:
    """A secret as the platform keeps it, the profile's name for it, and its age in seconds."""

    kept_as: str
    secret: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class AtRest(Observation):
    """Secrets as they are kept. Examined: files of the platform's disk, and secrets.

    `ages`: those that are replaced month by month. `found`: secret and file in which its value stands. `closed`: what the
    platform keeps cannot be opened with what is on the same disk.
    """

    ages: tuple[Age, ...]
    found: tuple[tuple[str, str], ...]
    closed: bool

    @property
    def oldest(self) -> Age:
        """The oldest of them."""
        return max(self.ages, key=lambda each: each.seconds)


def look_at_rest(target: Target, undo: UndoStack) -> AtRest:
    """Ask for ages; plant a value on the platform's disk, search for it and for every secret. Undo: remove the lookout."""
    platform, known = target.platform, known_secrets(target)
    ages = ages_of(target, time.time())
    if not ages:
        raise CannotLook("the platform keeps none of the declared secrets, so no age can be told")
    undo.owe("remove_container", name=LOOKOUT)
    platform.remove_container(LOOKOUT)
    disk = platform.start_at_disk(declared_connections(target).image, LOOKOUT, STAY)
    planted = secrets.token_hex(32)
    _run(target, disk.id, PLANT, planted)
    search = _Search(target, disk.id, disk.folders)
    if not any("value" in path for path in search.files_with([planted])):
        raise CannotLook(
            "a value that was planted on the platform's disk is not found there, so nothing can be said"
        )
    found = search.secrets_in(
        search.files_with([form for name in known.names for form in known.forms_of(name)]), known
    )
    return AtRest(
        examined=search.files + len(ages),
        ages=ages,
        found=found,
        closed=_run(target, disk.id, disk.closed).strip() == "closed",
    )


def ages_of(target: Target, now: float) -> tuple[Age, ...]:
    """The ages of the secrets that copies of services have, but for those that are replaced together with something else."""
    declared = [each for each in target.profile.secrets if each.replaced_with is None]
    return tuple(
        Age(kept.name, each.name, now - kept.created)
        for kept in target.platform.kept_secrets()
        for each in declared
        if each.name in kept.name
    )


class _Search:
    """The platform's disk, seen from a container of ours that may only read it."""

    def __init__(self, target: Target, container: str, folders: Sequence[str]) -> None:
        self._target, self._container, self._folders = target, container, folders
        self.files = int(_run(target, container, (*COUNT, *folders)))

    def files_with(self, terms: Sequence[str]) -> list[str]:
        """The files in which any of these texts stands."""
        return _run(self._target, self._container, (*SEARCH, *self._folders), "\n".join(terms)).splitlines()

    def secrets_in(self, files: Sequence[str], known: KnownSecrets) -> tuple[tuple[str, str], ...]:
        """Which secret stands in which of these files."""
        return tuple(
            (name, path)
            for path in files
            for name in known.names
            if _run(self._target, self._container, (*SEARCH, path), "\n".join(known.forms_of(name)))
        )


def _run(target: Target, container: str, argv: Sequence[str], terms: str = "") -> str:
    ran = target.platform.run_inside(container, argv, timeout=PATIENCE, settings={"TERMS": terms})
    if ran.exit_code != 0:
        raise CannotLook(
            f"the platform's disk cannot be looked at: {ran.output[-200:]}. connections.image needs sh, grep and find."
        )
    return ran.output
