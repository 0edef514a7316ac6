"""What is required of a system whose parts start in any order, all at once, or once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from readiness.drills.dependencies import Recoveries
from readiness.drills.first_start import ColdStart, FirstStart
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.targets.platform import Ended

WAIT = "let the service wait for what it depends on, for ever and in itself, or let its platform start it again without a limit"
ONE_AT_A_TIME = (
    "let one copy migrate while the others wait (a lock in the database), each migration in one transaction"
)
CONNECT_ANEW = "let every use of a dependency look up its name and connect anew when the connection is gone"
SHOWN = 5


def comes_up_by_itself() -> Requirement[ColdStart]:
    """The service became ready without anybody's help after its dependencies had come, and served a customer."""
    return requires(
        "a service that was there first is ready when its dependencies are, and serves", _stayed_away
    )


def _stayed_away(seen: ColdStart) -> Iterator[Violation]:
    where = f"a copy that was alone for {seen.alone:.0f} s, in which copies ended {len(seen.ended)} times"
    if not seen.ready:
        observed = f"not ready after {seen.ready_after:.0f} s{_last_words(seen.ended)}"
        yield Violation(where, "ready when what it depends on is there", observed, WAIT)
    elif seen.fault:
        yield Violation(where, "the right answers to a customer", seen.fault, CONNECT_ANEW)


def come_up_together() -> Requirement[FirstStart]:
    """Every copy became ready, and none ended on the way."""
    return requires("all copies that start at once come up, and none fails on the way", _failed)


def _failed(seen: FirstStart) -> Iterator[Violation]:
    if seen.ready < seen.copies:
        observed = f"{seen.ready} after {seen.ready_after:.0f} s"
        yield Violation("copies that are ready", str(seen.copies), observed, ONE_AT_A_TIME)
    if seen.ended:
        observed = f"{len(seen.ended)} ended{_last_words(seen.ended)}"
        yield Violation("copies on an empty database", "none that fails", observed, ONE_AT_A_TIME)


def leave_each_other_alone() -> Requirement[FirstStart]:
    """The database refused nothing to one copy because another one was at the same work."""
    return requires("no copy gets in the way of another", _in_the_way)


def _in_the_way(seen: FirstStart) -> Iterator[Violation]:
    for line in seen.conflicts[:SHOWN]:
        yield Violation("the database's log", "nothing refused because of another copy", line, ONE_AT_A_TIME)


def migrate_once() -> Requirement[FirstStart]:
    """The database holds what one copy alone makes of it, and each migration stands in its history once."""
    return requires(
        "every migration was run once, and what it brings is there once",
        lambda seen: chain(_repeated(seen.found.migrations), _different(seen)),
    )


def _repeated(migrations: Sequence[str]) -> Iterator[Violation]:
    for name, times in Counter(migrations).items():
        if times > 1:
            yield Violation(f"migration {name}", "run once", f"run {times} times", ONE_AT_A_TIME)


def _different(seen: FirstStart) -> Iterator[Violation]:
    expected, found = seen.expected, seen.found
    if expected is None:
        yield Violation("one copy alone", "ready, to compare with", "it did not become ready", WAIT)
        return
    if not found.relations:
        yield Violation("the database", "tables", "none", "see the service's log")
    for kind, here, there in (
        ("migrations", found.migrations, expected.migrations),
        ("tables, indexes and constraints", found.relations, expected.relations),
    ):
        more, fewer = Counter(here) - Counter(there), Counter(there) - Counter(here)
        if more or fewer:
            observed = f"more: {', '.join(more) or 'none'}; fewer: {', '.join(fewer) or 'none'}"
            yield Violation(kind, "what one copy alone makes", observed, ONE_AT_A_TIME)
    alone = dict(expected.rows)
    for table, rows in found.rows:
        if rows != alone.get(table, rows):
            yield Violation(
                f"table {table}", f"{alone[table]} rows, as with one copy alone", f"{rows}", ONE_AT_A_TIME
            )


def get_over_crashes() -> Requirement[Recoveries]:
    """After the crash of each dependency every copy serves again, in the container that served before."""
    return requires(
        "every copy gets over the crash of every dependency, and is the same as before", _not_over_it
    )


def _not_over_it(seen: Recoveries) -> Iterator[Violation]:
    for each in seen.recoveries:
        where = f"copy {each.instance} after the crash of {each.dependency}"
        if each.fault:
            observed = f"after {each.seconds:.0f} s: {each.fault}"
            yield Violation(where, "the right answers to a customer", observed, CONNECT_ANEW)
        if each.replaced:
            yield Violation(where, "still the same container", "replaced or started again", WAIT)


def _last_words(ended: Sequence[Ended]) -> str:
    return f" (last: {ended[0].message}, exit code {ended[0].exit_code})" if ended else ""
