"""What is required of refusals: nobody gets in who must not, nothing comes of his trying, and he who may is served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from readiness.drills.access import Knocks
from readiness.drills.knocking import Knock
from readiness.drills.stored_keys import StoredKey
from readiness.matchers.requirement import Requirement, Violation, requires

REFUSED = range(400, 500)
SERVED = range(200, 300)
MEND = "let the same gate stand before every operation, and ask it before anything else"


def refuse_everybody_else() -> Requirement[Knocks]:
    """Everybody is refused as declared, on every copy, in every spelling; and nothing has changed for the owner."""
    return requires("everybody who must not get in is refused, everywhere, and nothing comes of it", _let_in)


def _let_in(seen: Knocks) -> Iterator[Violation]:
    yield from _together(knock for knock in (*seen.knocks, *seen.spellings) if not _is_refused(knock))
    for unseen in seen.unseen:
        yield Violation(
            unseen, "an answer of every copy", "none of this one", "let visitors reach every copy"
        )
    for operation in seen.changed:
        yield Violation(
            f"what the owner reads by {operation}",
            "the same as before",
            "something else",
            "refuse before anything is done",
        )


def _is_refused(knock: Knock) -> bool:
    if knock.required:
        return knock.status == knock.required
    if knock.hidden_only:
        return not (knock.shown and knock.status in SERVED) and knock.status < 500 and not knock.error
    return knock.status in REFUSED


def _together(knocks: Iterable[Knock]) -> Iterator[Violation]:
    """One violation for all copies of which the same can be said."""
    found: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for knock in knocks:
        required = (
            f"status {knock.required}"
            if knock.required
            else "nothing of the owner's"
            if knock.hidden_only
            else "a refusal"
        )
        found[(knock.who, knock.operation, required, _answered(knock))].append(knock.instance or "the door")
    for (who, operation, required, observed), copies in found.items():
        where = f"{operation}, asked by {who}"
        yield Violation(where, required, f"{observed} from {', '.join(sorted(set(copies)))}", MEND)


def _answered(knock: Knock) -> str:
    if knock.error:
        return f"no answer ({knock.error})"
    return f"status {knock.status}" + (f" with {', '.join(knock.shown)}" if knock.shown else "")


def serve_their_owner() -> Requirement[Knocks]:
    """The same operations are served for one who may: otherwise the refusals show nothing."""
    return requires("a caller with a sufficient key is served by every operation", _not_served)


def _not_served(seen: Knocks) -> Iterator[Violation]:
    if not seen.served:
        yield Violation(
            "a sufficient key", "used", "never", "say in the profile how operations are called (access.calls)"
        )
    for each in seen.served:
        if each.status != each.expected:
            yield Violation(
                f"{each.operation}, asked by its owner",
                f"status {each.expected}",
                f"status {each.status} from {each.instance or 'the door'}",
                "let those in who may, or correct the call in the profile",
            )


def keeps_no_key() -> Requirement[StoredKey]:
    """What is stored does not hold a key that works, in any spelling; that it was looked for in the right place is seen too."""
    return requires("nothing that is stored gives a key away", _given_away)


def _given_away(seen: StoredKey) -> Iterator[Violation]:
    if not seen.name_found:
        observed = "not even the name under which the key was issued"
        yield Violation(
            "what is stored", "what is known of the key", observed, "let the procedure write out all stores"
        )
    for spelling in seen.spellings:
        yield Violation(
            "what is stored", "no key", f"the key: {spelling}", "keep a hash of it, and nothing else"
        )
