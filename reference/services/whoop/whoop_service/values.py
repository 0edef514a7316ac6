"""The kinds of values that a record may hold."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_TOLERANCE = timedelta(days=1)


def _plausible(time: datetime) -> datetime:
    if not _EARLIEST <= time <= datetime.now(UTC) + _CLOCK_TOLERANCE:
        raise ValueError("must lie between the year 2000 and tomorrow")
    return time


RecordedAt = Annotated[AwareDatetime, AfterValidator(_plausible)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
"""One line of text without control characters."""

Note = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
"""Any text of several lines."""

SourceId = Annotated[int, Field(ge=0, le=2**63 - 1, description="The number of the workout at WHOOP.")]

_EMAIL = r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$"
Email = Annotated[str, StringConstraints(to_lower=True, max_length=254, pattern=_EMAIL)]
HeartRate = Annotated[int, Field(ge=20, le=250, description="Beats per minute.")]
