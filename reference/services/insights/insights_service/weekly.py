"""/v1/insights/members/{member_id}/weekly: the averages of a member's last seven days."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from insights_service.records import Recovery, Sleep, WhoopRecords, Workout
from service_common.middleware import address_of

WEEK = timedelta(days=7)

router = APIRouter(prefix="/v1/insights/members/{member_id}/weekly", tags=["insights"])
_bearer = HTTPBearer(auto_error=False, description="An API key; whoop-service decides whether it is good.")


class Weekly(BaseModel):
    """Averages over the seven days that end with the newest record; null where there is no record."""

    member_id: UUID
    since: datetime | None
    until: datetime | None
    recovery_score: float | None
    hours_asleep: float | None
    strain: float | None


@router.get("")
async def read_weekly(
    request: Request,
    member_id: UUID,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Weekly:
    """The member's last week of data."""
    records: WhoopRecords = request.app.state.records
    identifier: str = request.state.request_id
    authorization = f"Bearer {credentials.credentials}" if credentials else None
    await records.require_access(authorization, address_of(request), member_id, identifier)
    recoveries, sleeps, workouts = await asyncio.gather(
        records.newest("recoveries", Recovery, member_id, identifier),
        records.newest("sleeps", Sleep, member_id, identifier),
        records.newest("workouts", Workout, member_id, identifier),
    )
    return summarise(member_id, recoveries, sleeps, workouts)


def summarise(
    member: UUID, recoveries: list[Recovery], sleeps: list[Sleep], workouts: list[Workout]
) -> Weekly:
    """Average what lies within seven days before the newest record of any kind."""
    days = (
        [r.recorded_at for r in recoveries]
        + [s.recorded_at for s in sleeps]
        + [w.recorded_at for w in workouts]
    )
    until = max(days, default=None)
    if until is None:
        return Weekly(
            member_id=member, since=None, until=None, recovery_score=None, hours_asleep=None, strain=None
        )
    since = until - WEEK
    return Weekly(
        member_id=member,
        since=since,
        until=until,
        recovery_score=_average(r.recovery_score for r in recoveries if r.recorded_at > since),
        hours_asleep=_average(s.hours_asleep for s in sleeps if s.recorded_at > since),
        strain=_average(w.strain for w in workouts if w.recorded_at > since),
    )


def _average(numbers: Iterable[float]) -> float | None:
    found = list(numbers)
    return round(sum(found) / len(found), 2) if found else None
