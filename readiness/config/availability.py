"""By which alarms it is told that a part of the deployment is gone or hangs, and what is tried apart from the rest."""

from __future__ import annotations

from typing import Annotated

from readiness.config.models import LineId, Name, NotEmpty, StrictModel, Text


class GoneAlarm(StrictModel):
    """An alarm, a series that it looks at, and what that says of a part that is gone or hangs (none: it is not there any more),
    and of one that is well. Labels are taken from a series of today.
    """

    alarm: Text
    series: Text
    ill: float | None
    well: float


class WatchedElsewhere(StrictModel):
    """A service that cannot tell of its own end, why, and the plan line under which that is shown."""

    service: Name
    reason: Text
    line: LineId


class Availability(StrictModel):
    """`names_by`: the label of an alarm that names the service. `apart`: services by which others are watched; they are tried
    when the others are back.
    """

    names_by: Text
    alarms: Annotated[tuple[GoneAlarm, ...], NotEmpty]
    apart: tuple[Name, ...] = ()
    elsewhere: tuple[WatchedElsewhere, ...] = ()
