"""How the target grows and shrinks by itself: its bounds and times, what drives it, where it says what it decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from readiness.config.journey import JourneyRequest
from readiness.config.models import Name, Seconds, StrictModel, Text, wrong

Copies = Annotated[int, Field(ge=1, le=1000)]


class DecisionLog(StrictModel):
    """Where in the log of the deciding service (one JSON object per line) a decision stands.

    A line is a decision when it has all of `match`. The others are keys of it: when it was taken, from how many copies to how
    many, and the mean share of the limits in use that it rests on (0.7 is 70 %; absent where it was not known).
    """

    match: Mapping[Text, Text]
    time: Text
    before: Text
    after: Text
    processor: Text
    memory: Text


class Autoscaling(StrictModel):
    """The service under acceptance is kept between `least` and `most` copies by the service `decided_by`.

    `measured_by` is the service that it learns from what the copies use. Within `shrinks_after` of the last need it takes no
    copy away. `load` is a request that costs the copies time and may be sent by the hundred: it reads, and changes nothing.
    """

    decided_by: Name
    measured_by: Name
    least: Copies
    most: Copies
    shrinks_after: Seconds
    load: JourneyRequest
    decisions: DecisionLog

    @model_validator(mode="after")
    def can_grow(self) -> Self:
        """There is room between the bounds, and the load stands alone and reads."""
        if self.most - self.least < 2:
            raise wrong(
                f"bounds of {self.least} and {self.most} leave no room", "most: at least 2 above least"
            )
        if self.load.method != "GET" or self.load.placeholders or self.load.save:
            raise wrong("the load is no reading that stands alone", "method: GET, no placeholders, no save")
        return self
