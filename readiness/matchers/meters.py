"""What is required of meters: they tell the truth, name the service, leave nobody out, and do not cry over page cache."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.core.budgets import Budget
from readiness.drills.calibration import Calibration, Compared
from readiness.matchers.requirement import Requirement, Violation, requires


def tell_the_truth(tolerance: Budget) -> Requirement[Calibration]:
    """What each meter reported is the truth, give or take the tolerance."""
    return requires(
        f"what every meter reported is what the kernel told, within {tolerance.sentence()}",
        lambda seen: (each for one in seen.compared for each in untrue(one, tolerance.limit.value)),
    )


def name_every_copy() -> Requirement[Calibration]:
    """Every copy of every service is measured under the name of its service, and every machine is measured."""
    return requires("every copy is measured under the name of its service, on every machine", _unnamed)


def tell_memory_from_cache() -> Requirement[Calibration]:
    """The alarm saw memory that was really used, and not the page cache."""
    return requires("the memory alarm sees what is really used, and no page cache", _wrong_alarm)


def untrue(one: Compared, tolerance: float) -> Iterator[Violation]:
    """A meter that reported nothing, or something else than the truth."""
    least, most = one.least * (1 - tolerance), one.most * (1 + tolerance)
    if one.reported is None:
        yield Violation(
            one.meter, "a meter of it", "none reported during the load",
            "measure it, and name the series in the profile (meters)",
        )  # fmt: skip
    elif not least <= one.reported <= most:
        yield Violation(
            one.meter,
            f"{one.least:.4g} to {one.most:.4g} {one.unit}, as the kernel told",
            f"{one.reported:.4g} {one.unit}",
            "correct the exporter, or what is done with its numbers",
        )


def _unnamed(seen: Calibration) -> Iterator[Violation]:
    for each in seen.copies:
        right = {each.service, f"{seen.stack}_{each.service}"}
        if each.measured_as is None:
            yield Violation(
                f"copy {each.instance} of {each.service}",
                "a meter of it",
                "none",
                "let an exporter see every container",
            )
        elif each.measured_as not in right:
            yield Violation(
                f"copy {each.instance} of {each.service}", "measured under the name of its service",
                f"under {each.measured_as!r}", "pass the platform's label of the service on",
            )  # fmt: skip
    if seen.machines < seen.nodes:
        yield Violation(
            "machines", f"{seen.nodes} measured", str(seen.machines), "run the exporter on every node"
        )


def _wrong_alarm(seen: Calibration) -> Iterator[Violation]:
    if not seen.alarm_exists:
        yield Violation(seen.alarm, "a rule of that name", "none", "add it, or correct the profile (meters)")
    elif not seen.saw_memory:
        yield Violation(
            seen.alarm, "its expression names a container that uses 90 % of its memory", "it did not",
            "compare what is used with the limit of the same container",
        )  # fmt: skip
    if seen.cried_over_cache:
        yield Violation(
            seen.alarm, "silence while page cache fills the memory", "its expression named the container",
            "leave the page cache out that can be taken back at once",
        )  # fmt: skip
