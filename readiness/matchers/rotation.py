"""What is required of the replacement of secrets, and of how they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.at_rest import AtRest
from readiness.drills.rotating import Rotated
from readiness.matchers.requirement import Requirement, Violation, requires

FEWEST_ANSWERS = 30


def disturbs_no_customer() -> Requirement[Rotated]:
    """The procedure said that it worked, and every customer was served as ever, readers and writers."""

    def find(seen: Rotated) -> Iterator[Violation]:
        if seen.exit_code != 0:
            observed = f"exit status {seen.exit_code}: {seen.words}"
            yield Violation("the procedure", "all secrets replaced", observed, "see what it says")
        for each in seen.served:
            if not each.right:
                remedy = (
                    "let the new value be accepted before anybody uses it, and the old one until nobody does"
                )
                yield Violation(each.request, "served as ever", each.fault, remedy)
        writes = sum(each.writes for each in seen.served)
        if len(seen.served) < FEWEST_ANSWERS or not writes or writes == len(seen.served):
            observed = f"{len(seen.served)} requests, {writes} of them writing"
            yield Violation(
                "customers",
                f"at least {FEWEST_ANSWERS}, reading and writing",
                observed,
                "let more of them come",
            )

    return requires("no customer notices that secrets are replaced", find)


def gives_everybody_a_new_value() -> Requirement[Rotated]:
    """Every value is another one, and all who read it have it, and not the old one."""

    def find(seen: Rotated) -> Iterator[Violation]:
        for name in seen.unchanged:
            yield Violation(name, "a new value", "the value of before", "make a new one; a new date is none")
        for each in seen.holders:
            where = f"{each.service} ({each.instance}): {each.secret}"
            if not each.new:
                yield Violation(where, "the new value", "it does not have it", "roll it out to every copy")
            if each.old and each.secret not in seen.unchanged:
                yield Violation(where, "the new value only", "it still has the old one", "take it away")

    return requires("every secret has a new value, and every copy that reads it has that and no other", find)


def shuts_out_the_old() -> Requirement[Rotated]:
    """Whoever comes with a new value is let in, whoever comes with an old one is refused, and old sessions have ended."""

    def find(seen: Rotated) -> Iterator[Violation]:
        for each in seen.tried:
            if not each.new:
                remedy = "put it in force where it is checked"
                yield Violation(each.secret, "opens what it is for", "whoever has it is refused", remedy)
            if each.old:
                remedy = "take the old value back where it is checked"
                yield Violation(f"the former {each.secret}", "refused", "whoever has it is let in", remedy)
        for name in seen.sessions:
            yield Violation(
                f"a session of {name}",
                "ended with its password",
                "it goes on",
                "end it when the password is replaced",
            )
        if seen.afterwards:
            remedy = "let the service use the new value for new connections, too"
            yield Violation("customers afterwards", "served over new connections", seen.afterwards, remedy)

    return requires("the new values open what they are for, and the old ones nothing", find)


def shows_no_secret_on_disk() -> Requirement[AtRest]:
    """The planted value was found on the disks of the platform, and no value of a secret."""

    def find(seen: AtRest) -> Iterator[Violation]:
        for secret, path in seen.found:
            remedy = "keep it in memory or encrypted, and replace it, for it may be known"
            yield Violation(path, f"no {secret}", "its value is there", remedy)

    return requires("no value of a secret stands on a disk of the platform", find)


def is_closed_without_its_key() -> Requirement[AtRest]:
    """What the platform keeps cannot be opened with what is on the same disk."""

    def find(seen: AtRest) -> Iterator[Violation]:
        if not seen.closed:
            remedy = "lock it, and keep the key elsewhere (Swarm: docker swarm update --autolock=true)"
            observed = "the key is beside it, and open"
            yield Violation(
                "what the platform keeps on disk",
                "closed without a key that is kept elsewhere",
                observed,
                remedy,
            )

    return requires("what the platform keeps on disk is closed without a key that is kept elsewhere", find)
