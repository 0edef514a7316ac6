"""What is required of a change of the data's structure: nobody notices it, nothing is lost, and it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.changing_structure import Change, Changed, ChangedAgain, ChangedBack, Work
from readiness.matchers.requirement import Requirement, Violation, requires


def is_not_noticed() -> Requirement[Changed]:
    """Customers of both releases were served rightly all the time."""
    return requires("customers of the release before and of this one are served all the time", _noticed)


def writes_nothing_anew() -> Requirement[Changed]:
    """No table with rows lies in a new file: writing it anew keeps everybody out, the longer the more there is."""
    return requires("no table is written anew as a whole", _rewritten)


def keeps_everything() -> Requirement[Changed]:
    """Whatever was there before is there afterwards, as it was."""
    return requires("every row is there as it was", lambda seen: _lost(seen.before, seen.after))


def is_taken_back() -> Requirement[ChangedBack]:
    """Structure and content are as before the change, and customers of the release before did not notice."""
    return requires("structure and data are as before the change, and nobody noticed", _not_taken_back)


def is_the_same_again() -> Requirement[ChangedAgain]:
    """A second run changes nothing."""
    return requires(
        "a second run changes nothing", lambda seen: _differs("the second run", seen.first, seen.again)
    )


def is_taken_up() -> Requirement[ChangedAgain]:
    """Cut off at any step, the next run makes of it what an undisturbed one does."""
    return requires("cut off and run again, it ends like an undisturbed one", _not_taken_up)


def _noticed(seen: Changed) -> Iterator[Violation]:
    if seen.after.words:
        yield Violation("the procedure", "a change that works", seen.after.words, "see its words")
    for release in ("before", "present"):
        if not seen.work.requests.get(release):
            yield Violation(
                f"release {release}", "customers who are served", "no request", "see why nobody came"
            )
    yield from _faults(seen.work)


def _faults(work: Work) -> Iterator[Violation]:
    for fault in work.faults:
        yield Violation(
            "a customer",
            "the right answer",
            fault,
            "change nothing that a release that serves needs; expand first",
        )
    if not work.looks:
        yield Violation("tables", "looks at who waits for them", "none", "see why nobody could look")


def _rewritten(seen: Changed) -> Iterator[Violation]:
    for table in seen.rewritten:
        yield Violation(
            table,
            "a change beside its rows",
            "the table in a new file",
            "add a column, fill it in parts, and switch later",
        )


def _lost(before: Change, after: Change) -> Iterator[Violation]:
    for table, content in before.content.items():
        if after.content.get(table) != content:
            yield Violation(table, content, str(after.content.get(table)), "change no row that is there")


def _not_taken_back(seen: ChangedBack) -> Iterator[Violation]:
    if seen.after.words:
        yield Violation("the procedure", "a change that is taken back", seen.after.words, "see its words")
    yield from _faults(seen.work)
    yield from _lost(seen.before, seen.after)
    yield from _structure("taken back", seen.before, seen.after)


def _not_taken_up(seen: ChangedAgain) -> Iterator[Violation]:
    if not seen.cut:
        yield Violation(
            "the change", "a step after which it can be cut off", "none", "see why nothing was changed"
        )
    yield from _differs("cut off and run again", seen.first, seen.resumed)


def _differs(when: str, first: Change, later: Change) -> Iterator[Violation]:
    if later.words:
        yield Violation(
            when, "a run that works", later.words, "let each step find it in order that it was done"
        )
    yield from _structure(when, first, later)
    yield from _lost(first, later)


def _structure(when: str, expected: Change, found: Change) -> Iterator[Violation]:
    wanted, there = expected.structure, found.structure
    for line in sorted({*wanted.declared} ^ {*there.declared}):
        words = "missing" if line in wanted.declared else "there, and was not"
        yield Violation(
            when, "the same structure", f"{line}: {words}", "make each step undo or repeat itself wholly"
        )
    if wanted.migrations != there.migrations:
        yield Violation(
            when, f"migrations {wanted.migrations}", f"{there.migrations}", "note a migration with its change"
        )
