"""What is required of calls between services: the right ones are served, others refused, and nobody outside passes for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from readiness.drills.signed_calls import Sent, SignedCalls
from readiness.matchers.requirement import Requirement, Violation, requires


def are_served_when_right() -> Requirement[SignedCalls]:
    """Every copy serves a request that is signed as it should be: otherwise the refusals show nothing."""
    remedy = "let the service's own requests in, or correct how the profile says they are signed"
    return requires(
        "a service that proves who it is is served by every copy", lambda seen: _differing(seen.right, remedy)
    )


def are_refused_when_wrong() -> Requirement[SignedCalls]:
    """Every copy refuses everything else."""
    remedy = "verify the signature of every such request, all parts of it, and remember nonces for all copies together"
    return requires(
        "a request that is not signed as it should be is refused", lambda seen: _differing(seen.wrong, remedy)
    )


def are_refused_from_outside() -> Requirement[SignedCalls]:
    """The public door lets nobody pass for a service."""
    remedy = "take away at the door what only services may say"
    return requires("nobody outside passes for a service", lambda seen: _differing(seen.outside, remedy))


def _differing(sent: Iterable[Sent], remedy: str) -> Iterator[Violation]:
    found: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for each in sent:
        if each.status != each.required:
            found[(each.what, each.required, each.status)].append(each.copy)
    for (what, required, status), copies in found.items():
        observed = f"status {status} from {', '.join(sorted(set(copies)))}"
        yield Violation(f"a request {what}", f"status {required}", observed, remedy)
