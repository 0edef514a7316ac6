"""The alarms that are to come in time, and the series they look at: what each series says while something runs full."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from readiness.config.models import NotEmpty, Seconds, StrictModel, Text, wrong
from readiness.core.units import Dimension, parse


def _share(text: object) -> float:
    if not isinstance(text, str):
        raise wrong("a share without its unit", 'text such as "80%"')
    return parse(text, Dimension.RATIO).value


Share = Annotated[float, BeforeValidator(_share)]
About = Literal["processor", "memory", "disk", "database"]


class Rising(StrictModel):
    """Series, by a selector, whose labels are taken as they are now; and what they say when a share of `full` is used.

    `follows`: the share itself, the rest that is left, or `full` whatever is used. `counts`: so much more each second.
    """

    series: Text
    full: float
    follows: Literal["share", "rest", "nothing"] = "nothing"
    counts: bool = False

    def value(self, share: float) -> float:
        """What the series says, or by how much it grows in a second."""
        return {"share": share * self.full, "rest": (1 - share) * self.full, "nothing": self.full}[
            self.follows
        ]


class CapacityWarning(StrictModel):
    """An alarm that comes when a share of something has been used for a while. What the plan gives numbers for has them there."""

    alarm: Text
    about: About
    series: Annotated[tuple[Rising, ...], NotEmpty]
    threshold: Share | None = None
    window: Seconds | None = None

    @model_validator(mode="after")
    def has_numbers(self) -> Self:
        """The plan has no numbers for databases."""
        if self.about == "database" and (self.threshold is None or self.window is None):
            raise wrong(
                f"{self.alarm} without its threshold or its window", 'threshold: "80%" and window: 1m'
            )
        return self


class Filling(StrictModel):
    """The alarm that tells that a disk will be full before it is."""

    alarm: Text
    series: Annotated[tuple[Rising, ...], NotEmpty]


class UnderFault(StrictModel):
    """Series that exist only while something is wrong, why, and what makes the alarm come: a series as the fault makes it, in
    the notation of Prometheus' tests of rules, and its value, which lasts.
    """

    selector: Text
    reason: Text
    alarm: Text
    series: Text
    value: float


class Warnings(StrictModel):
    """All alarms about capacity, and what only a fault brings about."""

    capacity: Annotated[tuple[CapacityWarning, ...], NotEmpty]
    filling: Filling
    under_fault: tuple[UnderFault, ...] = ()
