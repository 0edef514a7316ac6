"""What a customer took away is brought into an empty copy of the deployment, and held against what is kept there then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from readiness.config.placeholders import filled
from readiness.config.taking_away import CLIENT
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.drills.first_start import Stage, dependencies_of, fault_of, stage_of, wait_for_ready
from readiness.drills.taking_away import Given, kept_rows, taking_away_of
from readiness.harness.undo import UndoStack
from readiness.probes.archives import Compared, compare
from readiness.probes.database import declared_database, running_database
from readiness.targets.inside_door import InsideDoor
from readiness.targets.platform import Replica
from readiness.targets.target import Target

HOME = "readiness-new-home"


@dataclass(frozen=True, kw_only=True)
class MovedIn(Observation):
    """What is kept where an archive was brought in. Examined: records there.

    `compared`: the archive held against it. `files`: in what way a file is not given back as it was given. `words`: the last
    ones of the procedure, where it failed. `fault`: what was wrong with the answers to a customer there, "" when nothing was.
    """

    compared: tuple[Compared, ...]
    files: tuple[str, ...]
    words: str
    fault: str


def set_out_home(target: Target, undo: UndoStack) -> Stage:
    """A copy of the deployment that has everything but data. Undo: remove it."""
    service = target.profile.service.name
    return stage_of(target, undo, HOME, {**dict.fromkeys(dependencies_of(target), 1), service: 1})


def move_in(target: Target, stage: Stage, archive: Path, given: Iterable[Given]) -> MovedIn:
    """Let the customer in there, bring in his archive with the operator's procedure, and look at what is kept."""
    what, _ = taking_away_of(target)
    if not wait_for_ready(target, stage.platform, 1, stage.made)[0]:
        raise CannotLook(f"no copy of {target.profile.service.name} became ready in {stage.name}")
    admitted = target.run_procedure("admit", stack=stage.name)
    if admitted.exit_code != 0:
        raise CannotLook(
            f"nobody could be let in to {stage.name}: {' '.join(admitted.output.split())[-300:]}"
        )
    ran = target.run_procedure("bring_in", stack=stage.name, client=what.client, archive=str(archive))
    database = declared_database(target)
    keeper = running_database(stage.platform, database, target.profile.patience.change)
    condition = {CLIENT: what.client}
    with ZipFile(archive) as taken:
        compared = tuple(
            compare(
                kind,
                kept_rows(
                    stage.platform,
                    keeper,
                    database.ask,
                    kind.kept(str(filled(kind.of_client, condition)), what.hidden),
                ),
                taken,
                what.formula_guard,
            )
            for kind in what.kinds
        )
    (copy,) = stage.platform.replicas(target.profile.service.name)[:1]
    return MovedIn(
        examined=sum(each.lines for each in compared),
        compared=compared,
        files=tuple(_files(target, stage, copy, given)) if ran.exit_code == 0 else (),
        words=" ".join(ran.output.split())[-300:] if ran.exit_code else "",
        fault=fault_of(target, stage.platform, copy),
    )


def _files(target: Target, stage: Stage, copy: Replica, given: Iterable[Given]) -> Iterator[str]:
    what, entrusted = taking_away_of(target)
    assert entrusted.file is not None, "taking_away_of asks for it"
    door = InsideDoor(stage.platform, copy.id, int(target.profile.service.port or 0))
    for each in given:
        path = str(filled(entrusted.file.read.path, each.known))
        answer = door.ask(
            "GET", path, headers=target.headers(what.identity), timeout=target.profile.patience.answer
        )
        if answer.status != entrusted.file.read.expect_status:
            yield f"{path}: {answer.error or f'status {answer.status}'}"
        elif hashlib.sha256(answer.body).hexdigest() != each.checksum:
            yield f"{path}: {len(answer.body)} bytes with another content than was given"
