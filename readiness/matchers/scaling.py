"""What is required of a service that grows and shrinks by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.drills.fullness import Fullness
from readiness.drills.growth import Growth
from readiness.drills.sizing import Agreed, Sizing
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.decisions import Decision
from readiness.probes.sizes import Resized, between

SEEN_LATE = 10.0  # seconds between a decision and our seeing the change, on a busy machine
LOOKED_BACK = 30.0  # seconds; what a decision rests on may be so old
SETTLED_IN = 15.0  # seconds after our first look; what is decided earlier rests on what was before it
APART = {"processor": 0.15, "memory": 0.08}  # share of the limit: two ways of measuring, at different moments


def follows_the_customers_who_stay() -> Requirement[Growth]:
    """No change for a rush; growth while customers stay, and shrinking to the least when they have left; within the bounds."""
    return requires("the number of copies follows the customers who stay, and nothing else", _strayed)


def _strayed(seen: Growth) -> Iterator[Violation]:
    for each in seen.changes_during("probing", "rush", "quiet"):
        yield _change(each, "no change for a rush that passes", "act on a need that lasts, not on one sample")
    for each in seen.changes_during("stay"):
        if each.after < each.before:
            yield _change(
                each, "no copy taken away while customers stay", "wait after each change, and shrink slowly"
            )
    for each in seen.changes_during("gone"):
        if each.after > each.before:
            yield _change(
                each, "no copy added when customers have left", "wait after each change, and shrink slowly"
            )
    if not any(each.after > each.before for each in seen.changes_during("stay")):
        yield Violation(
            "the number of copies", "grows while customers stay", "it did not", "mend what adds copies"
        )
    last = seen.samples[-1]
    if last.asked != seen.least or len(last.running) != seen.least:
        observed = f"{last.asked} asked for, {len(last.running)} running"
        remedy = "let it shrink when nobody needs the copies: each is paid for"
        yield Violation("the number of copies in the end", f"{seen.least} again", observed, remedy)
    for sample in seen.samples:
        if not seen.least <= sample.asked <= seen.most:
            yield Violation(
                "the number of copies", f"{seen.least} to {seen.most}", f"{sample.asked}", "keep the bounds"
            )
            return


def serves_with_every_added_copy() -> Requirement[Growth]:
    """Every added copy gave customers right answers, and no customer got a wrong one or none."""
    return requires("every added copy serves customers, and nobody is turned away", _unserved)


def _unserved(seen: Growth) -> Iterator[Violation]:
    if not seen.added:
        yield Violation("an added copy", "serves customers", "no copy was added", "let the service grow")
    for name in seen.added:
        if not seen.served.get(name):
            remedy = "let the door find out by itself, within seconds, which copies there are now"
            yield Violation(f"added copy {name}", "serves customers", "nobody was served by it", remedy)
    for kind, count in seen.errors.items():
        remedy = "start a copy before it gets visitors, and let it finish before it goes"
        yield Violation("customers", "right answers only", f"{count} × {kind} of {seen.examined}", remedy)


def keeps_its_size_while_nothing_is_measured() -> Requirement[Fullness]:
    """No change of size while what the copies use is not known."""
    return requires("the service keeps its size while nothing is measured", _guessed)


def _guessed(seen: Fullness) -> Iterator[Violation]:
    for each in seen.changes_during("unmeasured"):
        yield _change(
            each, "no change while nothing is measured", "take missing measurements for missing, not for zero"
        )


def grows_to_its_most_and_no_further() -> Requirement[Fullness]:
    """With full memory it grows from one below the most to the most, and never shrinks meanwhile."""
    return requires("full memory alone lets the service grow to its most, and no further", _not_its_most)


def _not_its_most(seen: Fullness) -> Iterator[Violation]:
    for each in seen.changes_during("full"):
        if each.after != seen.most:
            yield _change(
                each, f"from {seen.most - 1} copies to {seen.most}", "let it go to its bounds, and keep them"
            )
    if seen.samples[-1].asked != seen.most:
        remedy = "let memory count as the processor does, and let the service reach its most"
        yield Violation(
            "the number of copies in the end", f"{seen.most}", f"{seen.samples[-1].asked}", remedy
        )


def is_explained_by_decisions(agreed: Agreed) -> Requirement[Sizing]:
    """A logged decision stands behind each change, and tells what we measured ourselves; so does every other decision."""
    return requires(
        "each change of size has a decision behind it that tells what was measured",
        lambda seen: [*_unexplained(seen, agreed), *_untrue(seen)],
    )


def _unexplained(seen: Sizing, agreed: Agreed) -> Iterator[Violation]:
    if not seen.changes:
        yield Violation(
            "the number of copies", "changes that decisions explain", "no change", "let the service grow"
        )
    for change in seen.changes:
        decision = next((each for each in seen.decisions if _stands_behind(each, change)), None)
        required = "a logged decision with what was measured"
        if decision is None:
            observed = f"none among {len(seen.decisions)} decisions"
            yield Violation(_words(change), required, observed, "log each decision with the values behind it")
        elif decision.processor is None and decision.memory is None:
            yield Violation(_words(change), required, "a decision without values", "log the values behind it")
        elif (change.after > change.before) != _asks_for_more(decision, agreed):
            required = "a decision that its values call for"
            observed = f"processor {_share(decision.processor)}, memory {_share(decision.memory)}"
            yield Violation(_words(change), required, observed, "decide by the triggers that are agreed")


def _stands_behind(decision: Decision, change: Resized) -> bool:
    same = (decision.before, decision.after) == (change.before, change.after)
    return same and -1.0 <= change.at - decision.at <= SEEN_LATE


def _asks_for_more(decision: Decision, agreed: Agreed) -> bool:
    return (decision.processor or 0.0) > agreed.processor or (decision.memory or 0.0) > agreed.memory


def _untrue(seen: Sizing) -> Iterator[Violation]:
    for decision in (each for each in seen.decisions if each.at > seen.samples[0].at + SETTLED_IN):
        measured = between(seen.samples, decision.at - LOOKED_BACK, decision.at + 1.0)
        for what, told, ours in (
            ("processor", decision.processor, [each.processor for each in measured]),
            ("memory", decision.memory, [each.memory for each in measured]),
        ):
            known = [share for share in ours if share is not None]
            if told is not None and known and not _agrees(told, known, APART[what]):
                yield Violation(
                    f"a decision to go from {decision.before} to {decision.after} copies, by their {what}",
                    f"what we measured before: {min(known):.0%} to {max(known):.0%}",
                    _share(told),
                    "let it look at the copies of this service, all of them and nothing else, against their limits",
                )


def _agrees(told: float, ours: Sequence[float], apart: float) -> bool:
    return min(ours) - apart <= told <= max(ours) + apart


def _change(change: Resized, required: str, remedy: str) -> Violation:
    return Violation(
        "the number of copies", required, f"it went from {change.before} to {change.after}", remedy
    )


def _words(change: Resized) -> str:
    return f"the change from {change.before} to {change.after} copies"


def _share(value: float | None) -> str:
    return "not told" if value is None else f"{value:.0%}"
