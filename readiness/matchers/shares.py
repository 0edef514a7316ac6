"""What is required of shares: a client gets all that was agreed and no more, knows when it may come back, and harms nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from readiness.drills.flooding import MINUTE, REFUSED, Flood
from readiness.drills.guessing import Guesses
from readiness.drills.shares import Recovery, UsedUp, UsedUpShares
from readiness.matchers.requirement import Requirement, Violation, requires

TOLERANCE = 2.0  # seconds: of a clock that counts whole ones, and of a visitor who looks twice a second
SLICES = 30  # a window may be counted in parts; each of a thirtieth of it or less
COUNT_TOGETHER = "count a client's requests for all copies together, by who it proved to be"


def get_their_minute() -> Requirement[Flood]:
    """All that was agreed is served, everything after that is refused by every copy, with a time to come back."""
    return requires("a greedy client gets what was agreed, and after that nothing", _wrong_in_flood)


def _wrong_in_flood(seen: Flood) -> Iterator[Violation]:
    if seen.let_through < seen.agreed:
        yield Violation(
            "a greedy client",
            f"{seen.agreed} requests are served in a minute",
            str(seen.let_through),
            "give what was agreed",
        )
    others = Counter(each.status for each in seen.asked if each.status not in (seen.served, REFUSED))
    for status, count in others.items():
        yield Violation(
            "a greedy client", "served or refused", f"{count} times status {status}", "refuse in order"
        )
    for each in seen.pretences:
        if each.status != REFUSED:
            yield Violation(
                f"a greedy client, by {each.how}", "refused", f"status {each.status}", COUNT_TOGETHER
            )
    refusals = [each for each in (*seen.asked, *seen.pretences) if each.status == REFUSED]
    for copy in sorted({*seen.copies} - {each.instance for each in refusals}):
        yield Violation(f"copy {copy}", "refuses the greedy client", "no refusal from it", COUNT_TOGETHER)
    told = {each.come_back for each in refusals if not _is_within(each.come_back, MINUTE)}
    for words in sorted(told):
        yield Violation(
            "refusals", "seconds to wait, within a minute or so", words or "nothing", "say when (Retry-After)"
        )


def _is_within(told: str, window: float) -> bool:
    return told.isdigit() and 0 < int(told) <= window + window / SLICES


def do_nothing_for_the_refused() -> Requirement[Flood]:
    """As many things are there as requests were served."""
    return requires("a request that was refused was not carried out", _done_all_the_same)


def _done_all_the_same(seen: Flood) -> Iterator[Violation]:
    served = seen.let_through
    if seen.made != served:
        observed = f"{seen.made} things after {served} requests that were served"
        yield Violation(
            "a greedy client",
            "one thing for each request that was served",
            observed,
            "count before anything is done",
        )


def leave_the_neighbour_alone() -> Requirement[Flood]:
    """The neighbour is served every time."""
    return requires("a neighbour is served while another client floods", _neighbour_suffers)


def _neighbour_suffers(seen: Flood) -> Iterator[Violation]:
    wrong = Counter(each.status for each in seen.neighbour if each.status != seen.neighbour_served)
    for status, count in wrong.items():
        observed = f"status {status} in {count} of {len(seen.neighbour)} requests"
        yield Violation("a neighbour", "served every time", observed, "count each client by itself")


def get_their_hour_and_day() -> Requirement[UsedUpShares]:
    """All that is left of the shares is served, and the refusals say when the oldest of it is over."""
    return requires(
        "a client gets what is left of its share, and is told when to come back", _wrong_in_shares
    )


def _wrong_in_shares(seen: UsedUpShares) -> Iterator[Violation]:
    yield from _wrong_in_share("an hour's share", seen.hour)
    yield from _wrong_in_share("a day's share", seen.day)


def _wrong_in_share(where: str, used: UsedUp) -> Iterator[Violation]:
    if used.let_through < used.agreed:
        yield Violation(where, f"{used.agreed} requests", str(used.let_through), "give what was agreed")
    due = used.window - used.oldest
    slack = used.window / SLICES + TOLERANCE
    if used.refused and not due - slack <= used.come_back <= due + slack:
        observed = f"{used.come_back:.0f} s" if used.come_back >= 0 else "no time"
        yield Violation(
            where,
            f"to come back after {due:.0f} s, when its oldest part is over",
            observed,
            "say when (Retry-After)",
        )


def come_back_in_time() -> Requirement[Recovery]:
    """Refused first, told a time, and served at that time and not before."""
    return requires("a client that was refused is served again when it was told", _wrong_recovery)


def _wrong_recovery(seen: Recovery) -> Iterator[Violation]:
    yield from _wrong_in_share("a minute's share", seen.before)
    if not seen.before.refused:
        yield Violation(
            "a minute's share", "refused when it is used up", "served", "let the minute's share end"
        )
        return
    told = seen.before.come_back
    if abs(seen.served_after - told) > TOLERANCE:
        observed = f"{seen.served_after:.1f} s after {seen.refused_before} refusals"
        yield Violation(
            "a refused client",
            f"served again after the {told:.0f} s that it was told",
            observed,
            "let the share renew itself",
        )


def find_nothing_by_guessing() -> Requirement[Guesses]:
    """A right key is not looked at after too many wrong ones; whoever used his from there before is."""
    return requires("guessing leads nowhere and shuts nobody out", _wrong_in_guesses)


def _wrong_in_guesses(seen: Guesses) -> Iterator[Violation]:
    for how, status in (
        ("the right guess", seen.right_guess),
        ("the right guess, with claims to be elsewhere", seen.pretending),
    ):
        if status != REFUSED:
            yield Violation(
                how, "refused unseen", f"status {status}", "stop looking at keys from where so many are wrong"
            )
    if seen.regular != seen.regular_served:
        yield Violation(
            "a client that is there all the time",
            "served",
            f"status {seen.regular}",
            "let in what was good from there before",
        )
