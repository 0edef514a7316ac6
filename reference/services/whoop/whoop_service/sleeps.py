"""/v1/sleeps: a member's nights."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from whoop_service.auth import Reader, Writer
from whoop_service.context import InContext
from whoop_service.pages import Page, RecordQuery
from whoop_service.store import Record, Store
from whoop_service.values import Once, RecordedAt


class NewSleep(BaseModel):
    """A sleep to be added."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    member_id: UUID
    recorded_at: RecordedAt
    hours_in_bed: float = Field(ge=0, le=24)
    hours_asleep: float = Field(ge=0, le=24)
    disturbances: int = Field(ge=0, le=1000)

    @model_validator(mode="after")
    def _asleep_in_bed(self) -> Self:
        if self.hours_asleep > self.hours_in_bed:
            raise ValueError("hours_asleep must not be more than hours_in_bed")
        return self


class Sleep(NewSleep, Record):
    """A sleep."""


STORE = Store("sleep", "sleeps", Sleep)
router = APIRouter(prefix="/v1/sleeps", tags=["sleeps"])


@router.get("")
async def list_sleeps(
    context: InContext, caller: Reader, query: Annotated[RecordQuery, Query()]
) -> Page[Sleep]:
    """Sleeps, newest first."""
    return await STORE.page(context.database, query, caller)


@router.post("", status_code=201)
async def create_sleep(
    context: InContext, caller: Writer, new: NewSleep, response: Response, once: Once = None
) -> Sleep:
    """Add a sleep."""
    sleep = await STORE.create(context.database, new, caller, once)
    response.headers["Location"] = f"{router.prefix}/{sleep.id}"
    return sleep


@router.get("/{sleep_id}")
async def read_sleep(context: InContext, caller: Reader, sleep_id: UUID) -> Sleep:
    """One sleep."""
    return await STORE.read(context.database, sleep_id, caller)


@router.delete("/{sleep_id}", status_code=204, response_class=Response)
async def delete_sleep(context: InContext, caller: Writer, sleep_id: UUID) -> None:
    """Remove a sleep."""
    await STORE.delete(context.database, sleep_id, caller)
