"""What is required of where secrets are kept, and of the roles that log in with them."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.database_roles import RolesTried
from readiness.probes.kept_secrets import KeptSecrets

ONLY_ITS_READER = "400"
ONLY_ITS_WRITER = ("400", "600")  # what a program made for itself


def are_read_by_their_readers_only() -> Requirement[KeptSecrets]:
    """Every secret is in the copies of its readers, and in no other."""
    return requires("each secret can be read by the services that need it, and by nobody else", _misplaced)


def _misplaced(seen: KeptSecrets) -> Iterator[Violation]:
    for each in seen.mounted:
        where = f"{each.service} ({each.instance}), {each.path}"
        if not each.secret:
            remedy = "add it to `secrets` of the profile with its readers, or take it away"
            yield Violation(where, "a secret that somebody declared", "its value is none of them", remedy)
        elif each.service not in seen.readers[each.secret]:
            yield Violation(where, f"no {each.secret}", "it is there", "give it to those who need it only")
    for secret, readers in seen.readers.items():
        for service in readers:
            has = {
                each.instance
                for each in seen.mounted
                if (each.service, each.secret) == (service, secret) and not each.copied
            }
            if not has:
                there = "none of its copies has it" if service in seen.running else "no copy of it runs"
                yield Violation(
                    f"{service}: {secret}", "mounted as a file", there, "mount it as a secret of the platform"
                )


def are_for_one_user_only() -> Requirement[KeptSecrets]:
    """Every mounted secret belongs to the user of its process, who may read it, and nobody may do anything else."""
    return requires("each secret is for the user of its service only, and for reading", _too_open)


def _too_open(seen: KeptSecrets) -> Iterator[Violation]:
    for each in seen.mounted:
        allowed = ONLY_ITS_WRITER if each.copied else (ONLY_ITS_READER,)
        if each.mode not in allowed or each.owner != each.user:
            yield Violation(
                f"{each.service} ({each.instance}), {each.path}",
                f"mode {ONLY_ITS_READER} for user {each.user}",
                f"mode {each.mode} for user {each.owner}",
                "mount it with uid, gid and mode 0400",
            )


def stand_nowhere_in_writing() -> Requirement[KeptSecrets]:
    """No value of a secret was found anywhere but in its file."""

    def find(seen: KeptSecrets) -> Iterator[Violation]:
        for each in seen.shown:
            remedy = "hand it over as a file, take it out of there, and replace it, for it may be known"
            yield Violation(each.where, f"no {each.secret}", "its value is there", remedy)

    return requires("no value of a secret stands in a setting, a label, an image, a process or a log", find)


def are_refused_what_owners_may() -> Requirement[RolesTried]:
    """Roles that own nothing were refused everything that owners and administrators may, and can still do their work."""
    return requires(
        "whoever serves customers or measures is refused what only owners and administrators may", _too_mighty
    )


def _too_mighty(seen: RolesTried) -> Iterator[Violation]:
    for each in seen.tries:
        if each.allowed:
            remedy = "take the right, the ownership or the membership from it"
            yield Violation(f"role {each.role}", f"may not {each.what}", "the database let it", remedy)
    for name in sorted({each.role for each in seen.tries} & set(seen.powerful)):
        observed = "it owns a database, a table or more, or may make roles, databases or copies of the server"
        yield Violation(
            f"role {name}", "owns nothing, with no rights over the server", observed, "take them from it"
        )
    for name in seen.connected:
        if name in seen.owners:
            remedy = "let the service log in as a role that owns nothing"
            yield Violation(f"role {name}", "owns, and serves nobody", "a service is connected as it", remedy)
    for role, reads in seen.serving:
        if role not in seen.connected:
            yield Violation(
                f"role {role}",
                "the one that serves customers",
                "no service is connected as it",
                "correct database.roles",
            )
        if not reads:
            yield Violation(
                f"role {role}", "may read what it serves", "it may not", "grant it the rows of the service"
            )


def are_all_written_down() -> Requirement[RolesTried]:
    """Nobody may log in to the database who is not in the profile."""

    def find(seen: RolesTried) -> Iterator[Violation]:
        for name in sorted(set(seen.may_log_in) - set(seen.declared)):
            remedy = "remove the role, or add it to database.roles"
            yield Violation(
                f"role {name}", "one that is written down", "it may log in, and nobody wrote it down", remedy
            )

    return requires("everybody who may log in to the database is written down", find)
