"""What is required of a deployment that was built from the copies alone."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.recovery import Restored
from readiness.matchers.requirement import Requirement, Violation, requires

SHOWN = 5


def is_built_and_serves() -> Requirement[Restored]:
    """The written procedure built it, and a customer's whole journey is right there."""
    return requires(
        "a deployment is built from the copies by the written procedure, and serves customers", _unserved
    )


def shares_nothing() -> Requirement[Restored]:
    """None of its volumes is the original's."""
    return requires("it has nothing of what was lost", _borrowed)


def contacts_nobody() -> Requirement[Restored]:
    """It can reach nothing of what is outside of it."""
    return requires("it contacts nobody", _contacts)


def holds_everything() -> Requirement[Restored]:
    """Each table holds the same rows, and each member's file is there as it was sent."""
    return requires("every record and every file is there as it was", _records)


def is_declared_alike() -> Requirement[Restored]:
    """Keys, owners, rights, roles and settings are the original's."""
    return requires("keys, owners, rights, accounts and settings are as they were", _declarations)


def lost_only_the_newest() -> Requirement[Restored]:
    """What was written before the newest thing that came back came back as well."""
    return requires("of what customers wrote, nothing older than the newest that came back is missing", _gaps)


def _unserved(seen: Restored) -> Iterator[Violation]:
    if seen.fault:
        yield Violation(
            "the restored deployment",
            "serves customers",
            seen.fault,
            "mend the procedure, or what it restores",
        )


def _borrowed(seen: Restored) -> Iterator[Violation]:
    yield from _unserved(seen)
    for name in seen.borrowed:
        yield Violation(
            "the restored deployment",
            "only what came from the copies",
            f"volume {name} of the original",
            "copy it, too",
        )


def _contacts(seen: Restored) -> Iterator[Violation]:
    yield from _unserved(seen)
    for address in seen.reached:
        yield Violation(
            "the restored deployment",
            "reaches nobody outside",
            f"reached {address}",
            "let its networks lead nowhere",
        )


def _records(seen: Restored) -> Iterator[Violation]:
    yield from _unserved(seen)
    if seen.original is None or seen.found is None:
        return
    for name in sorted({*seen.original.tables, *seen.found.tables}):
        was, now = seen.original.tables.get(name), seen.found.tables.get(name)
        if was != now:
            rows = f"{now.rows} rows, checksum {now.checksum}" if now else "no such table"
            wanted = f"{was.rows} rows, checksum {was.checksum}" if was else "no such table"
            yield Violation(
                f"table {name}", wanted, rows, "let the copy hold every table as it was at one moment"
            )
    if seen.file:
        yield Violation("a member's file", "as it was sent", seen.file, "make copies of files as well")


def _declarations(seen: Restored) -> Iterator[Violation]:
    yield from _unserved(seen)
    if seen.original is None or seen.found is None:
        return
    was, now = set(seen.original.declared), set(seen.found.declared)
    for each in sorted(was - now)[:SHOWN]:
        yield Violation(
            "the restored database",
            each,
            "not there",
            "let the copy hold all declarations, roles and settings",
        )
    for each in sorted(now - was)[:SHOWN]:
        yield Violation(
            "the restored database", "nothing but what was there", each, "let the copy hold all declarations"
        )


def _gaps(seen: Restored) -> Iterator[Violation]:
    yield from _unserved(seen)
    if not seen.marks:
        yield Violation(
            "what customers wrote every second",
            "some of it",
            "nothing was confirmed to them, or nothing came back",
            "look at both",
        )
    there = [each.before for each in seen.marks if not each.fault]
    newest = min(there, default=0.0)
    for each in [each for each in seen.marks if each.fault and each.before > newest][:SHOWN]:
        yield Violation(
            f"a record of {each.before:.0f} s before",
            "came back",
            each.fault,
            "restore one moment, not several",
        )
