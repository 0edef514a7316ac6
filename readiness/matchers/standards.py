"""What the adopted security rules require of every running container, and what an exception from them must be like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from readiness.config.standards import Check, Item, Rules, Standards
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.confinement import Confinement, Confinements
from readiness.probes.scenarios import ShownLines

SOCKETS = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock")


def _as_root(seen: Confinement) -> str:
    names = sorted({each.name for each in seen.processes if 0 in each.users})
    return f"{', '.join(names)} run as root" if names else ""


def _capable(seen: Confinement) -> str:
    worst = max(each.capabilities for each in seen.processes)
    return f"capabilities {worst:#x}" if worst else ""


def _gains(seen: Confinement) -> str:
    names = sorted({each.name for each in seen.processes if not each.no_new_privileges})
    return f"{', '.join(names)} can" if names else ""


def _unfiltered(seen: Confinement) -> str:
    names = sorted({each.name for each in seen.processes if not each.filtered})
    return f"{', '.join(names)} may call everything" if names else ""


def _privileged(seen: Confinement) -> str:
    found = (["all rights"] if seen.isolation.privileged else []) + list(seen.isolation.devices)
    return ", ".join(found)


def _folders(seen: Confinement) -> str:
    return ", ".join(path for path in seen.isolation.machine_paths if not _is_socket(path))


def _sockets(seen: Confinement) -> str:
    return ", ".join(path for path in seen.isolation.machine_paths if _is_socket(path))


def _is_socket(path: str) -> bool:
    return PurePosixPath(path).name in SOCKETS


FAULTS: Mapping[Check, Callable[[Confinement], str]] = {
    Check.OWN_USER: _as_root,
    Check.CAPABILITIES: _capable,
    Check.NOTHING_PRIVILEGED: _privileged,
    Check.NO_NEW_PRIVILEGES: _gains,
    Check.FILTERED_CALLS: _unfiltered,
    Check.READ_ONLY: lambda seen: "" if seen.read_only else "its root file system can be written",
    Check.OWN_NAMESPACES: lambda seen: ", ".join(seen.isolation.shared),
    Check.MACHINE_FOLDERS: _folders,
    Check.ENGINE_SOCKET: _sockets,
    Check.MEMORY_LIMIT: lambda seen: "" if seen.limits.memory else "no limit",
    Check.CPU_LIMIT: lambda seen: "" if seen.limits.cpu else "no limit",
    Check.PROCESS_LIMIT: lambda seen: "" if seen.process_limit else "no limit",
    Check.HEALTH: lambda seen: "" if seen.health else "no health check",
    Check.DECLARED_IMAGE: lambda seen: (
        "" if seen.image == seen.declared_image else f"runs {seen.image}, declared is {seen.declared_image}"
    ),
}


def broken_rules(seen: Confinements, items: Sequence[Item]) -> Iterator[tuple[Item, Confinement, str]]:
    """Every rule that a container does not keep, whether it is excused or not, and how it does not."""
    for item in items:
        if item.check is None:
            continue
        for container in seen.containers:
            if fault := FAULTS[item.check](container):
                yield item, container, fault


def keep_the_rules(rules: Rules) -> Requirement[Confinements]:
    """Every container keeps every adopted rule that is shown by a check, or is excused by an exception in force."""
    return requires(
        "every container keeps the adopted rules, or somebody answers for the exception",
        lambda seen: _broken(seen, rules),
    )


def _broken(seen: Confinements, rules: Rules) -> Iterator[Violation]:
    for item, container, fault in broken_rules(seen, rules.standards.items):
        if not rules.excused(item.id, container.part):
            where = f"{container.part} ({container.copy}), {item.id}"
            yield Violation(
                where, item.words, fault, "keep the rule, or have an exception from it approved for a time"
            )


def have_exceptions_that_count(rules: Rules) -> Requirement[Confinements]:
    """Every exception is approved by somebody else, in force, not too long, and needed by a container that runs."""
    return requires("every exception is approved, ends, and is needed", lambda seen: _uncounted(seen, rules))


def _uncounted(seen: Confinements, rules: Rules) -> Iterator[Violation]:
    broken = {(item.id, container.part) for item, container, _ in broken_rules(seen, rules.standards.items)}
    for exception in rules.exceptions:
        where = f"the exception from {exception.item} for {', '.join(exception.parts)}"
        for required, observed in rules.wrongs(exception):
            yield Violation(where, required, observed, "have it approved anew, or keep the rule")
        if not any(exception.covers(item, part) for item, part in broken):
            yield Violation(where, "needed", "the rule is kept", "remove the exception")


def are_all_shown(standards: Standards) -> Requirement[ShownLines]:
    """Every adopted rule that no check shows is shown by plan lines that have scenarios of their own."""
    return requires(
        "every adopted rule is shown by a check or by scenarios", lambda seen: _unshown(standards, seen.lines)
    )


def _unshown(standards: Standards, shown: Collection[str]) -> Iterator[Violation]:
    for item in standards.items:
        for line in item.lines:
            if line not in shown:
                remedy = "write a scenario for the line, or take the rule out of those that we adopted"
                yield Violation(item.id, f"shown by scenarios of {line}", f"{line} has none", remedy)
