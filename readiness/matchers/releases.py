"""What is required of a release and of its way back, as customers saw them."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.releases import Bad
from readiness.drills.bad_releases import BadReleases
from readiness.drills.release_traffic import TrafficSeen
from readiness.drills.releasing import BACK, OUT, Release
from readiness.load.results import Serving
from readiness.matchers.requirement import Requirement, Violation, requires

DIGITS = 12  # of an image's id that a release names at least
SHOWN = 5


def is_served_without_a_fault() -> Requirement[Release]:
    """Every request was answered rightly: quick and slow ones, reads and writes, on kept and on new connections."""
    return requires("every customer is served, whatever he does and however long it takes", _faults)


def keeps_every_write_once() -> Requirement[Release]:
    """Whatever was acknowledged is in the database, and nothing is there twice."""
    return requires("everything that customers wrote is there, and once", lambda seen: _writes(seen.traffic))


def sends_nothing_twice() -> Requirement[Release]:
    """The door did not have to send a request to a second copy."""

    def find(seen: Release) -> Iterator[Violation]:
        if seen.traffic.sent_again:
            yield Violation(
                "the door's counters", "no request sent a second time", f"{seen.traffic.sent_again:g}",
                "let a copy that leaves go on serving until the door sends it nothing more",
            )  # fmt: skip

    return requires("the door sends no request a second time", find)


def moves_from_old_to_new_once() -> Requirement[Release]:
    """Each copy is of one release; during the release no copy of the old one comes; afterwards only the new one answers."""
    return requires("visitors move to the new release, and never back before it is taken back", _order)


def always_has_its_copies() -> Requirement[Release]:
    """At every look as many copies were healthy as there were to be."""

    def find(seen: Release) -> Iterator[Violation]:
        first = seen.traffic.looks[0]
        few = [each for each in seen.traffic.looks if len(each.healthy) < min(first.asked, each.asked)]
        if few:
            worst = min(few, key=lambda each: len(each.healthy))
            yield Violation(
                f"{worst.at - first.at:.0f} s after the beginning, and at {len(few)} of {len(seen.traffic.looks)} looks",
                f"{min(first.asked, worst.asked)} healthy copies", str(len(worst.healthy)),
                "start a new copy before an old one leaves (update_config.order: start-first)",
            )  # fmt: skip

    return requires("there are never fewer healthy copies than before", find)


def runs_what_was_built() -> Requirement[Release]:
    """Both procedures succeeded; after the release every copy ran the image that was built, after it the former one."""

    def find(seen: Release) -> Iterator[Violation]:
        for name, step, image in ((OUT, seen.out, seen.next), (BACK, seen.back, seen.former)):
            if step.fault:
                yield Violation(f"procedure for the {name}", "success", step.fault, "see its words")
            elif step.images != (image,):
                ran = ", ".join(each[7:19] for each in step.images) or "nothing"
                yield Violation(
                    name, f"every copy runs {image[7:19]}", ran, "deploy by digest, not by a tag that moves"
                )

    return requires("every copy runs exactly what was released, and afterwards what ran before", find)


def are_undone() -> Requirement[BadReleases]:
    """Each was tried, what ran before went on and runs again, without a hand of ours."""

    def find(seen: BadReleases) -> Iterator[Violation]:
        for each in seen.undone:
            where = (
                f"a release that is {each.kind}"
                if each.kind in ("slow", "never healthy")
                else f"a release that {each.kind}"
            )
            if not each.undone:
                yield Violation(
                    where, "what ran before runs again", f"after {each.seconds:.0f} s it does not: {each.words}",
                    "let the platform, or the procedure that releases, take it back",
                )  # fmt: skip
            elif not each.tried:
                yield Violation(
                    where, "tried with a copy", "no copy of it was started", "see the words of the procedure"
                )
            elif not each.kept:
                yield Violation(
                    where, "what ran before goes on meanwhile", "it was ended",
                    "start a new copy before the old one leaves",
                )  # fmt: skip

    return requires("each bad release is tried and undone, and what ran before goes on", find)


def is_undone_for_failing_customers() -> Requirement[BadReleases]:
    """The one that is healthy and fails customers was undone, and people were told."""

    def find(seen: BadReleases) -> Iterator[Violation]:
        for each in seen.undone:
            if each.kind is Bad.FAILS_CUSTOMERS and not (
                each.undone and each.tried and each.told_after is not None
            ):
                observed = (
                    "it stayed"
                    if not each.undone
                    else "it was not tried"
                    if not each.tried
                    else "nobody was told"
                )
                yield Violation(
                    "a release that is healthy and fails customers", "undone, and people told", observed,
                    "try each release on the customer's way, and take it back when that fails",
                )  # fmt: skip

    return requires("the release that fails customers is undone, and people are told", find)


def are_told_to_people() -> Requirement[BadReleases]:
    """The procedure failed for each that customers met, and people were sent a message."""

    def find(seen: BadReleases) -> Iterator[Violation]:
        for each in seen.undone:
            if each.at_the_door and each.said:
                yield Violation(
                    f"the release that is {each.kind}", "a procedure that fails", each.said, "let it say so"
                )
            if each.at_the_door and each.told_after is None:
                yield Violation(
                    f"the release that is {each.kind}", "a message to people on call", "none",
                    "send one whenever a release is taken back",
                )  # fmt: skip

    return requires("whoever released it is told, and so are people on call", find)


def loses_nothing_meanwhile() -> Requirement[BadReleases]:
    """Every write that was acknowledged while bad releases were out is in the database once."""
    return requires("nothing that customers wrote meanwhile is lost", lambda seen: _writes(seen.traffic))


def _faults(seen: Release) -> Iterator[Violation]:
    traffic = seen.traffic
    remedy = "let a copy that leaves be known to the door before it stops, and finish what it has begun"
    for kind, count in traffic.errors.items():
        yield Violation(
            "customers with quick requests", "every answer right", f"{count} times {kind}", remedy
        )
    bad = [each for each in traffic.slow if each.fault]
    for each in bad[:SHOWN]:
        where = f"a customer who takes {each.ended - each.began:.0f} s to {each.name}"
        yield Violation(where, "served", each.fault, remedy)
    if not traffic.slow or not traffic.sent:
        yield Violation(
            "customers", "quick and slow ones", "not both came", "look at the journey of the profile"
        )


def _writes(traffic: TrafficSeen) -> Iterator[Violation]:
    lost, twice = traffic.lost, traffic.twice
    if lost:
        yield Violation(
            f"{traffic.acknowledged} acknowledged writes", "all in the database",
            f"{len(lost)} are not: {', '.join(lost[:SHOWN])}", "acknowledge after the commit",
        )  # fmt: skip
    if twice:
        yield Violation(
            f"{traffic.acknowledged} acknowledged writes", "each there once",
            f"{len(twice)} more often: {', '.join(twice[:SHOWN])}", "never send a write a second time by yourself",
        )  # fmt: skip
    if not traffic.acknowledged:
        yield Violation("writes", "some acknowledged", "none", "see the errors of the customers")


def _order(seen: Release) -> Iterator[Violation]:
    out, back = seen.phase(OUT), seen.phase(BACK)
    remedy = "replace copies one after the other, and let no visitor to a copy that was replaced"
    for each in seen.traffic.copies:
        of = _release_of(each, seen)
        who = f"copy {each.instance} of release {each.release or '(none)'}"
        if not of:
            yield Violation(
                who, "the release before, or the new one, by its digest", "neither", "name the image's digest"
            )
        elif of == "old" and out.began + 1 < each.first < back.began and _is_new(each, seen, out.began):
            yield Violation(who, "no new copy of the old release", "it answered during the release", remedy)
        elif of == "old" and out.ended < each.last and each.first < out.began:
            late = f"it answered {each.last - out.ended:.1f} s after the release was done"
            yield Violation(who, "no answer after the release", late, remedy)
        elif of == "new" and (each.first < out.began or each.first > back.ended):
            yield Violation(who, "answers from the release on", "it answered before or after", remedy)
    releases = {_release_of(each, seen) for each in seen.traffic.copies}
    for wanted in {"old", "new"} - releases:
        yield Violation(
            f"the {wanted} release", "seen by customers", "none of its answers", "let the door reach it"
        )


def _release_of(copy: Serving, seen: Release) -> str:
    digits = {"old": seen.former, "new": seen.next}
    if len(copy.release) < DIGITS:
        return ""
    return next((name for name, image in digits.items() if image.split(":")[-1].startswith(copy.release)), "")


def _is_new(copy: Serving, seen: Release, began: float) -> bool:
    """Whether nobody had met this copy before the release."""
    return all(each.first >= began for each in seen.traffic.copies if each.instance == copy.instance)
