"""A thief has a copy, or has taken over what serves customers: what can he read, and what can he destroy?"""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import dataclass

from readiness.actions.settings import roll_out_settings
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.copying import keeper_of, listed, recovery_of
from readiness.drills.entrusting import Keeper
from readiness.harness.undo import UndoStack
from readiness.probes.known_secrets import known_secrets
from readiness.targets.target import Target

ASIDE = "readiness-stolen"
PLANTED = "readiness planted this: "
COPY_WITHIN = 90.0
FIND = 'grep -rlaF -e "$WORDS" {places} 2>/dev/null | head -5; true'
TRY = (
    "for each in {repository}; do ls $each >/dev/null 2>&1 && echo listed $each; "
    "find $each -type f 2>/dev/null | head -1 | grep -q . && echo read $each; done; "
    "grep -F {repository} /proc/self/mounts | sed 's/^/mounted /'; true"
)


@dataclass(frozen=True)
class Stranger:
    """A part of the deployment that makes no copies, and what it could do with the repository; nothing when it is refused."""

    service: str
    could: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Theft(Observation):
    """What a thief gets. Examined: files of the stolen copy, strangers, and keys that were tried.

    `planted_found`: whether our search finds what was planted readably beside the copies. `readable`: places in the copy, and in
    what lies about where copies are made, where a customer's words can be read. `key_beside`: files of the copy with its key.
    `right_key`, `wrong_key`: whether the repository opened with either. `strangers`: who else tried.
    """

    files: int
    planted_found: bool
    readable: tuple[str, ...]
    lying_about: tuple[str, ...]
    key_beside: tuple[str, ...]
    right_key: bool
    wrong_key: bool
    keeper_reads: bool
    strangers: tuple[Stranger, ...]


def steal(target: Target, undo: UndoStack) -> Theft:
    """Entrust words, wait until a copy has them, steal the repository, and try it; try it from everywhere else, too."""
    recovery, platform = recovery_of(target), target.platform
    keeper = Keeper(target)
    try:
        keeper.entrust()
        hastened = roll_out_settings(platform, undo, recovery.service, recovery.hastened)
        _wait_for_copy(target)
        where = keeper_of(target)
        aside = undo.owe("remove_aside", name=ASIDE)
        platform.remove_aside(ASIDE)
        platform.keep_aside(where.id, recovery.repository, ASIDE)
        words = keeper.words

        def search(what: str) -> tuple[str, ...]:
            """Files of the stolen repository in which these words can be read."""
            script = f"WORDS={shlex.quote(what)}; {FIND.format(places='/aside')}"
            return tuple(platform.change_aside(ASIDE, where.image_id, ["sh", "-c", script]).output.split())

        count = platform.change_aside(
            ASIDE, where.image_id, ["sh", "-c", "find /aside -type f -size +0 | wc -l"]
        )
        platform.change_aside(
            ASIDE, where.image_id, ["sh", "-c", f"printf '{PLANTED}%s' '{words}' > /aside/planted"]
        )
        found = search(words)
        beside = tuple(
            each
            for secret in target.profile.secrets
            if recovery.service in secret.readers
            for each in search(known_secrets(target).value(secret.name))
        )
        undo.settle(aside)
        lying = platform.run_inside(
            where.id, ["sh", "-c", FIND.format(places=f"/tmp /scratch /var/tmp /run {recovery.repository}")],
            timeout=60, settings={"WORDS": words},
        )  # fmt: skip
        right = platform.run_inside(where.id, recovery.read.command, timeout=60)
        wrong = platform.run_inside(
            where.id, recovery.read.command, timeout=60, settings=recovery.read.wrong_key
        )
        own = platform.run_inside(
            where.id, ["sh", "-c", TRY.format(repository=recovery.repository)], timeout=30
        )
        strangers = tuple(_stranger(target, name) for name in recovery.strangers)
        undo.settle(hastened)
        keeper_of(target)
    finally:
        keeper.clean_up()
    return Theft(
        examined=int(count.output or 0) + len(strangers) + 2,
        files=int(count.output or 0),
        planted_found="/aside/planted" in found,
        readable=tuple(each for each in found if each != "/aside/planted"),
        lying_about=tuple(lying.output.split()),
        key_beside=beside,
        right_key=right.exit_code == 0 and _opens(right.output),
        wrong_key=wrong.exit_code == 0 and _opens(wrong.output),
        keeper_reads="listed" in own.output and "read" in own.output,
        strangers=strangers,
    )


def _opens(output: str) -> bool:
    try:
        return bool(json.loads(output)["database"])
    except (ValueError, KeyError, TypeError):
        return False


def _stranger(target: Target, service: str) -> Stranger:
    """What a part of the deployment can do with the repository, at the place where it lies for the one who makes copies."""
    recovery, platform = recovery_of(target), target.platform
    copies = platform.replicas(service)
    if not copies:
        raise CannotLook(f"no copy of {service} runs that could try to reach the repository")
    ran = platform.run_inside(
        copies[0].id, ["sh", "-c", TRY.format(repository=recovery.repository)], timeout=30
    )
    if ran.no_such_command:
        raise CannotLook(f"{service} has no shell, so it could not try")
    shared = {platform.store(copies[0], path).name for path in platform.service(service).volumes}
    keeper = keeper_of(target)
    repository = platform.store(keeper, recovery.repository).name
    could = [*ran.output.splitlines(), *([f"mounts {repository}"] if repository in shared else [])]
    return Stranger(service, tuple(could))


def _wait_for_copy(target: Target) -> None:
    """Until a copy was begun after now: what was entrusted is in it."""
    now = time.time()

    def newest() -> float:
        try:
            return max((each.started for each in listed(target).copies), default=0.0)
        except CannotLook:  # while the service is replaced
            return 0.0

    waited = wait_until(newest, lambda started: started >= now, patience=COPY_WITHIN, every=1.0)
    if not waited.happened:
        raise CannotLook(
            f"no copy was made within {COPY_WITHIN:.0f} s, so there is none with what was entrusted"
        )
