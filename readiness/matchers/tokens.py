"""What is required of sign-ins and their tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from readiness.drills.token_trials import TokenTrials
from readiness.matchers.requirement import Requirement, Violation, requires

VERIFY = "verify signature, key, algorithm, issuer, audience and time of every token, before every operation, on every copy"


def serves_who_signed_in() -> Requirement[TokenTrials]:
    """Whoever signed in is served by every operation; clocks may differ a little; the public key is published."""

    def find(seen: TokenTrials) -> Iterator[Violation]:
        if not seen.served:
            yield Violation(
                "somebody who signed in", "served", "never asked", "say how operations are called"
            )
        for each in seen.served:
            if each.status != each.expected:
                where = f"{each.operation}, asked by somebody who signed in"
                remedy = "let those in who may"
                yield Violation(
                    where, f"status {each.expected}", f"status {each.status} from {each.instance}", remedy
                )
        if not seen.skewed:
            remedy = "bear with clocks that differ a little"
            yield Violation("a token that ended a moment ago", "served", "it is refused", remedy)
        if not seen.published:
            remedy = "publish the public half of the key that signs tokens, and nothing else"
            yield Violation(
                "the published keys", "the key that tokens name, and no private one", "not so", remedy
            )

    return requires("whoever signed in is served by every operation", find)


def refuses_altered_tokens() -> Requirement[TokenTrials]:
    """Every token with anything wrong is refused by every copy, whatever it is shown to."""

    def find(seen: TokenTrials) -> Iterator[Violation]:
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for each in seen.knocks:
            if each.status != each.required:
                answered = f"no answer ({each.error})" if each.error else f"status {each.status}"
                found[(each.who, each.operation, answered)].add(each.instance or "the door")
        for (who, operation, answered), copies in found.items():
            where = f"{operation}, asked with {who}"
            yield Violation(where, "a refusal", f"{answered} from {', '.join(sorted(copies))}", VERIFY)
        for unseen in seen.unseen:
            yield Violation(
                unseen, "an answer of every copy", "none of this one", "let visitors reach every copy"
            )
        if not seen.knocks:
            yield Violation(
                "altered tokens", "shown", "none was", "say to which operations (sign_in.classes)"
            )

    return requires("every token with anything wrong is refused, by every copy and for everything", find)


def refuses_wrong_steps() -> Requirement[TokenTrials]:
    """Codes and renewals are good once and for whom they are; a sign-in that ended is over."""

    def find(seen: TokenTrials) -> Iterator[Violation]:
        for each in seen.steps:
            if not each.refused:
                remedy = "refuse it, and end the sign-in that it belongs to where something came twice"
                yield Violation(each.what, "refused", each.observed or "it is not", remedy)

    return requires(
        "codes and renewals are good once, for whom they were given, until the sign-in ends", find
    )
