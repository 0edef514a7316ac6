"""The kinds of values that a record may hold."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Header
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

Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:-]{8,128}$",
        description="A request sent again with the same key makes nothing anew.",
    ),
]

_EMAIL = r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$"
Email = Annotated[str, StringConstraints(to_lower=True, max_length=254, pattern=_EMAIL)]
HeartRate = Annotated[int, Field(ge=20, le=250, description="Beats per minute.")]
