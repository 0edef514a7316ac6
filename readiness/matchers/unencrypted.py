"""What is required for those who come unencrypted."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.unencrypted import Sent, Unencrypted

FOR_GOOD = (301, 308)


def are_sent_to_the_encrypted_address() -> Requirement[Unencrypted]:
    """Every request without encryption gets a permanent redirection to the same thing at the public address, and nothing else."""
    return requires(
        "whoever comes unencrypted is sent, for good, to the same thing at the encrypted address",
        lambda seen: (each for sent in seen.sent for each in _elsewhere(sent, seen.address)),
    )


def _elsewhere(sent: Sent, address: str) -> Iterator[Violation]:
    where = f"{address}, {sent.request.splitlines()[0]}{_name_in(sent.request)}"
    said = sent.said
    if said.status not in FOR_GOOD:
        observed = f"status {said.status}" if said.status else f"no answer: {said.error}"
        yield Violation(
            where, "status 301 or 308", observed, "redirect every path and method, before anything else"
        )
    elif said.header("Location") != sent.rightly:
        remedy = "redirect to our own name, never to one that the visitor says, and keep path and query"
        yield Violation(where, sent.rightly, said.header("Location") or "no Location", remedy)
    if said.header("X-Instance"):
        remedy = "let no copy answer what came unencrypted"
        yield Violation(
            where, "answered at the door", f"answered by copy {said.header('X-Instance')}", remedy
        )


def _name_in(request: str) -> str:
    names = [line for line in request.splitlines()[1:] if "host" in line.lower()]
    return f" ({', '.join(names)})" if names else " (no host)"
