"""What is required of environments beside production: of their descriptions, their images, and their stay beside production."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from readiness.config.environments import Declared
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.environments import Described, Descriptions, ImagesThere

BY_CONTENT = re.compile(r"(?:^|@)sha256:[0-9a-f]{64}$")
ABSENT = "nothing"


@dataclass(frozen=True)
class Difference:
    """One key whose value is another one than production's; None where there is none."""

    key: str
    production: str | None
    here: str | None


def differences(production: Described, other: Described) -> tuple[Difference, ...]:
    """All differences, by key. Of a service, volume or network that only one of the two has, only that."""
    one_sided = {key for key in production.settings.keys() ^ other.settings.keys() if ": " not in key}
    keys = sorted(
        key
        for key in production.settings.keys() | other.settings.keys()
        if key in one_sided or key.partition(": ")[0] not in one_sided
    )
    found = (Difference(key, production.settings.get(key), other.settings.get(key)) for key in keys)
    return tuple(each for each in found if each.production != each.here)


def are_described_without_doubt() -> Requirement[Descriptions]:
    """Every description is whole: no variable is unset, no setting empty."""

    def find(seen: Descriptions) -> Iterator[Violation]:
        for each in (seen.production, *seen.others):
            for complaint in each.complaints:
                remedy = "give the setting a value for this environment, or leave the setting out of it"
                yield Violation(each.environment, "a description with all values", complaint, remedy)

    return requires("every environment is described with all its values", find)


def differ_only_as_declared(declared: Iterable[Declared]) -> Requirement[Descriptions]:
    """Every difference from production is declared, and every declaration still has its difference."""
    entries = tuple(declared)

    def find(seen: Descriptions) -> Iterator[Violation]:
        for each in seen.others:
            there = differences(seen.production, each)
            for difference in there:
                if not any(entry.covers(each.environment, difference.key) for entry in entries):
                    yield _undeclared(seen.production, each, difference)
            yield from _idle(entries, each.environment, there)

    return requires("every difference from production is declared, with its reason", find)


def _undeclared(production: Described, there: Described, difference: Difference) -> Violation:
    where = f"{there.environment}, {difference.key}"
    if difference.key in there.services and difference.production is None:
        meant = get_close_matches(difference.key, production.services, n=1)
        hint = f"if {meant[0]} is meant, spell it so: its settings went astray" if meant else "take it out"
        return Violation(
            where,
            "a service that production has",
            "a service of this environment alone",
            f"{hint}; or declare it",
        )
    return Violation(
        where,
        f"production's {difference.production or ABSENT}",
        difference.here or ABSENT,
        "make both the same, or declare the difference with its reason",
    )


def _idle(
    entries: tuple[Declared, ...], environment: str, there: tuple[Difference, ...]
) -> Iterator[Violation]:
    for entry in entries:
        idle = environment in entry.environments and not any(
            entry.covers(environment, each.key) for each in there
        )
        if idle:
            yield Violation(
                f"{environment}, declared {', '.join(entry.keys)}",
                "a difference that is there",
                "no such difference any more",
                "take the environment, or the entry, out of the list",
            )


def keep_their_own(declared: Iterable[Declared]) -> Requirement[Descriptions]:
    """Where an environment must have something of its own, nothing of it is production's, and there is something."""
    entries = [entry for entry in declared if entry.own]

    def find(seen: Descriptions) -> Iterator[Violation]:
        for each in seen.others:
            production = set(seen.production.settings.items())
            for entry in entries:
                covered = [item for item in each.settings.items() if entry.covers(each.environment, item[0])]
                where = f"{each.environment}, {', '.join(entry.keys)}"
                if not covered and each.environment in entry.environments:
                    yield Violation(where, "something of its own", ABSENT, "set it, or correct the keys")
                for key, value in covered:
                    if (key, value) in production:
                        remedy = f"give it one of its own. {entry.reason}"
                        yield Violation(
                            f"{each.environment}, {key}", "its own", f"production's: {value}", remedy
                        )

    return requires("secrets, addresses and whatever else is declared so are each environment's own", find)


def run_the_release() -> Requirement[ImagesThere]:
    """Stand-ins for production run its very images, named by their content, with nothing built or put over them."""

    def find(seen: ImagesThere) -> Iterator[Violation]:
        for each in seen.images:
            where = f"{each.environment}, {each.service}"
            if each.built:
                remedy = "take the built release; what is built here is not what customers get"
                yield Violation(where, "the built release", "it is built there", remedy)
            if not BY_CONTENT.search(each.reference):
                remedy = "name it by its digest: a tag can be given to another image"
                yield Violation(where, "an image named by its content", each.reference or ABSENT, remedy)
            if {each.id} != set(each.production):
                remedy = "release the same image to both"
                yield Violation(where, f"production's image {', '.join(each.production)}", each.id, remedy)
            for path in each.mounted:
                remedy = "take the mount out: what it hides in the image is never tried"
                yield Violation(where, "the image's own files", f"others are mounted at {path}", remedy)

    return requires("stand-ins for production run its very images, named by content, unchanged", find)
