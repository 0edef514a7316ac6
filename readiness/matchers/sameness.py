"""What is required so that every environment runs the same, lets in its own and keeps its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from readiness.config.environments import Declared
from readiness.drills.environments import Stay, Stays
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.crossing import PRODUCTION

ABSENT = "nothing"


def be_in_force_as_declared(declared: Iterable[Declared]) -> Requirement[Stays]:
    """Every setting in force that differs from production's is declared."""
    entries = tuple(declared)

    def find(seen: Stays) -> Iterator[Violation]:
        for stay in seen.stays:
            yield from _not_there(stay)
            services = {each.service for each in stay.there if each.kind == "container"}
            for key in sorted(stay.in_force.keys() | seen.in_force.keys()):
                here, there = stay.in_force.get(key), seen.in_force.get(key)
                known = any(entry.covers(stay.environment, key) for entry in entries)
                if here != there and key.partition(": ")[0] in services and not known:
                    yield Violation(
                        f"{stay.environment}, in force, {key}",
                        f"production's {there or ABSENT}",
                        here or ABSENT,
                        "make both the same, or declare the difference with its reason",
                    )

    return requires("every setting in force that differs from production's is declared", find)


def name_no_environment() -> Requirement[Stays]:
    """No image that production runs names an environment."""

    def find(seen: Stays) -> Iterator[Violation]:
        for each in seen.baked:
            remedy = "take it out of the build, and say it where the build is run"
            yield Violation(
                f"image {each.image_id} of {each.service}", "the same build everywhere", each.where, remedy
            )

    return requires("no build says for which environment it is", find)


def let_in_their_own() -> Requirement[Stays]:
    """Each environment lets in whoever has its own key, on every private path."""

    def find(seen: Stays) -> Iterator[Violation]:
        for stay in seen.stays:
            for each in stay.knocks:
                if each.owner == each.door and not each.let_in:
                    where = f"{each.door}, {each.path}, its own {each.identity}"
                    yield Violation(where, "let in", _status(each.status), "see why its own key is refused")
            yield from _not_there(stay)
            yield from _untried(stay)

    return requires("each environment lets in whoever has its own key", find)


def _not_there(stay: Stay) -> Iterator[Violation]:
    """One that did not come up kept nothing apart: there was nothing to be looked at."""
    if stay.words:
        remedy = "see the words of its operator's procedure"
        yield Violation(stay.environment, "comes up", f"did not: {stay.words}", remedy)


def _untried(stay: Stay) -> Iterator[Violation]:
    """Own keys that were not tried: without them the refusals mean nothing."""
    for door in (stay.environment, PRODUCTION):
        if not stay.words and not any(each.door == each.owner == door for each in stay.knocks):
            remedy = (
                "name identities and private paths in the profile, and see that their secrets can be read"
            )
            yield Violation(
                f"{stay.environment}, door of {door}", "its own key tried", "none was tried", remedy
            )


def refuse_all_others() -> Requirement[Stays]:
    """No environment lets in anybody with the key of another."""

    def find(seen: Stays) -> Iterator[Violation]:
        for stay in seen.stays:
            for each in stay.knocks:
                if each.owner != each.door and each.status not in (401, 403):
                    yield Violation(
                        f"{each.door}, {each.path}, {each.identity} of {each.owner}",
                        "refused",
                        _status(each.status),
                        "take that key out of this environment, and replace it where it belongs",
                    )
            yield from _not_there(stay)
            crossed = {(each.door, each.owner) for each in stay.knocks}
            for door, owner in ((stay.environment, PRODUCTION), (PRODUCTION, stay.environment)):
                if not stay.words and (door, owner) not in crossed:
                    remedy = "see that the secrets of its identities can be read"
                    yield Violation(f"{door}", f"a key of {owner} tried", "none could be had", remedy)

    return requires("no environment lets in anybody with the key of another", find)


def keep_their_own_records() -> Requirement[Stays]:
    """What is written in one environment is found there, and in no other."""

    def find(seen: Stays) -> Iterator[Violation]:
        for stay in seen.stays:
            for each in stay.sought:
                where = f"written in {each.written}, {each.request} in {each.sought}"
                if each.written == each.sought and not each.found:
                    yield Violation(where, "found", _status(each.status), "see why it is not kept")
                if each.written != each.sought and each.found:
                    remedy = "give each environment a database of its own"
                    yield Violation(where, "not found", "found", remedy)
                if each.written != each.sought and not each.found and not 200 <= each.status < 500:
                    yield Violation(where, "an answer", _status(each.status), "see why it does not answer")
                if each.written != each.sought and each.status in (401, 403):
                    yield Violation(where, "looked for with its own key", _status(each.status), "see why")
            yield from _not_there(stay)
            ways = {(each.written, each.sought) for each in stay.sought}
            for way in (
                (stay.environment, PRODUCTION),
                (PRODUCTION, stay.environment),
                (PRODUCTION, PRODUCTION),
                (stay.environment, stay.environment),
            ):
                if not stay.words and way not in ways:
                    wanted = f"a record of {way[0]} looked for in {way[1]}"
                    remedy = "let the journey read what it writes"
                    yield Violation(stay.environment, wanted, "none was", remedy)

    return requires("what is written in one environment is found there, and in no other", find)


def _status(status: int) -> str:
    return f"status {status}" if status else "no answer"
