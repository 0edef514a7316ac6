"""/v1/workouts/{workout_id}/attachments: files that belong to a workout, such as a route or a photograph.

The body of the request is the file itself; its Content-Type is kept and given back.
"""

from typing import Annotated
from uuid import UUID, uuid4

import psycopg
from fastapi import APIRouter, Header, HTTPException, Request, Response
from fastapi.responses import FileResponse
from psycopg import sql

from whoop_service.auth import MAY_READ, MAY_WRITE
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


@router.get("", dependencies=[MAY_READ])
async def list_attachments(context: InContext, workout_id: UUID) -> list[Attachment]:
    """The attachments of a workout, oldest first."""

    async def work(connection: Connection) -> list[Attachment]:
        cursor = await connection.execute(
            "SELECT * FROM attachments WHERE workout_id = %s ORDER BY recorded_at, id", (workout_id,)
        )
        return [Attachment(**row) for row in await cursor.fetchall()]

    return await context.database.run(work)


@router.post("", status_code=201, dependencies=[MAY_WRITE], openapi_extra=_A_FILE)
async def upload_attachment(
    context: InContext, workout_id: UUID, content_type: ContentType, request: Request, response: Response
) -> Attachment:
    """Add a file of at most 5 MiB. It is written to the volume as it arrives."""
    identifier = uuid4()
    stored = await context.files.write(identifier, request.stream())
    values = (identifier, workout_id, content_type, stored.size_bytes, stored.sha256)
    try:
        attachment = await _insert(context.database, values)
    except BaseException:
        await context.files.remove([identifier])
        raise
    response.headers["Location"] = f"/v1/workouts/{workout_id}/attachments/{identifier}"
    return attachment


@router.get("/{attachment_id}", response_class=FileResponse, dependencies=[MAY_READ])
async def download_attachment(context: InContext, workout_id: UUID, attachment_id: UUID) -> FileResponse:
    """The file, for saving rather than for showing in a browser."""
    attachment = await _of_workout(context, workout_id, attachment_id)
    return FileResponse(
        context.files.path(attachment_id),
        media_type=attachment.content_type,
        headers={"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"},
    )


@router.delete("/{attachment_id}", status_code=204, response_class=Response, dependencies=[MAY_WRITE])
async def delete_attachment(context: InContext, workout_id: UUID, attachment_id: UUID) -> None:
    """Remove a file."""
    await _of_workout(context, workout_id, attachment_id)
    await STORE.delete(context.database, attachment_id)
    await context.files.remove([attachment_id])


async def of_workout(database: Database, workout: UUID) -> list[UUID]:
    """The ids of a workout's attachments: their content is to be removed with it."""
    return await _ids(database, sql.SQL("SELECT id FROM attachments WHERE workout_id = %s"), workout)


async def of_member(database: Database, member: UUID) -> list[UUID]:
    """The ids of all attachments of a member: their content is to be removed with them."""
    query = "SELECT a.id FROM attachments a JOIN workouts w ON w.id = a.workout_id WHERE w.member_id = %s"
    return await _ids(database, sql.SQL(query), member)


async def _ids(database: Database, query: sql.SQL, owner: UUID) -> list[UUID]:
    async def work(connection: Connection) -> list[UUID]:
        return [row["id"] for row in await (await connection.execute(query, (owner,))).fetchall()]

    return await database.run(work)


async def _insert(database: Database, values: tuple[UUID, UUID, str, int, str]) -> Attachment:
    async def work(connection: Connection) -> Attachment:
        cursor = await connection.execute(
            "INSERT INTO attachments (id, workout_id, content_type, size_bytes, sha256)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING *",
            values,
        )
        rows = await cursor.fetchall()
        return Attachment(**rows[0])

    try:
        attachment = await database.run(work)
    except psycopg.errors.ForeignKeyViolation:
        raise HTTPException(404, "There is no such workout.") from None
    CREATED.labels(STORE.kind).inc()
    return attachment


async def _of_workout(context: Context, workout: UUID, identifier: UUID) -> Attachment:
    attachment = await STORE.read(context.database, identifier)
    if attachment.workout_id != workout:
        raise STORE.missing()
    return attachment
