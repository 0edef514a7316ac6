"""/v1/members/{member_id}/export: everything kept about a member, as lines of JSON, however much it is."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from service_common.problems import DependencyAway
from whoop_service.auth import Exporter
from whoop_service.connecting import POSTGRESQL
from whoop_service.context import InContext
from whoop_service.database import AWAY, Connection, Database
from whoop_service.members import STORE as MEMBERS

ROWS_AT_ONCE = 500
"""Rows that are in memory at a time."""

router = APIRouter(prefix="/v1/members/{member_id}/export", tags=["export"])

_EVERYTHING = """
SELECT jsonb_build_object('kind', kind, 'record', record)::text AS line FROM (
    SELECT 'member' AS kind, to_jsonb(m) - 'client' AS record FROM members m WHERE m.id = %(member)s
    UNION ALL
    SELECT 'recovery', to_jsonb(r) - 'client' FROM recoveries r WHERE r.member_id = %(member)s
    UNION ALL
    SELECT 'sleep', to_jsonb(s) - 'client' FROM sleeps s WHERE s.member_id = %(member)s
    UNION ALL
    SELECT 'workout', to_jsonb(w) - 'client' FROM workouts w WHERE w.member_id = %(member)s
    UNION ALL
    SELECT 'attachment', to_jsonb(a) - 'client'
    FROM attachments a JOIN workouts w ON w.id = a.workout_id WHERE w.member_id = %(member)s
) AS everything
"""


class NdjsonResponse(StreamingResponse):
    """One JSON object per line."""

    media_type = "application/x-ndjson"


@router.get("", response_class=NdjsonResponse)
async def export_member(context: InContext, caller: Exporter, member_id: UUID) -> NdjsonResponse:
    """One line per record; the last is `{"kind": "end", "records": n}`, so that a cut export is noticed."""
    await MEMBERS.read(context.database, member_id, caller)
    lines = _lines(context.database, member_id)
    try:
        first = await anext(lines)  # errors up to here are still answered as problems
    except AWAY as failure:
        raise DependencyAway(POSTGRESQL) from failure
    return NdjsonResponse(_chained(first, lines))


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _lines(database: Database, member: UUID) -> AsyncIterator[bytes]:
    count = 0
    async with database.export() as connection:
        async for lines in _batches(connection, member):
            count += len(lines)
            yield "".join(f"{line}\n" for line in lines).encode()
    yield b'{"kind": "end", "records": %d}\n' % count


async def _batches(connection: Connection, member: UUID) -> AsyncIterator[list[str]]:
    """Batches of lines from a cursor on the server's side."""
    async with connection.cursor(name="export") as cursor:
        await cursor.execute(_EVERYTHING, {"member": member})
        while rows := await cursor.fetchmany(ROWS_AT_ONCE):
            yield [row["line"] for row in rows]
