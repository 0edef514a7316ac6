"""What is required of everything that people read: it was really read, things did go wrong, and it shows nothing."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.leaking import Leaks
from readiness.matchers.requirement import Requirement, Violation, requires

REMEDY = "leave it out where it is written, or mask it; then replace what was shown"


def show_no_secret_and_nothing_personal() -> Requirement[Leaks]:
    """Nothing that is secret or personal was found in any sink."""

    def find(seen: Leaks) -> Iterator[Violation]:
        for each in seen.leaked:
            yield Violation(each.sink, f"without {each.canary}", f"it stands there {each.how}", REMEDY)

    return requires("nothing that people read shows a secret, or what a customer entrusted", find)


def were_searched_in_earnest() -> Requirement[Leaks]:
    """In every sink something was found that had to be there, and callers met errors."""
    return requires("every place was searched, and what had to stand there was found", _in_vain)


def _in_vain(seen: Leaks) -> Iterator[Violation]:
    for each in seen.searched:
        if not each.control_found:
            observed = f"it was not found among {each.characters} characters"
            yield Violation(
                each.sink, "the control that was planted in it", observed, "let it keep what is written to it"
            )
    for kind, begins in (("a request that is refused", "4"), ("a request that fails", "5")):
        if not any(
            status.startswith(begins) or (begins == "5" and status == "0") for status in seen.failures
        ):
            yield Violation(
                kind,
                "at least one",
                "there was none, so what is written then is not known",
                "look at the answers",
            )
