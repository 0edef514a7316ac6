"""What the headers of every answer must say. Values are judged as browsers read them."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.encryption import (
    AnswerHeaders,
    ContentSecurityPolicy,
    ExactHeader,
    StrictTransportSecurity,
)
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.answer_headers import Headed, HeadersSeen

DAY = 86400
REMEDY = "let the door set it on every answer, also on those that it makes itself"


def protect_browsers(policy: AnswerHeaders) -> Requirement[HeadersSeen]:
    """Every answer, whatever its status, carries the headers of the policy with values that protect."""
    return requires(
        "every answer carries the headers that protect browsers, with values that do",
        lambda seen: (each for answer in seen.answers for each in _unprotected(answer, policy)),
    )


def _unprotected(answer: Headed, policy: AnswerHeaders) -> Iterator[Violation]:
    where = f"{answer.asked} (status {answer.status})"
    sts = answer.headers.get("strict-transport-security", "")
    yield from _violations(
        where, "Strict-Transport-Security", sts, weak_sts(sts, policy.strict_transport_security)
    )
    csp = answer.headers.get("content-security-policy", "")
    yield from _violations(
        where, "Content-Security-Policy", csp, weak_csp(csp, policy.content_security_policy)
    )
    for rule in policy.exact:
        value = answer.headers.get(rule.header.lower(), "")
        yield from _violations(where, rule.header, value, _not_exact(value, rule))


def _violations(where: str, header: str, value: str, required: Iterator[str]) -> Iterator[Violation]:
    for each in required:
        yield Violation(where, f"{header}: {each}", value or "no such header", REMEDY)


def weak_sts(value: str, policy: StrictTransportSecurity) -> Iterator[str]:
    """What a Strict-Transport-Security value lacks. Of several max-age, none counts (RFC 6797, 6.1)."""
    directives = [part.strip().lower().partition("=") for part in value.split(";")]
    ages = [argument.strip().strip('"') for name, _, argument in directives if name.strip() == "max-age"]
    if len(ages) != 1 or not ages[0].isdigit() or int(ages[0]) < policy.least_max_age_days * DAY:
        yield f"one max-age, of at least {policy.least_max_age_days * DAY} (seconds)"


def weak_csp(value: str, policy: ContentSecurityPolicy) -> Iterator[str]:
    """What a Content-Security-Policy value lacks or must not say. The first of equal directives counts."""
    directives: dict[str, list[str]] = {}
    for part in value.split(";"):
        name, *sources = part.lower().split() or [""]
        directives.setdefault(name, sources)
    for name in policy.required:
        if name not in directives:
            yield f"with {name}"
    for name in policy.refused_in:
        for source in directives.get(name, ()):
            if source in policy.refused_sources:
                yield f"{name} without {source}"


def _not_exact(value: str, rule: ExactHeader) -> Iterator[str]:
    if value.strip().lower() not in {each.lower() for each in rule.values}:
        yield " or ".join(rule.values)
