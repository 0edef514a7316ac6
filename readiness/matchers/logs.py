"""What is required of logs: that they are together, whole, none lost; that they are found by everything that is known of them."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.log_alarms import LogAlarms, UnusualRule
from readiness.drills.log_collection import CollectionKilled, LogsTogether
from readiness.drills.log_finding import FoundByEverything, RequestTraced
from readiness.drills.log_retention import LogsKept
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.log_roles import LogRolesTried

SHOWN = 120


def holds_every_part() -> Requirement[LogsTogether]:
    """The newest lines of every copy are found under the name of its service."""
    return requires(
        "the newest lines of every part are found, as it wrote them and under its name", _missing_parts
    )


def keeps_lines_whole() -> Requirement[LogsTogether]:
    """Each line is found once, as it was written; the fields of a line that is JSON are its fields."""
    return requires(
        "every kind of line is found once and whole, with its fields where it has any", _not_whole
    )


def loses_nothing() -> Requirement[CollectionKilled]:
    """Every line that was written while collector and store were killed is found once."""
    return requires("every line that was written meanwhile is found exactly once", _lost)


def finds_what_fits() -> Requirement[FoundByEverything]:
    """Each question finds the lines that fit it, and no others."""
    return requires("each question finds the lines that fit it, and no others", _found_wrongly)


def leads_through() -> Requirement[RequestTraced]:
    """The request's lines of every service that it passed are found, and none of other requests."""
    return requires(
        "the lines of every part that the request passed are found together, and no others", _untraced
    )


def keeps_to_its_task() -> Requirement[LogRolesTried]:
    """Each role can do what it needs, and nothing that it must not do."""
    return requires(
        "who writes logs down can only add lines, and who searches them can only read", _overstepped
    )


def _missing_parts(seen: LogsTogether) -> Iterator[Violation]:
    for each in seen.parts:
        where = f"{each.service} ({each.copy})"
        if each.unreadable:
            yield Violation(
                where,
                "lines that can be collected",
                each.unreadable,
                "let the engine keep its output where the collector reads",
            )
        elif each.missing:
            yield Violation(
                where,
                f"the newest {each.written} lines among those found",
                f"{len(each.missing)} are not, such as {each.missing[0][:SHOWN]!r}",
                "collect the output of this container, whole and under the name of its service",
            )


def _not_whole(seen: LogsTogether) -> Iterator[Violation]:
    for each in seen.said:
        if len(each.found) != 1:
            observed = f"{len(each.found)} times" if each.found else "not found as it was written"
            yield Violation(
                each.kind, "one line, whole", observed, "keep each line once and as it is, whatever is in it"
            )
            continue
        (found,) = each.found
        if (each.fields is None) != (found.fields is None) or set(each.fields or {}) != set(
            found.fields or {}
        ):
            yield Violation(
                each.kind,
                f"the fields {_names(each.fields)}",
                _names(found.fields),
                "take a line that is a JSON object apart",
            )
        elif each.fields and {**each.fields, "message": ""} != {**(found.fields or {}), "message": ""}:
            yield Violation(
                each.kind,
                "the values of its fields",
                f"{found.fields}"[:SHOWN],
                "keep numbers and nested fields",
            )


def _names(fields: object) -> str:
    return ", ".join(sorted(fields)) if isinstance(fields, dict) else "none"


def _lost(seen: CollectionKilled) -> Iterator[Violation]:
    where = f"{seen.written} lines while {' and '.join(seen.killed)} were killed"
    if seen.missing:
        yield Violation(
            where, "all of them", f"{len(seen.missing)} are missing, the first is number {seen.missing[0]}",
            "note how far was read only together with what was kept",
        )  # fmt: skip
    if seen.repeated:
        yield Violation(
            where, "each of them once", f"{len(seen.repeated)} are there more than once, such as number {seen.repeated[0]}",
            "note how far was read together with what was kept",
        )  # fmt: skip


