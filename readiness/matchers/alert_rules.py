"""What is required of what stands written about alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.alert_rules import DAY, DutyRoster, RulesInForce
from readiness.targets.manager import Silence

FEWEST = 3
LONGEST_SHIFT = 24 * 3600.0
EVERYTHING = frozenset({".*", ".+", "", ".*.*", "(.*)", "(.+)"})


def says_whose_it_is_and_what_to_do() -> Requirement[RulesInForce]:
    """Each rule has a severity that we know, an owner that is a team, and an instruction that is there."""
    return requires("every alert rule has a severity, an owner, and an instruction that is there", _unowned)


def silences_nothing_for_ever() -> Requirement[RulesInForce]:
    """Each silence has author, reason and a near end, and is about something."""
    return requires("every silence has an author, a reason and an end, and is not about everything", _endless)


def leaves_no_minute_uncovered() -> Requirement[DutyRoster]:
    """At every instant three different people are on duty, and nobody for longer than a day."""
    return requires("at every minute three people are on duty who can be reached apart", _holes)


def _unowned(seen: RulesInForce) -> Iterator[Violation]:
    for each in seen.rules:
        if each.severity not in seen.policy.severities and each.name not in seen.policy.unrouted:
            known = ", ".join(seen.policy.severities)
            yield Violation(
                f"rule {each.name}", f"a severity: {known}", each.severity or "none", "say how serious it is"
            )
        if each.owner not in seen.teams:
            yield Violation(
                f"rule {each.name}",
                f"an owner: {', '.join(seen.teams)}",
                each.owner or "none",
                "say who mends it",
            )
        if not each.summary:
            yield Violation(f"rule {each.name}", "a summary", "none", "say in a sentence what is wrong")
        if each.instruction:
            yield Violation(
                f"rule {each.name}",
                "an instruction that is there",
                each.instruction,
                "write what to do, and link to it",
            )


def _endless(seen: RulesInForce) -> Iterator[Violation]:
    longest = seen.policy.longest_silence_days
    for each in seen.silences:
        where = f"silence {each.id}"
        if not each.author.strip() or not each.reason.strip():
            yield Violation(
                where, "author and reason", f"{each.author!r}, {each.reason!r}", "end it, or say who and why"
            )
        if each.ends - max(seen.now, each.begins) > longest * DAY:
            ends = datetime.fromtimestamp(each.ends, UTC).date()
            yield Violation(
                where, f"an end within {longest} days", str(ends), "end it, and mend what is silenced"
            )
        if is_about_everything(each):
            yield Violation(
                where, "something that it is about", "everything", "end it, and silence what is meant"
            )


def is_about_everything(silence: Silence) -> bool:
    """Whether nothing is told while it is in force: each of its conditions holds for anything."""
    return all(
        (regex and not negated and value.strip("^$") in EVERYTHING - {""})
        or (negated and not regex and not value)
        for _, value, regex, negated in silence.matches
    )


def _holes(seen: DutyRoster) -> Iterator[Violation]:
    at = seen.begins
    for each in seen.duties:
        if each.begins - at > 1:
            yield _hole(at, each.begins, "nobody")
        at = max(at, each.ends)
        called = each.people[:FEWEST]
        phones, mails = {one.phone for one in called}, {one.mail for one in called}
        if min(len(phones - {""}), len(mails - {""})) < FEWEST:
            yield _hole(
                each.begins, each.ends, ", ".join(f"{one.name} ({one.phone})" for one in called) or "nobody"
            )
        if each.ends - each.begins > LONGEST_SHIFT:
            hours = (each.ends - each.begins) / 3600
            yield Violation(
                f"the shift from {_when(each.begins)}",
                "at most 24 hours",
                f"{hours:.0f} hours",
                "let somebody sleep",
            )
    if seen.ends - at > 1:
        yield _hole(at, seen.ends, "nobody")


def _hole(begins: float, ends: float, who: str) -> Violation:
    return Violation(
        f"from {_when(begins)} to {_when(ends)}",
        f"{FEWEST} people with a telephone and a mail address each",
        who,
        "fill the hole in the schedule",
    )


def _when(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%a %F %H:%M UTC")
