"""/v1/recoveries: how well a member has recovered, once a day."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from whoop_service.auth import Reader, Writer
from whoop_service.context import InContext
from whoop_service.pages import Page, RecordQuery
from whoop_service.store import Record, Store
from whoop_service.values import HeartRate, Once, RecordedAt


class NewRecovery(BaseModel):
    """A recovery to be added."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    member_id: UUID
    recorded_at: RecordedAt
    recovery_score: int = Field(ge=0, le=100, description="Per cent.")
    resting_heart_rate: HeartRate
    hrv_milliseconds: float = Field(ge=0, le=500, description="Heart rate variability (RMSSD).")


class Recovery(NewRecovery, Record):
    """A recovery."""


STORE = Store("recovery", "recoveries", Recovery)
router = APIRouter(prefix="/v1/recoveries", tags=["recoveries"])


@router.get("")
async def list_recoveries(
    context: InContext, caller: Reader, query: Annotated[RecordQuery, Query()]
) -> Page[Recovery]:
    """Recoveries, newest first."""
    return await STORE.page(context.database, query, caller)


@router.post("", status_code=201)
async def create_recovery(
    context: InContext, caller: Writer, new: NewRecovery, response: Response, once: Once = None
) -> Recovery:
    """Add a recovery."""
    recovery = await STORE.create(context.database, new, caller, once)
    response.headers["Location"] = f"{router.prefix}/{recovery.id}"
    return recovery


@router.get("/{recovery_id}")
async def read_recovery(context: InContext, caller: Reader, recovery_id: UUID) -> Recovery:
    """One recovery."""
    return await STORE.read(context.database, recovery_id, caller)


@router.delete("/{recovery_id}", status_code=204, response_class=Response)
async def delete_recovery(context: InContext, caller: Writer, recovery_id: UUID) -> None:
    """Remove a recovery."""
    await STORE.delete(context.database, recovery_id, caller)
