"""What is required of the routes through the public door, and of what copies believe of their visitors."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.routes import Believed, Impersonation, Led, Routes

REFUSED = range(400, 500)
SET_BY_THE_DOOR = "let the door take these headers away and set them itself, from the connection"


def lead_to_their_services() -> Requirement[Routes]:
    """Every published path is answered by a copy of the service that it is published for."""
    return requires("every published route is answered by its own service", _led_elsewhere)


def _led_elsewhere(seen: Routes) -> Iterator[Violation]:
    for followed in seen.published:
        if followed.led.service != followed.wanted:
            yield Violation(
                _where(followed.led),
                f"answered by {followed.wanted}",
                _seen(followed.led),
                "mend the door's routes, or the declaration of what is published",
            )


def lead_nowhere_else() -> Requirement[Routes]:
    """What is not published, and what is asked of a host that nobody knows, is refused before it reaches any copy."""
    return requires("whatever is not published is refused at the door", _let_in)


def _let_in(seen: Routes) -> Iterator[Violation]:
    for led in seen.unpublished:
        if led.service or led.status not in REFUSED:
            yield Violation(
                _where(led), "refused at the door", _seen(led), "route what is published, and nothing else"
            )
    for led in seen.unknown_host:
        if led.service or led.status not in REFUSED:
            where = f"{_where(led)}, of a host that nobody knows"
            yield Violation(where, "refused at the door", _seen(led), "serve the names that are ours only")


def _where(led: Led) -> str:
    return f"{led.asked} over a {'kept' if led.kept else 'new'} connection"


def _seen(led: Led) -> str:
    if led.error:
        return f"no answer: {led.error}"
    return f"status {led.status} from {led.service or 'the door itself'}"


def know_whom_they_serve() -> Requirement[Impersonation]:
    """A copy knows its visitor's address, and the scheme and host that he asked, whatever he says of himself."""
    return requires("a copy knows whom it serves, whatever he says of himself", _deceived)


def _deceived(seen: Impersonation) -> Iterator[Violation]:
    known = {each.client for each in seen.honest}
    for each in seen.honest:
        if not _is_outside(each.client, seen):
            observed = each.client or "nothing"
            remedy = "let the door tell the copies its visitor's address, and let them log it"
            yield Violation("an honest visitor", "his own address is known to the copy", observed, remedy)
        yield from _asked(each, seen, "an honest visitor")
    for each in seen.pretending:
        if each.client not in known or any(forged in each.client for forged in seen.forged):
            yield Violation(
                "a visitor who claims to be somebody else",
                f"known by his own address, {', '.join(sorted(known))}",
                each.client or "nothing",
                SET_BY_THE_DOOR,
            )
        yield from _asked(each, seen, "a visitor who claims to be somebody else")


def _is_outside(client: str, seen: Impersonation) -> bool:
    try:
        return str(ip_address(client)) not in seen.inside
    except ValueError:
        return False


def _asked(each: Believed, seen: Impersonation, who: str) -> Iterator[Violation]:
    if (each.scheme, each.host) != (seen.scheme, seen.host):
        yield Violation(
            who,
            f"known to have asked {seen.scheme}://{seen.host}",
            f"{each.scheme}://{each.host}",
            SET_BY_THE_DOOR,
        )
