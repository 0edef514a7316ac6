"""What is required of what customers take away: all that is kept of them, as it is kept, nothing else, and of use elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from readiness.drills.moving_in import MovedIn
from readiness.drills.taking_away import TakenAway
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.archives import Compared

REFUSED = (403, 404)


def holds_everything() -> Requirement[TakenAway]:
    """Every record that is kept is there, as it is kept, and every file as it was given."""
    return requires("every record and every file is there, as it is kept", _lacking)


def is_the_same_in_tables() -> Requirement[TakenAway]:
    """The tables for spreadsheets have the same records with the same values; no value is another than an empty text."""
    return requires("the tables say the same as the lines", _differing_cells)


def runs_nothing() -> Requirement[TakenAway]:
    """No cell is taken for a formula."""
    return requires("no cell is a formula", _formulas)


def holds_nothing_of_others() -> Requirement[TakenAway]:
    """No record is there that is not his, and nobody gets what is another's."""
    return requires("nothing of anybody else is there, and another customer is refused", _foreign)


def is_whole_again() -> Requirement[MovedIn]:
    """The archive could be brought in, and all of it is there, and nothing twice."""
    return requires("all that was taken away is there, as it was", _not_moved)


def serves_there() -> Requirement[MovedIn]:
    """A customer is served there."""
    return requires("a customer is served there", _unserved)


def _lacking(seen: TakenAway) -> Iterator[Violation]:
    if seen.fault:
        yield Violation(
            "the archive", "a whole one", seen.fault, "look into the log of the copy that made it"
        )
    for whose, each in _all(seen):
        yield from _lines(whose, each)
    for fault in seen.files:
        yield Violation(
            "files", "each as it was given", fault, "add the content of attachments to the archive"
        )


def _lines(whose: str, each: Compared) -> Iterator[Violation]:
    where = f"{each.kind} of {whose}"
    if each.missing or each.lines < each.kept:
        yield Violation(
            where, f"all {each.kept} that are kept", f"{each.lines}, without {', '.join(each.missing)}",
            "read until nothing is left, and leave no record out",
        )  # fmt: skip
    for altered in each.altered:
        yield Violation(
            where, "each as it is kept", altered, "write values as they are, numbers with all their digits"
        )


def _differing_cells(seen: TakenAway) -> Iterator[Violation]:
    for whose, each in _all(seen):
        where = f"{each.kind} of {whose}"
        if each.rows != each.lines:
            yield Violation(where, f"{each.lines} rows", f"{each.rows}", "write each record in both forms")
        for fault in each.cells:
            yield Violation(
                where, "the value of the line", fault, "quote texts, and leave cells without value empty"
            )


def _formulas(seen: TakenAway) -> Iterator[Violation]:
    for whose, each in _all(seen):
        for cell in each.formulas:
            yield Violation(
                f"{each.kind} of {whose}", "text", cell, "put an apostrophe before texts that begin like formulas"
            )  # fmt: skip


def _foreign(seen: TakenAway) -> Iterator[Violation]:
    for whose, each in _all(seen):
        for name in each.foreign:
            yield Violation(
                f"{each.kind} of {whose}", "his own, each once", name, "ask for the client in every statement"
            )
    if seen.strangers_answer not in REFUSED:
        yield Violation(
            "another customer", "a refusal", f"status {seen.strangers_answer}", "ask for the client first"
        )
    if not all(any(each.kept for each in part) for part in (seen.everything, seen.of_owner, seen.of_another)):
        yield Violation("records", "some of each customer", "none of one", "see why they were not kept")


def _not_moved(seen: MovedIn) -> Iterator[Violation]:
    if seen.words:
        yield Violation("the procedure", "an archive that is taken", seen.words, "see its words")
    for each in seen.compared:
        if each.kept != each.lines or each.missing or each.foreign:
            yield Violation(
                each.kind, f"the {each.lines} that were taken away",
                f"{each.kept}; not there: {', '.join(each.foreign) or 'none'}; new: {', '.join(each.missing) or 'none'}",
                "bring in every line once",
            )  # fmt: skip
        for altered in each.altered:
            yield Violation(each.kind, "each as it was", altered, "write values as they are")
    for fault in seen.files:
        yield Violation("files", "each as it was given", fault, "bring in the content of attachments, too")


def _unserved(seen: MovedIn) -> Iterator[Violation]:
    if seen.fault:
        yield Violation("a customer's journey", "right answers", seen.fault, "look into the log of the copy")


def _all(seen: TakenAway) -> Iterable[tuple[str, Compared]]:
    for whose, part in (
        ("the customer", seen.everything),
        ("one owner", seen.of_owner),
        ("another customer", seen.of_another),
    ):
        for each in part:
            yield whose, each
