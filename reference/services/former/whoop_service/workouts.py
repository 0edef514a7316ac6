"""/v1/workouts: a member's training."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from whoop_service import attachments
from whoop_service.auth import Reader, Writer
from whoop_service.context import InContext
from whoop_service.pages import Page, RecordQuery
from whoop_service.store import Record, Store
from whoop_service.values import HeartRate, Line, RecordedAt


class NewWorkout(BaseModel):
    """A workout to be added."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    member_id: UUID
    recorded_at: RecordedAt
    sport: Line
    strain: float = Field(ge=0, le=21, description="Strain as WHOOP defines it.")
    average_heart_rate: HeartRate


class Workout(NewWorkout, Record):
    """A workout."""


STORE = Store("workout", "workouts", Workout)
router = APIRouter(prefix="/v1/workouts", tags=["workouts"])


@router.get("")
async def list_workouts(
    context: InContext, caller: Reader, query: Annotated[RecordQuery, Query()]
) -> Page[Workout]:
    """Workouts, newest first."""
    return await STORE.page(context.database, query, caller)


@router.post("", status_code=201)
async def create_workout(context: InContext, caller: Writer, new: NewWorkout, response: Response) -> Workout:
    """Add a workout."""
    workout = await STORE.create(context.database, new, caller)
    response.headers["Location"] = f"{router.prefix}/{workout.id}"
    return workout


@router.get("/{workout_id}")
async def read_workout(context: InContext, caller: Reader, workout_id: UUID) -> Workout:
    """One workout."""
    return await STORE.read(context.database, workout_id, caller)


@router.delete("/{workout_id}", status_code=204, response_class=Response)
async def delete_workout(context: InContext, caller: Writer, workout_id: UUID) -> None:
    """Remove a workout with its attachments."""
    orphans = await attachments.of_workout(context.database, workout_id, caller)
    await STORE.delete(context.database, workout_id, caller)
    await context.files.remove(orphans)
