"""What is required of answers to callers who make mistakes, and to strangers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from readiness.config.exposure import ExposurePolicy
from readiness.drills.failing_inside import FailingInside
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.mistakes import Mistakes, Told
from readiness.probes.strangers import Accounts, Strangers

OWN_WORDS = "answer it as an error of the API, in words for the caller"
ERROR = 400


def answer_every_mistake() -> Requirement[Mistakes]:
    """Every operation answers mistakes, and every answer that is an error has words and an id."""

    def find(seen: Mistakes) -> Iterator[Violation]:
        yield from _badly_told(seen.told)
        for each in seen.told:
            if each.status >= 500:
                where = f"{each.method} {each.path} ({each.kind})"
                remedy = "see its log by the id of the request, and refuse what it stumbles over"
                yield Violation(
                    where, "the caller's mistake", f"one of the service: status {each.status}", remedy
                )
        refused = {each.template for each in seen.told if each.status >= ERROR}
        for operation in seen.operations:
            if operation not in refused:
                yield Violation(operation, "an error for at least one mistake", "none", OWN_WORDS)

    return requires("every mistake is answered as an error, with words and an id", find)


def answer_in_trouble() -> Requirement[FailingInside]:
    """Callers get an error of the API while something inside does not answer."""

    def find(seen: FailingInside) -> Iterator[Violation]:
        yield from _badly_told(seen.told)
        if not any(each.status >= 500 for each in seen.told):
            observed = ", ".join(sorted({str(each.status) for each in seen.told}))
            remedy = "see why its absence is not noticed"
            yield Violation(f"while {seen.dependency} was frozen", "an error", f"status {observed}", remedy)

    return requires("an error from inside is answered with words and an id", find)


def _badly_told(told: Iterable[Told]) -> Iterator[Violation]:
    for each in told:
        where = f"{each.method} {each.path} ({each.kind})"
        if each.status == 0:
            yield Violation(where, "an answer", each.body or "none", "see why the request is not answered")
        elif each.status >= ERROR:
            if not ("json" in each.media_type and each.words):
                observed = (
                    f"status {each.status}, {each.media_type or 'no type'}: {each.body[:120] or 'no body'}"
                )
                yield Violation(where, "JSON with words for the caller", observed, OWN_WORDS)
            if not each.request_id:
                remedy = "give every answer the id under which the logs tell of it"
                yield Violation(where, "an id of the request", f"none, with status {each.status}", remedy)


def show_nothing_inside(
    policy: ExposurePolicy,
) -> Requirement[Mistakes | FailingInside]:
    """No answer shows a trace of the inside."""

    def find(seen: Mistakes | FailingInside) -> Iterator[Violation]:
        for each in seen.told:
            where = f"{each.method} {each.path} ({each.kind}), status {each.status}"
            for trace in policy.inside:
                if found := trace.expression.search(each.body if each.status else ""):
                    remedy = "log it, and tell the caller only what the caller can do"
                    yield Violation(where, f"no {trace.name}", found[0][:160], remedy)
            for trace in policy.headers:
                for header in each.headers:
                    if trace.expression.search(header):
                        yield Violation(where, f"no {trace.name}", header[:160], "leave the header out")

    return requires("no answer shows anything of the inside", find)


def refuse_developers() -> Requirement[Strangers]:
    """What only developers use is not there."""
    return requires("what only developers use is not there", _opened(lambda seen: seen.developers, ERROR))


def refuse_demonstrations() -> Requirement[Strangers]:
    """No account of a demonstration comes in, and one that may come in does."""

    def find(seen: Strangers) -> Iterator[Violation]:
        for each in seen.demonstrations:
            if each.status not in (401, 403):
                remedy = "take that account out"
                yield Violation(
                    f"{each.template}, a demonstration's account", "refused", _status(each), remedy
                )
        for each in seen.known:
            if each.status in (0, 401, 403) or each.status >= 500:
                remedy = "see why; without it the refusals mean nothing"
                yield Violation(f"{each.template}, its own key", "let in", _status(each), remedy)

    return requires("no account of a demonstration comes in, and production's own do", find)


def _opened(
    told: Callable[[Strangers], Iterable[Told]], refused_from: int
) -> Callable[[Strangers], Iterator[Violation]]:
    def find(seen: Strangers) -> Iterator[Violation]:
        for each in told(seen):
            if each.status < refused_from:
                remedy = "switch it off in production, or name it in the profile where it is meant"
                yield Violation(each.template, "refused", _status(each), remedy)

    return find


def _status(each: Told) -> str:
    return f"status {each.status}" if each.status else f"no answer: {each.body}"


def be_those_written_down(policy: ExposurePolicy) -> Requirement[Accounts]:
    """Exactly the accounts that are written down are in force, each once, and none is a demonstration's."""

    def find(seen: Accounts) -> Iterator[Violation]:
        there = Counter(seen.names)
        for name in sorted(there.keys() | set(seen.expected)):
            if name not in seen.expected:
                remedy = "take it away, or write it down (exposure.accounts)"
                yield Violation(f"account {name}", "nobody who is not written down", "it may come in", remedy)
            elif there[name] != 1:
                observed = f"{there[name]} times in force"
                yield Violation(
                    f"account {name}", "in force once", observed, "correct the account or the list"
                )
            if policy.is_demonstration.search(name):
                yield Violation(
                    f"account {name}", "no demonstration's account", "it may come in", "take it away"
                )

    return requires("exactly those may come in who are written down", find)
