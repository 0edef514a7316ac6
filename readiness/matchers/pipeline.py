"""What is required of the way from sources to customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.drills.pipeline import PipelineRuns
from readiness.matchers.requirement import Requirement, Violation, requires


def deploys_what_it_tested(steps: Sequence[str]) -> Requirement[PipelineRuns]:
    """The good run noted each of these steps with one digest, and that is what every copy runs."""

    def find(seen: PipelineRuns) -> Iterator[Violation]:
        good = seen.walks[0]
        if not good.succeeded:
            yield Violation("good sources", "released", good.words, "see the words of the procedure release")
            return
        for step in steps:
            if step not in good.steps:
                yield Violation(
                    f"step {step}", "noted with a digest", "no note of it", "note the digest after each step"
                )
        digests = {*good.steps.values(), *good.images}
        if len(digests) != 1:
            observed = "; ".join(f"{step} {digest[:19]}" for step, digest in good.steps.items())
            yield Violation(
                "the digest from step to step, and in every copy", "one and the same",
                f"{observed}; running {', '.join(each[:19] for each in good.images)}",
                "build once, and hand the digest on",
            )  # fmt: skip
        if good.images == (seen.former,):
            yield Violation(
                "every copy", "runs what was built", "it runs what ran before", "wait for the rollout"
            )
        if seen.taken_back != (seen.former,):
            yield Violation(
                "afterwards", "the former release is back", "it is not", "see the procedure rollback"
            )

    return requires(
        "the good ones run in every copy, with the digest that was built, tested and scanned", find
    )


def stops_at_each_gate() -> Requirement[PipelineRuns]:
    """Every other run failed, and from the beginning to the end no copy ran anything but the former image and the good one."""

    def find(seen: PipelineRuns) -> Iterator[Violation]:
        good = seen.walks[0]
        for each in seen.walks[1:]:
            if each.succeeded:
                yield Violation(
                    f"sources that fail the gate {each.gate}",
                    "the release fails",
                    "it went well",
                    "heed the gate",
                )
        known = {seen.former, *good.images, *good.steps.values()}
        strangers = {image for look in seen.looks for image in look.healthy} - known
        strangers |= {image for each in seen.walks[1:] for image in each.images} - {
            seen.former,
            *good.steps.values(),
        }
        for image in sorted(strangers):
            yield Violation(
                "copies during the runs",
                "the former image or the good one",
                image[:19],
                "deploy after the last gate",
            )

    return requires("no release that failed a gate ever reaches a copy", find)


def takes_turns() -> Requirement[PipelineRuns]:
    """The run that began while the first was at work ended after it, and the first one was not disturbed."""

    def find(seen: PipelineRuns) -> Iterator[Violation]:
        first, second = seen.walks[:2]
        if second.began > first.ended:
            yield Violation(
                "the second run", "begins while the first is at work", "the first had ended", "try again"
            )
        elif second.ended < first.ended:
            yield Violation(
                "a run that begins while another is at work", "it waits", f"it ended {first.ended - second.ended:.0f} s earlier",
                "take a lock for the whole run",
            )  # fmt: skip
        if not first.succeeded:
            yield Violation("the first run", "undisturbed", first.words, "take a lock for the whole run")

    return requires("a release that begins while another is at work waits for it", find)


def needs_a_second_person() -> Requirement[PipelineRuns]:
    """A run was refused that its author approved."""

    def find(seen: PipelineRuns) -> Iterator[Violation]:
        if seen.alone.succeeded or seen.alone.steps:
            yield Violation(
                "a release that its author approved", "refused", "it was begun", "compare author and approver"
            )

    return requires("nobody approves his own release", find)
