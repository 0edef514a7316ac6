"""Two runs side by side: what got better or worse, and what was different about what was judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from readiness.core.verdicts import SEVERITY, Verdict
from readiness.report import view
from readiness.report.ledger import Ledger
from readiness.report.outcomes import Outcome
from readiness.report.wording import short_digests

ABSENT = "–"
RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same in both runs, in words; `worse` and `better` are of the second run."""

    what: str
    before: str
    after: str
    worse: bool = False
    better: bool = False


@dataclass(frozen=True)
class Comparison:
    """All differences between an earlier and a later run."""

    before: Ledger
    after: Ledger
    environment: tuple[Difference, ...]
    lines: tuple[Difference, ...]
    criteria: tuple[Difference, ...]
    scenarios: tuple[Difference, ...]

    @property
    def worse(self) -> tuple[Difference, ...]:
        """Lines and criteria that got worse."""
        return tuple(each for each in (*self.lines, *self.criteria) if each.worse)

    @property
    def better(self) -> tuple[Difference, ...]:
        """Lines and criteria that got better."""
        return tuple(each for each in (*self.lines, *self.criteria) if each.better)


def compare(before: Ledger, after: Ledger) -> Comparison:
    """Hold a later run against an earlier one."""
    return Comparison(
        before,
        after,
        tuple(_changed(_environment(before), _environment(after))),
        tuple(_lines(before, after)),
        tuple(_criteria(before, after)),
        tuple(_scenarios(before, after)),
    )


def _environment(ledger: Ledger) -> Mapping[str, str]:
    return {
        "target": ledger.target,
        "commit of the specification": ledger.subject.commit,
        "configuration": short_digests(ledger.subject.configuration),
        **{f"image of {name}": short_digests(digest) for name, digest in ledger.subject.images.items()},
        **{f"version of {name}": version for name, version in ledger.tools.items()},
        **{f"accepted risk {each.risk.id}": each.state for each in ledger.accepted_risks},
        **{f"attestation of {each.line}": f"until {each.expires_on}" for each in ledger.attestations},
        **{f"not applicable: {each.line}": each.reason for each in ledger.not_applicable},
    }


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for what in dict.fromkeys(chain(before, after)):
        one, other = before.get(what, ABSENT), after.get(what, ABSENT)
        if one != other:
            yield Difference(what, one, other)


def _lines(before: Ledger, after: Ledger) -> Iterator[Difference]:
    earlier = {line.id: line.verdict for line in before.lines}
    for line in after.lines:
        was = earlier.get(line.id, Verdict.NOT_VERIFIED)
        if was is not line.verdict:
            worse = SEVERITY.index(line.verdict) < SEVERITY.index(was)
            yield Difference(f"{line.id} {line.title}", was, line.verdict, worse, not worse)


def _criteria(before: Ledger, after: Ledger) -> Iterator[Difference]:
    earlier = {(each.line, each.name): each for each in view.criteria(before)}
    later = {(each.line, each.name): each for each in view.criteria(after)}
    for key in dict.fromkeys(chain(later, earlier)):
        was, now = earlier.get(key), later.get(key)
        worse = bool(now and not now.met and not (was and not was.met))
        better = bool(now and now.met and was and not was.met)
        what = f"{key[0]} {key[1]}, required {(now or was).required}"  # type: ignore[union-attr]  # one of them has the key
        one, other = (each.observed if each else ABSENT for each in (was, now))
        if one != other or worse or better:
            yield Difference(what, one, other, worse, better)


def _scenarios(before: Ledger, after: Ledger) -> Iterator[Difference]:
    def place(ledger: Ledger) -> dict[str, Outcome]:
        return {f"{each.location.rpartition(':')[0]}: {each.name}": each.outcome for each in ledger.scenarios}

    earlier, later = place(before), place(after)
    for name in dict.fromkeys(chain(later, earlier)):
        was, now = earlier.get(name), later.get(name)
        if was is not now:
            known = was is not None and now is not None
            worse = known and RANKS[now] < RANKS[was]  # type: ignore[index]  # both are there
            yield Difference(name, was or ABSENT, now or ABSENT, worse, known and not worse)