def _found_wrongly(seen: FoundByEverything) -> Iterator[Violation]:
    for each in seen.asked:
        if each.found != each.fit or each.others:
            missed = [number for number in each.fit if number not in each.found]
            extra = [number for number in each.found if number not in each.fit]
            yield Violation(
                f"asked by {each.words}",
                f"{len(each.fit)} lines that fit",
                f"{len(missed)} missed, {len(extra)} that do not fit, {each.others} of others",
                "let this condition, and all of them together, decide what is found",
            )
    if not seen.misspelt_refused:
        yield Violation(
            "asked by a condition that there is not",
            "a refusal",
            "an answer",
            "refuse it: else a slip finds anything",
        )


def _untraced(seen: RequestTraced) -> Iterator[Violation]:
    counted = dict(seen.lines)
    for name in seen.passes:
        if not counted.get(name):
            yield Violation(
                f"request {seen.request}", f"lines of {name}", "none",
                "write the request's id into every line of it, and keep it as a field",
            )  # fmt: skip
    for line in seen.foreign:
        yield Violation(f"request {seen.request}", "its own lines", line[:SHOWN], "find by the whole id")


def _overstepped(seen: LogRolesTried) -> Iterator[Violation]:
    for each in seen.needed:
        if not each.allowed:
            yield Violation(f"{each.role}: {each.what}", "allowed", "refused", "grant what it needs")
    for each in seen.forbidden:
        if each.allowed:
            yield Violation(f"{each.role}: {each.what}", "refused", "allowed", "take this right from it")


def tells_of_trouble() -> Requirement[LogAlarms]:
    """A person was told of the critical line and of its end by every channel; the rule for unusual numbers of errors held."""
    return requires("people are told of the trouble, and that it is over, by every channel", _untold)


def leaves_talk_alone() -> Requirement[LogAlarms]:
    """Nobody was told of a part that writes much, and nothing that matters."""
    return requires("nobody is told of a part that only talks much", _disturbed)


def tells_usual_from_unusual() -> Requirement[UnusualRule]:
    """The rule sounds for errors as never before, and for no others."""
    return requires(
        "the alarm sounds for unusual numbers of errors, and for usual ones it does not", _misjudged
    )


def keeps_as_promised() -> Requirement[LogsKept]:
    """Each line is where its age says: searchable, in the archive, or nowhere."""
    return requires(
        "each line can be searched, had from the archive, or is nowhere, as its age says", _kept_wrongly
    )


def _untold(seen: LogAlarms) -> Iterator[Violation]:
    for what, told in (("the trouble", seen.told), ("its end", seen.told_of_the_end)):
        for channel, after in told:
            if after is None:
                found = (
                    "the line was found by searching"
                    if seen.found_in_search
                    else "the line was not even found"
                )
                yield Violation(
                    f"{what}, by {channel}", "a message that names the part", f"none; {found}",
                    "raise an alarm for such lines, and lead it to a channel that people read",
                )  # fmt: skip
    if not seen.unusual_seen:
        yield Violation(
            "many errors at once", "the rule for unusual numbers of errors holds", "it does not",
            "count the errors of every part, and compare them with what is usual",
        )  # fmt: skip


def _disturbed(seen: LogAlarms) -> Iterator[Violation]:
    for each in seen.disturbed_by:
        yield Violation(
            "a part that only talks much",
            "nobody is told",
            each,
            "judge lines by their level, not by words in them",
        )


def _misjudged(seen: UnusualRule) -> Iterator[Violation]:
    for words, must, did in seen.trials:
        if must != did:
            yield Violation(
                words, "the alarm sounds" if must else "silence", "it sounds" if did else "silence",
                "compare the errors of each part with its own of the day before, and wait until they last",
            )  # fmt: skip


def _kept_wrongly(seen: LogsKept) -> Iterator[Violation]:
    searchable, archived = seen.policy
    where = {
        (True, False): "searchable",
        (False, True): "in the archive",
        (False, False): "nowhere",
        (True, True): "in both",
    }
    for each in seen.lines:
        required, observed = (each.searchable_must, each.archived_must), (each.searchable, each.archived)
        if required != observed:
            yield Violation(
                f"a line that is {each.days} days old", where[required], where[observed],
                f"keep lines searchable for {searchable} days, archived until they are {archived} days old, and no longer",
            )  # fmt: skip
