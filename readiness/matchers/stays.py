"""What is required of environments while they stay beside production, and after they have gone."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.drills.environments import Stays
from readiness.matchers.requirement import Requirement, Violation, requires


def serve_their_customer() -> Requirement[Stays]:
    """Every environment came up and answered the customer's whole journey rightly."""
    return requires("every environment comes up and serves its customer as production does", _not_served)


def _not_served(seen: Stays) -> Iterator[Violation]:
    for stay in seen.stays:
        if stay.words:
            remedy = "see the words of its operator's procedure"
            yield Violation(stay.environment, "comes up", f"did not: {stay.words}", remedy)
            continue
        for answer in stay.answers:
            if not answer.right:
                remedy = "what differs from production there keeps the product from working"
                yield Violation(
                    f"{stay.environment}, {answer.request}", "the right answer", answer.fault, remedy
                )
        if len(stay.answers) < stay.requests:
            asked = f"{len(stay.answers)} of {stay.requests} requests could be asked"
            yield Violation(
                stay.environment, "the whole journey", asked, "mend the request that failed first"
            )


def run_productions_images() -> Requirement[Stays]:
    """Every container of a stand-in for production runs an image that production runs for the same service."""
    return requires("stand-ins for production run the images that production's copies run", _strange_images)


def _strange_images(seen: Stays) -> Iterator[Violation]:
    for stay in seen.stays:
        for each in stay.there if stay.release else ():
            ids = {copy.image_id for copy in seen.before if copy.service == each.service}
            if each.kind == "container" and each.image_id not in ids:
                yield Violation(
                    f"{stay.environment}, container {each.name}",
                    f"production's image {', '.join(sorted(ids)) or 'of this service, which it does not have'}",
                    each.image_id,
                    "release the same image to both",
                )


def leave_nothing_behind() -> Requirement[Stays]:
    """After an environment was taken down, nothing that belonged to it is left."""
    return requires("an environment that was taken down leaves nothing behind", _left)


def _left(seen: Stays) -> Iterator[Violation]:
    for stay in seen.stays:
        remedy = "let its operator's procedure remove containers, volumes and networks"
        if stay.goodbye:
            yield Violation(stay.environment, "can be taken down", stay.goodbye, remedy)
        for each in stay.left:
            yield Violation(stay.environment, "nothing left", f"{each.kind} {each.name}", remedy)


def leave_production_alone() -> Requirement[Stays]:
    """Production's copies are the same as before, without a restart."""
    return requires("production's copies are the same as before", _disturbed)


def _disturbed(seen: Stays) -> Iterator[Violation]:
    now = {copy.id: copy for copy in seen.after}
    remedy = "give the environment names, ports, volumes and limits of its own"
    if not seen.before:
        yield Violation("production", "copies to watch", "none ran", "bring production up")
    for copy in seen.before:
        where = f"copy {copy.instance} of {copy.service}"
        if copy.id not in now:
            yield Violation(where, "still running", "gone", remedy)
        elif now[copy.id].restarts > copy.restarts:
            yield Violation(where, "not restarted", "restarted", remedy)
