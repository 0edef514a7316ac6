"""What is required of what keeps data: it outlives the copies that took it, and nothing that was confirmed is ever lost."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.keeping import TRIALS, Places, Survival, Trial
from readiness.matchers.requirement import Requirement, Violation, requires

ON_A_VOLUME = "mount a named volume at the very path at which the database keeps its files, and let it wait for the disk"
BESIDE = "write to a volume, or declare the path as scratch where nothing in it is worth keeping"


def keep_data_where_it_lasts() -> Requirement[Places]:
    """The database's files lie on volumes that its next copy is given, and nothing is called kept that is only in memory."""
    return requires(
        "the database keeps its data on a volume that outlives it, and waits for the disk", _endangered
    )


def _endangered(seen: Places) -> Iterator[Violation]:
    for danger in seen.database.dangers:
        yield Violation(seen.database.service, "kept through a crash and a replacement", danger, ON_A_VOLUME)
    if not seen.database.stores:
        yield Violation(
            seen.database.service, "a place where it keeps its data", "it names none", ON_A_VOLUME
        )


def give_the_file_back_later() -> Requirement[Places]:
    """A copy that started after the file was taken gives it back unchanged."""
    return requires("a copy that starts later gives the file back unchanged", _forgotten)


def _forgotten(seen: Places) -> Iterator[Violation]:
    if seen.later_copy:
        remedy = "keep files on a volume that every copy of the service mounts, or in a store that all use"
        yield Violation("the file", "given back as it was sent", seen.later_copy, remedy)


def write_only_to_volumes() -> Requirement[Places]:
    """No copy wrote into its own container, apart from what the profile declares worthless."""
    return requires("no copy writes beside its volumes", _beside)


def _beside(seen: Places) -> Iterator[Violation]:
    for each in seen.written:
        yield Violation(
            f"copy {each.instance} of {each.service}",
            "nothing written in its own container",
            each.path,
            BESIDE,
        )


def keep_every_record() -> Requirement[Survival]:
    """After every trial, each record that was confirmed before is there as it was written."""
    return requires("every confirmed record is there after each trial, as it was written", _lost_records)


def _lost_records(seen: Survival) -> Iterator[Violation]:
    yield from _not_tried(seen)
    for trial in seen.trials:
        if trial.read and trial.read.missing:
            yield Violation(
                f"after {trial.name}",
                f"{trial.read.records} records that were confirmed",
                f"{trial.read.missing} of them not as written ({'; '.join(trial.read.lost)})",
                "confirm a write when it is on disk, on a volume that outlives the database's container",
            )


def keep_the_file() -> Requirement[Survival]:
    """After every trial, the file is there, byte for byte."""
    return requires("the file is there after each trial, byte for byte", _lost_file)


def _lost_file(seen: Survival) -> Iterator[Violation]:
    yield from _not_tried(seen)
    for trial in seen.trials:
        if trial.read and trial.read.file:
            remedy = "keep files on a volume that outlives the container that takes them"
            yield Violation(f"after {trial.name}", "the file, unchanged", trial.read.file, remedy)


def _not_tried(seen: Survival) -> Iterator[Violation]:
    tried = {trial.name: trial for trial in seen.trials}
    for name in TRIALS:
        yield from _missed(name, tried.get(name))


def _missed(name: str, trial: Trial | None) -> Iterator[Violation]:
    if trial is None or trial.refused:
        observed = trial.refused if trial else "not tried"
        yield Violation(name, "gone through without loss", observed, "mend this first, then try again")
