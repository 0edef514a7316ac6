"""What is required of the number of copies, and of each that counts."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.counting import Count, Counted

REMEDY = "bring the number back to what is described, and see why it differs"


def be_as_many_as_described() -> Requirement[Count]:
    """As many copies run as are described, or any number within an autoscaler's bounds."""

    def find(seen: Count) -> Iterator[Violation]:
        for each in seen.counted:
            if wrong := _wrong_number(each):
                wanted = str(each.bounds or each.described or "one on every node")
                yield Violation(each.service, f"{wanted} running", wrong, REMEDY)

    return requires("as many copies run as are described", find)


def _wrong_number(each: Counted) -> str:
    running = len(each.copies)
    if each.bounds:
        fits = each.bounds.least <= running <= each.bounds.most
    else:
        fits = running == (each.desired if each.described is None else each.described)
    return "" if fits and running > 0 else f"{running} run, {each.desired} are asked for"


def work_and_be_the_described_image() -> Requirement[Count]:
    """Every copy that counts as running works, and runs the image that is described."""

    def find(seen: Count) -> Iterator[Violation]:
        for each in seen.counted:
            for copy in each.copies:
                where = f"{each.service}, copy {copy.instance}"
                remedy = "see its log; a copy that does not work must not count"
                if copy.health not in ("healthy", ""):
                    yield Violation(where, "healthy", copy.health, remedy)
                if copy.answered not in (None, 200):
                    answered = f"status {copy.answered}" if copy.answered else "no answer"
                    yield Violation(where, "ready", answered, remedy)
                if each.image_id and copy.image_id != each.image_id:
                    wanted = f"the image that is described ({each.image}, {each.image_id})"
                    yield Violation(where, wanted, copy.image_id, "deploy what is described")

    return requires("every copy works, and runs the image that is described", find)
