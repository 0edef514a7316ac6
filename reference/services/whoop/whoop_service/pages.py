"""Pages of a list, newest first: the place to go on from is a cursor, so new records never shift a page."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

LARGEST_PAGE = 200

Item = TypeVar("Item")


@dataclass(frozen=True)
class Position:
    """A place in a list: behind the record with this time and id."""

    recorded_at: datetime
    id: UUID

    def cursor(self) -> str:
        """The position as an opaque text."""
        return base64.urlsafe_b64encode(f"{self.recorded_at.isoformat()}~{self.id}".encode()).decode()

    @classmethod
    def parse(cls, cursor: str) -> "Position":
        """The position in a cursor. Raises ValueError for any other text."""
        try:
            time, _, identifier = base64.urlsafe_b64decode(cursor.encode()).decode().partition("~")
            position = cls(datetime.fromisoformat(time), UUID(identifier))
        except (ValueError, binascii.Error):
            raise ValueError("must be the `next` of an earlier page") from None
        if position.recorded_at.tzinfo is None:
            raise ValueError("must be the `next` of an earlier page")
        return position


def _check_cursor(cursor: str) -> str:
    Position.parse(cursor)
    return cursor


class PageQuery(BaseModel):
    """Which part of a list is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=LARGEST_PAGE, description="Records per page.")
    cursor: Annotated[str, AfterValidator(_check_cursor)] | None = Field(
        default=None, max_length=200, description="The `next` of the page before."
    )
    since: AwareDatetime | None = Field(
        default=None, alias="from", description="Recorded at this time or later."
    )
    until: AwareDatetime | None = Field(default=None, alias="to", description="Recorded before this time.")

    @property
    def position(self) -> Position | None:
        """Where the page begins; None for the beginning."""
        return Position.parse(self.cursor) if self.cursor else None


class RecordQuery(PageQuery):
    """Which part of a list of records is wanted."""

    member: UUID | None = Field(default=None, description="Only records of this member.")


class Page(BaseModel, Generic[Item]):
    """Some records, newest first, and where the next page begins (null on the last page)."""

    items: list[Item]
    next: str | None
