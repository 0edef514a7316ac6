"""What must be true of regions: each has what customers need, and none is needed by itself."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.regions import RegionLosses
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.regions import RegionsAtRest, Share

SPREAD = "spread the copies over the regions, and keep room for them in each"


def have_what_customers_need() -> Requirement[RegionsAtRest]:
    """Every region has a copy of each service that is to be everywhere."""
    return requires("every region has copies of what customers need", lambda seen: _missing(seen.shares))


def _missing(shares: tuple[Share, ...]) -> Iterator[Violation]:
    for share in shares:
        if not share.copies:
            yield Violation(share.region, f"copies of {share.service}", "none", SPREAD)


def let_customers_in_everywhere() -> Requirement[RegionsAtRest]:
    """Every address behind the public name serves a whole journey by itself, and there are several."""
    return requires("the door of every region serves customers", _closed)


def _closed(seen: RegionsAtRest) -> Iterator[Violation]:
    remedy = "let every region have a door of its own, and publish them all under one name"
    if len(seen.entrances) < 2:
        yield Violation("the public name", "an address in every region", f"{len(seen.entrances)}", remedy)
    for entrance in seen.entrances:
        where = f"address {entrance.place} of {len(seen.entrances)}"
        for answer in entrance.answers:
            if not answer.right:
                yield Violation(f"{where}, {answer.request}", "the right answer", answer.fault, remedy)
        if len(entrance.answers) < entrance.requests:
            asked = f"{len(entrance.answers)} of {entrance.requests} requests could be asked"
            yield Violation(where, "the whole journey", asked, remedy)


def are_taken_over() -> Requirement[RegionLosses]:
    """After each loss the operator's takeover worked, customers were served, and the lost copies ran elsewhere."""
    return requires("another region takes over from each region that is lost", _not_taken_over)


def _not_taken_over(seen: RegionLosses) -> Iterator[Violation]:
    for loss in seen.losses:
        where = f"loss of {loss.region}"
        if loss.words:
            yield Violation(where, "the takeover works", loss.words, "mend the operator's procedure")
        if not loss.served:
            yield Violation(
                where,
                "customers are served again",
                "not while we looked",
                "let another region do without this one",
            )
        if not loss.complete:
            shares = loss.looks[-1].shares if loss.looks else ()
            running = ", ".join(f"{each.copies} of {each.service} in {each.region}" for each in shares)
            required = f"as many copies of {seen.service} as before, and some of all that customers need"
            yield Violation(where, required, running, SPREAD)


def lose_nothing_acknowledged() -> Requirement[RegionLosses]:
    """What was acknowledged to a customer is there after the region's return, whoever keeps the data then."""
    return requires("nothing that was acknowledged to a customer is lost", _lost)


def _lost(seen: RegionLosses) -> Iterator[Violation]:
    remedy = (
        "acknowledge a write when another region has it, and let only a region take over that has all of them"
    )
    for each in seen.returns:
        where = f"after the loss and return of {each.region}"
        if not each.marks:
            yield Violation(where, "acknowledged writes to look for", "nobody could write anything", remedy)
        for answer in each.gone:
            yield Violation(f"{where}, {answer.request}", "what was written", answer.fault, remedy)


def take_part_again() -> Requirement[RegionLosses]:
    """After its return every region has copies of all that customers need, and so have the others."""
    return requires("after its return every region takes part again", _absent)


def _absent(seen: RegionLosses) -> Iterator[Violation]:
    for each in seen.returns:
        if each.words:
            remedy = "mend the procedure that brings a region back"
            yield Violation(f"return of {each.region}", "works", each.words, remedy)
        yield from _missing(each.shares)
