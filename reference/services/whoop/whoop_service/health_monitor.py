"""/v1/members/{member_id}/health-monitor: the days on which a member was not as usual."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from whoop_service.auth import Reader
from whoop_service.context import InContext
from whoop_service.database import Connection
from whoop_service.members import STORE as MEMBERS

LONGEST_DAYS = 90
"""How far back from a member's last day we look."""

BASELINE_DAYS, LEAST_DAYS = 30, 7
"""A day is compared with so many days before it, and with no fewer than the least."""

USUAL_DEVIATIONS = 2.0

router = APIRouter(prefix="/v1/members/{member_id}/health-monitor", tags=["members"])

_DAYS = """
WITH measured AS (
    SELECT recorded_at::date AS day, metric, value FROM recoveries, LATERAL (VALUES
        ('recovery_score', recovery_score::float8),
        ('resting_heart_rate', resting_heart_rate),
        ('hrv_milliseconds', hrv_milliseconds)
    ) AS each (metric, value) WHERE member_id = %(member)s
    UNION ALL
    SELECT recorded_at::date, 'hours_asleep', hours_asleep FROM sleeps WHERE member_id = %(member)s
    UNION ALL
    SELECT recorded_at::date, 'strain', strain FROM workouts WHERE member_id = %(member)s
)
SELECT metric, day, avg(value) AS value FROM measured
WHERE day > (SELECT max(day) FROM measured) - %(days)s
GROUP BY metric, day ORDER BY metric, day
"""


class Deviation(BaseModel):
    """A day's mean that lay outside the range of the days before it."""

    day: date
    metric: str
    value: float
    usual_from: float
    usual_to: float


class HealthMonitor(BaseModel):
    """What was looked at, and what was unusual, oldest first."""

    member_id: UUID
    days_compared: int = Field(description="Days of all metrics that had enough days before them.")
    deviations: list[Deviation]


@dataclass(frozen=True)
class Day:
    """The mean of one metric on one day."""

    metric: str
    day: date
    value: float


@router.get("")
async def monitor_member(context: InContext, caller: Reader, member_id: UUID) -> HealthMonitor:
    """Each of the last 90 days compared with the 30 before it; unusual is what lies two deviations away."""
    await MEMBERS.read(context.database, member_id, caller)

    async def work(connection: Connection) -> list[Day]:
        cursor = await connection.execute(_DAYS, {"member": member_id, "days": LONGEST_DAYS})
        return [Day(**row) for row in await cursor.fetchall()]

    days = await context.database.run(work)
    return await run_in_threadpool(compare, member_id, days)  # other callers are answered meanwhile


def compare(member: UUID, days: Sequence[Day]) -> HealthMonitor:
    """The days, ordered by metric and time, each against those before it."""
    compared = [pair for metric in _by_metric(days) for pair in _with_days_before(metric)]
    found = [deviation for day, before in compared if (deviation := _deviation(day, before))]
    return HealthMonitor(
        member_id=member,
        days_compared=len(compared),
        deviations=sorted(found, key=lambda each: (each.day, each.metric)),
    )


def _by_metric(days: Sequence[Day]) -> list[list[Day]]:
    metrics = dict.fromkeys(each.metric for each in days)
    return [[each for each in days if each.metric == metric] for metric in metrics]


def _with_days_before(days: Sequence[Day]) -> Iterator[tuple[Day, list[float]]]:
    for index in range(LEAST_DAYS, len(days)):
        yield days[index], [each.value for each in days[max(0, index - BASELINE_DAYS) : index]]


def _deviation(day: Day, before: Sequence[float]) -> Deviation | None:
    mean, spread = fmean(before), USUAL_DEVIATIONS * stdev(before)
    if abs(day.value - mean) <= spread:
        return None
    return Deviation(
        day=day.day, metric=day.metric, value=day.value, usual_from=mean - spread, usual_to=mean + spread
    )
