"""/v1/archive, /v1/members/{member_id}/archive: everything kept of a client, or of a member, to take away.

It is a ZIP file. In it, for each kind of record: `KIND.jsonl`, a JSON object per line, which programs read
without loss, and `KIND.csv` for spreadsheets (RFC 4180; no value is an empty cell, an empty text is `""`).
Then `attachments/ID`, each file as it was given, and last `manifest.json` with all counts: an archive
without it was cut. It is made while it is sent, and never held whole.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import anyio
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from psycopg import sql
from pydantic import AwareDatetime

from service_common.problems import DependencyAway
from whoop_service.attachment_files import AttachmentFiles
from whoop_service.auth import Exporter
from whoop_service.connecting import POSTGRESQL
from whoop_service.context import Context, InContext
from whoop_service.database import AWAY, Connection
from whoop_service.members import STORE as MEMBERS
from whoop_service.records import KINDS, is_text

FORMAT = 1
MANIFEST = "manifest.json"
FOLDER = "attachments/"
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 256 * 1024
QUICKLY = 1
"""Compression that costs little time; records become a fifth of their size."""

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_PATIENCE = "SET LOCAL statement_timeout = '30s'"
_GUARDED = sql.SQL("regexp_replace({}, '^(?=[=+@\\t\\r-])', '''')")
"""Spreadsheets take a text that begins so for a formula, and one with an apostrophe before it for a text."""

router = APIRouter(tags=["export"])


class Zip(StreamingResponse):
    """A ZIP file for saving."""

    media_type = "application/zip"


@router.get("/v1/archive", response_class=Zip)
async def export_everything(context: InContext, caller: Exporter) -> Zip:
    """Everything kept of the caller's client."""
    return await _answer(context, sql.SQL("client = {}").format(sql.Literal(caller.client)), {})


@router.get("/v1/members/{member_id}/archive", response_class=Zip)
async def export_of_member(context: InContext, caller: Exporter, member_id: UUID) -> Zip:
    """Everything kept of a member."""
    await MEMBERS.read(context.database, member_id, caller)
    conditions = {table: whose.format(member=sql.Literal(member_id)) for table, (_, whose) in KINDS.items()}
    return await _answer(context, sql.SQL("true"), conditions)


async def _answer(context: Context, everywhere: sql.Composable, conditions: dict[str, sql.Composed]) -> Zip:
    pieces = _pieces(context, {table: conditions.get(table, everywhere) for table in KINDS})
    try:
        first = await anext(pieces)  # errors up to here are still answered as problems
    except AWAY as failure:
        raise DependencyAway(POSTGRESQL) from failure
    headers = {"Content-Disposition": 'attachment; filename="archive.zip"'}
    return Zip(_chained(first, pieces), headers=headers)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


class _Outgoing:
    """What was written and not sent yet. It cannot go back: sizes are written behind what they are of."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def taken(self) -> bytes:
        """All that is there; it is gone from here then."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def _pieces(context: Context, whose: dict[str, sql.Composable]) -> AsyncIterator[bytes]:
    outgoing, counts = _Outgoing(), dict[str, int]()
    async with context.database.export() as connection:
        await connection.execute(_SNAPSHOT)
        await connection.execute(_PATIENCE)
        with ZipFile(outgoing, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as archive:
            for table, condition in whose.items():
                for ending, head, row in (("jsonl", "", _as_json()), ("csv", _head(table), _as_csv(table))):
                    counts[table] = 0
                    with archive.open(_entry(f"{table}.{ending}"), "w", force_zip64=True) as file:
                        file.write(head.encode())
                        async for lines in _batches(connection, table, row, condition):
                            counts[table] += len(lines)
                            file.write("".join(f"{line}\n" for line in lines).encode())
                            yield outgoing.taken()
            missing = list[str]()
            async for piece in _files(connection, context.files, archive, whose["attachments"], missing):
                yield outgoing.taken() + piece
            manifest = {"format": FORMAT, "records": counts, "missing_attachments": missing}
            archive.writestr(_entry(MANIFEST), json.dumps(manifest, indent=1))
    yield outgoing.taken()


async def _files(
    connection: Connection,
    files: AttachmentFiles,
    archive: ZipFile,
    condition: sql.Composable,
    missing: list[str],
) -> AsyncIterator[bytes]:
    """Put the content of attachments into the archive; yields nothing, as often as something was written."""
    async for identifiers in _batches(connection, "attachments", sql.SQL("t.id::text"), condition):
        for identifier in identifiers:
            try:
                content = await anyio.open_file(files.path(UUID(identifier)), "rb")
            except FileNotFoundError:
                missing.append(identifier)
                continue
            async with content:
                with archive.open(_entry(FOLDER + identifier, ZIP_STORED), "w") as file:
                    while piece := await content.read(BYTES_AT_ONCE):
                        file.write(piece)
                        yield b""


def _entry(name: str, how: int = ZIP_DEFLATED) -> ZipInfo:
    """An entry without a time of its own: the same records make the same archive."""
    entry = ZipInfo(name)
    entry.compress_type = how
    return entry


def _as_json() -> sql.SQL:
    return sql.SQL("(to_jsonb(t) - 'client')::text")


def _head(table: str) -> str:
    return ",".join(KINDS[table][0].fields) + "\r\n"


def _as_csv(table: str) -> sql.Composed:
    """A row of the table as a line of cells."""
    return sql.SQL(" || ',' || ").join(
        _cell(sql.SQL("t.{}").format(sql.Identifier(name)), kind)
        for name, kind in KINDS[table][0].fields.items()
    ) + sql.SQL(" || E'\\r'")


def _cell(column: sql.Composed, kind: Any) -> sql.Composed:
    if is_text(kind):
        guarded = _GUARDED.format(column)
        return sql.SQL("""coalesce('"' || replace({}, '"', '""') || '"', '')""").format(guarded)
    if kind in (datetime, AwareDatetime):
        return sql.SQL("""to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""").format(column)
    return sql.SQL("coalesce({}::text, '')").format(column)


async def _batches(
    connection: Connection, table: str, row: sql.Composable, condition: sql.Composable
) -> AsyncIterator[list[str]]:
    """Batches of lines from a cursor on the server's side."""
    statement = sql.SQL("SELECT {} AS line FROM {} t WHERE {} ORDER BY recorded_at, id").format(
        row, sql.Identifier(table), condition
    )
    async with connection.cursor(name="archive") as cursor:
        await cursor.execute(statement)
        while rows := await cursor.fetchmany(ROWS_AT_ONCE):
            yield [row["line"] for row in rows]
