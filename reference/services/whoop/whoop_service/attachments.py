"""/v1/workouts/{workout_id}/attachments: files that belong to a workout, such as a route or a photograph.

The body of the request is the file itself; its Content-Type is kept and given back.
"""

from typing import Annotated
from uuid import UUID, uuid4

import psycopg
from fastapi import APIRouter, Header, HTTPException, Request, Response
from fastapi.responses import FileResponse
from psycopg import sql

from whoop_service.auth import Caller, Reader, Writer
from whoop_service.context import Context, InContext
from whoop_service.database import Connection, Database
from whoop_service.store import CREATED, Record, Store

LARGEST_BYTES = 5 * 1024 * 1024

_A_FILE = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"format": "binary"}}}}}
_CONTENT_TYPE = r"^[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*$"
ContentType = Annotated[str, Header(max_length=100, pattern=_CONTENT_TYPE)]


class Attachment(Record):
    """What is known of a file."""

    workout_id: UUID
    content_type: str
    size_bytes: int
    sha256: str


STORE = Store("attachment", "attachments", Attachment)
router = APIRouter(prefix="/v1/workouts/{workout_id}/attachments", tags=["attachments"])

_OF_WORKOUT = sql.SQL("SELECT {} FROM attachments WHERE workout_id = %s ORDER BY recorded_at, id").format(
    STORE.columns
)
_INSERT = sql.SQL(
    "INSERT INTO attachments (id, workout_id, client, content_type, size_bytes, sha256)"
    " VALUES (%s, %s, %s, %s, %s, %s) RETURNING {}"
).format(STORE.columns)
_IS_THERE = "SELECT FROM workouts WHERE id = %(id)s AND (%(client)s::text IS NULL OR client = %(client)s)"


@router.get("")
async def list_attachments(context: InContext, caller: Reader, workout_id: UUID) -> list[Attachment]:
    """The attachments of a workout, oldest first."""
    await _require_workout(context.database, workout_id, caller)

    async def work(connection: Connection) -> list[Attachment]:
        cursor = await connection.execute(_OF_WORKOUT, (workout_id,))
        return [Attachment(**row) for row in await cursor.fetchall()]

    return await context.database.run(work)


@router.post("", status_code=201, openapi_extra=_A_FILE)
async def upload_attachment(
    context: InContext,
    caller: Writer,
    workout_id: UUID,
    content_type: ContentType,
    request: Request,
    response: Response,
) -> Attachment:
    """Add a file of at most 5 MiB. It is written to the volume as it arrives."""
    await _require_workout(context.database, workout_id, caller)
    identifier = uuid4()
    stored = await context.files.write(identifier, request.stream())
    values = (identifier, workout_id, caller.client, content_type, stored.size_bytes, stored.sha256)
    try:
        attachment = await _insert(context.database, values)
    except BaseException:
        await context.files.remove([identifier])
        raise
    response.headers["Location"] = f"/v1/workouts/{workout_id}/attachments/{identifier}"
    return attachment


@router.get("/{attachment_id}", response_class=FileResponse)
async def download_attachment(
    context: InContext, caller: Reader, workout_id: UUID, attachment_id: UUID
) -> FileResponse:
    """The file, for saving rather than for showing in a browser."""
    attachment = await _of_workout(context, workout_id, attachment_id, caller)
    return FileResponse(
        context.files.path(attachment_id),
        media_type=attachment.content_type,
        headers={"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"},
    )


@router.delete("/{attachment_id}", status_code=204, response_class=Response)
async def delete_attachment(
    context: InContext, caller: Writer, workout_id: UUID, attachment_id: UUID
) -> None:
    """Remove a file."""
    await _of_workout(context, workout_id, attachment_id, caller)
    await STORE.delete(context.database, attachment_id, caller)
    await context.files.remove([attachment_id])


async def of_workout(database: Database, workout: UUID, caller: Caller) -> list[UUID]:
    """The ids of the attachments of a caller's workout: their content is to be removed with it."""
    return await _ids(database, sql.SQL("a.workout_id = %(id)s"), workout, caller)


async def of_member(database: Database, member: UUID, caller: Caller) -> list[UUID]:
    """The ids of all attachments of a caller's member: their content is to be removed with them."""
    return await _ids(database, sql.SQL("w.member_id = %(id)s"), member, caller)


async def _ids(database: Database, condition: sql.SQL, owner: UUID, caller: Caller) -> list[UUID]:
    query = sql.SQL(
        "SELECT a.id FROM attachments a JOIN workouts w ON w.id = a.workout_id"
        " WHERE {} AND (%(client)s::text IS NULL OR a.client = %(client)s)"
    ).format(condition)

    async def work(connection: Connection) -> list[UUID]:
        cursor = await connection.execute(query, {"id": owner, "client": caller.sees})
        return [row["id"] for row in await cursor.fetchall()]

    return await database.run(work)


async def _insert(database: Database, values: tuple[UUID, UUID, str, str, int, str]) -> Attachment:
    async def work(connection: Connection) -> Attachment:
        rows = await (await connection.execute(_INSERT, values)).fetchall()
        return Attachment(**rows[0])

    try:
        return await database.run(work, lambda _: CREATED.labels(STORE.kind).inc())
    except psycopg.errors.ForeignKeyViolation:
        raise _no_such_workout() from None


async def _require_workout(database: Database, workout: UUID, caller: Caller) -> None:
    """404 unless the workout is one of the caller's."""

    async def work(connection: Connection) -> bool:
        cursor = await connection.execute(_IS_THERE, {"id": workout, "client": caller.sees})
        return await cursor.fetchone() is not None

    if not await database.run(work):
        raise _no_such_workout()


def _no_such_workout() -> HTTPException:
    return HTTPException(404, "There is no such workout.")


async def _of_workout(context: Context, workout: UUID, identifier: UUID, caller: Caller) -> Attachment:
    attachment = await STORE.read(context.database, identifier, caller)
    if attachment.workout_id != workout:
        raise STORE.missing()
    return attachment
