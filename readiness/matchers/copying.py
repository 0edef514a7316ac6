"""What is required of those who make copies, try them out, and guard them."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.copying import Schedule
from readiness.drills.rehearsing import Rehearsals
from readiness.drills.retention import Kept
from readiness.drills.theft import Theft
from readiness.matchers.requirement import Requirement, Violation, requires

TREND = 0.5  # by what share the size may differ from that of the copy before
ENOUGH = 2


def comes_by_itself() -> Requirement[Schedule]:
    """Copies came without anybody asking, and of about the size of the one before."""
    return requires("copies come by themselves, as large as the one before", _missing_copies)


def counts_no_failure() -> Requirement[Schedule]:
    """What failed was not counted as a copy; when the database was back, so were the copies."""
    return requires(
        "no copy is counted that was not made, and the next one comes when it can be made", _counted
    )


def tells_of_failure() -> Requirement[Schedule]:
    """A person was told that no copy could be made."""
    return requires("a person is told that no copy can be made", _untold)


def finds_good_from_bad() -> Requirement[Rehearsals]:
    """The copy as it is was found good, and each harmed one was not."""
    return requires("a rehearsal finds a good copy good and a bad one bad", _misjudged)


def refuses_the_old() -> Requirement[Rehearsals]:
    """A copy that is too old was refused, and a person was told of it."""
    return requires("a rehearsal on a copy that is too old fails, and a person is told", _old_taken)


def is_written_down() -> Requirement[Rehearsals]:
    """The good drill was written down with the copy and the person; others came without being asked for, the last one good."""
    return requires(
        "rehearsals are written down: which copy, when, how it ended, by whom; and they come by themselves",
        _unwritten,
    )


def gives_a_thief_nothing() -> Requirement[Theft]:
    """Nothing in the stolen copy can be read, nor does its key lie there."""
    return requires("nothing in a stolen copy, nor beside it, can be read", _readable)


def opens_with_its_key_only() -> Requirement[Theft]:
    """The right key opens it, a wrong one does not."""
    return requires("a copy opens with its key and with no other", _opened)


def is_out_of_reach() -> Requirement[Theft]:
    """No other part of the deployment can list, read or remove copies."""
    return requires("nobody but those who make copies can list, read or remove one", _reached)


def keeps_what_was_promised() -> Requirement[Kept]:
    """The newest copies were kept, as many as promised, however often a try failed in between; older ones are gone."""
    return requires("as many copies are kept as promised, the newest, and no more", _promised)


def never_loses_the_last_good() -> Requirement[Kept]:
    """The last copy that was found good is there although newer ones, which are bad, would suffice by number."""
    return requires("the last copy that was seen to be good is never removed", _last_good)


def _missing_copies(seen: Schedule) -> Iterator[Violation]:
    if len(seen.came) < ENOUGH:
        yield Violation(
            "the hastened schedule", f"{ENOUGH} copies without being asked", f"{len(seen.came)}", "make them on a schedule"
        )  # fmt: skip
    before, after = seen.sizes
    if after < 1 or abs(after - before) > TREND * before:
        yield Violation("the last copy", f"about {before} bytes", f"{after}", "look what is missing in it")


def _counted(seen: Schedule) -> Iterator[Violation]:
    if seen.counted or seen.believed > 0:
        yield Violation(
            "while the database was away", "no copy", f"{', '.join(seen.counted) or 'success'} {seen.believed:.0f} s later",
            "count as a copy only what was made and is complete",
        )  # fmt: skip
    if not seen.back:
        yield Violation(
            "when the database was back",
            "the next copy, and the alarm's end",
            "not both",
            "try again by itself",
        )


def _untold(seen: Schedule) -> Iterator[Violation]:
    if seen.told_after is None:
        yield Violation(
            "while the database was away",
            "a message to a person",
            "none",
            "raise an alarm when the last try failed",
        )


def _misjudged(seen: Rehearsals) -> Iterator[Violation]:
    if not seen.untouched.good:
        yield Violation("the copy as it is", "good", seen.untouched.said, "make copies that can be restored")
    for each in seen.harmed:
        if each.good:
            yield Violation(
                f"a copy {each.words}",
                "refused",
                "found good",
                "restore the copy in a rehearsal, and compare what is in it",
            )


def _old_taken(seen: Rehearsals) -> Iterator[Violation]:
    if seen.old.good:
        yield Violation("a copy older than it may be", "refused", "found good", "look at its age")
    if seen.told_after is None:
        yield Violation(
            "a rehearsal that failed",
            "a message to a person",
            "none",
            "raise an alarm when a rehearsal failed",
        )
    if not seen.quiet:
        yield Violation(
            "after a good rehearsal", "the alarm ends", "it goes on", "let the last rehearsal decide"
        )


def _unwritten(seen: Rehearsals) -> Iterator[Violation]:
    if seen.passed is None:
        yield Violation("a good rehearsal", "written down", "not in the list", "write down each rehearsal")
    elif seen.passed.backup not in seen.newest:
        yield Violation(
            "a good rehearsal",
            "bound to a copy that is there",
            seen.passed.backup or "to none",
            "write down which copy was tried",
        )
    if not any(each.passed for each in seen.unasked):
        yield Violation("rehearsals that nobody asked for", "a good one", "none", "rehearse on a schedule")


def _readable(seen: Theft) -> Iterator[Violation]:
    if not seen.planted_found:
        yield Violation("what was planted readably", "found", "not found", "look why the search sees nothing")
    for where in seen.readable:
        yield Violation(where, "unreadable", "a customer's words", "encrypt it")
    for where in seen.lying_about:
        yield Violation(
            f"{where}, where copies are made",
            "nothing readable",
            "a customer's words",
            "leave no readable file behind",
        )
    for where in seen.key_beside:
        yield Violation(
            where, "no key", "a secret of those who make copies", "keep the key apart from the copies"
        )


def _opened(seen: Theft) -> Iterator[Violation]:
    if not seen.right_key:
        yield Violation("the repository", "opens with its key", "does not", "look which key it was made with")
    if seen.wrong_key:
        yield Violation("the repository", "stays shut for a wrong key", "opens", "encrypt it")


def _reached(seen: Theft) -> Iterator[Violation]:
    if not seen.keeper_reads:
        yield Violation(
            "those who make copies", "can list and read them", "cannot", "look where the repository lies"
        )
    for each in seen.strangers:
        if each.could:
            yield Violation(
                each.service,
                "no way to the copies",
                "; ".join(each.could),
                "take the repository away from it",
            )


def _promised(seen: Kept) -> Iterator[Violation]:
    wanted = seen.made[-seen.kept :]
    for each in wanted:
        if each not in seen.after_good:
            yield Violation(
                f"copy {each}", "kept", "removed", "count copies that were made, and no failed try"
            )
    for each in seen.after_good:
        if each not in wanted:
            yield Violation(
                f"copy {each}",
                f"removed, for {seen.kept} newer ones are there",
                "kept",
                "remove what is too old",
            )


def _last_good(seen: Kept) -> Iterator[Violation]:
    if seen.verified not in seen.after_bad:
        yield Violation(
            f"copy {seen.verified}, the last one that was seen to be good",
            "kept",
            f"removed for {', '.join(seen.bad)}",
            "remove nothing before a newer copy was tried out and is good",
        )
