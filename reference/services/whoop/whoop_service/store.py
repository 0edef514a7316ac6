"""Reading and writing the records of one table; the same for members, recoveries, sleeps and workouts.

Every record belongs to a client. What belongs to another one is not there, whatever is asked of it; the
database itself holds together a client's members and their records.
"""

from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import psycopg
from fastapi import HTTPException
from prometheus_client import Counter
from psycopg import sql
from pydantic import AwareDatetime, BaseModel, ConfigDict

from whoop_service.auth import Caller
from whoop_service.database import Connection, Database
from whoop_service.pages import Page, PageQuery, Position, RecordQuery

_THEIRS = sql.SQL("id = %(id)s AND (%(client)s::text IS NULL OR client = %(client)s)")

CREATED = Counter("records_created", "Records created and committed.", ["kind"])


class Record(BaseModel):
    """What every record has."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: UUID
    recorded_at: AwareDatetime


R = TypeVar("R", bound=Record)


class Store(Generic[R]):
    """One table. `kind` is the singular, for metrics and messages; the columns are the fields of `shape`."""

    def __init__(self, kind: str, table: str, shape: type[R]) -> None:
        self.kind = kind
        self._shape = shape
        self.fields = {name: field.annotation for name, field in shape.model_fields.items()}
        self._table = sql.Identifier(table)
        self.columns = sql.SQL(", ").join(sql.Identifier(name) for name in shape.model_fields)

    async def page(self, database: Database, query: PageQuery, caller: Caller) -> Page[R]:
        """One page of the caller's records that the query asks for, newest first."""
        conditions, values = _conditions(query, caller)
        statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY recorded_at DESC, id DESC LIMIT {}").format(
            self.columns, self._table, sql.SQL(" AND ").join(conditions), sql.Placeholder()
        )

        async def work(connection: Connection) -> list[R]:
            cursor = await connection.execute(statement, [*values, query.limit + 1])
            return [self._shape(**row) for row in await cursor.fetchall()]

        found = await database.run(work)
        items = found[: query.limit]
        more = len(found) > query.limit
        last = Position(items[-1].recorded_at, items[-1].id) if more else None
        return Page(items=items, next=last.cursor() if last else None)

    async def create(self, database: Database, new: BaseModel, caller: Caller) -> R:
        """Add a record of the caller. 409 when it exists already, 422 when the member is not theirs."""
        values = {**new.model_dump(), "client": caller.client}
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            self._table,
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
            self.columns,
        )

        async def work(connection: Connection) -> R:
            cursor = await connection.execute(statement, values)
            rows = await cursor.fetchall()
            return self._shape(**rows[0])

        try:
            record = await database.run(work)
        except psycopg.errors.UniqueViolation:
            raise HTTPException(409, f"Such a {self.kind} exists already.") from None
        except psycopg.errors.ForeignKeyViolation:
            raise HTTPException(422, f"The {self.kind} belongs to a member that does not exist.") from None
        CREATED.labels(self.kind).inc()
        return record

    async def read(self, database: Database, identifier: UUID, caller: Caller) -> R:
        """One record of the caller, or 404."""
        statement = sql.SQL("SELECT {} FROM {} WHERE {}").format(self.columns, self._table, _THEIRS)

        async def work(connection: Connection) -> R | None:
            row = await (await connection.execute(statement, _theirs(identifier, caller))).fetchone()
            return self._shape(**row) if row else None

        record = await database.run(work)
        if record is None:
            raise self.missing()
        return record

    async def delete(self, database: Database, identifier: UUID, caller: Caller) -> None:
        """Remove one record of the caller, or 404."""
        statement = sql.SQL("DELETE FROM {} WHERE {}").format(self._table, _THEIRS)

        async def work(connection: Connection) -> int:
            return (await connection.execute(statement, _theirs(identifier, caller))).rowcount

        if await database.run(work) == 0:
            raise self.missing()

    def missing(self) -> HTTPException:
        """The answer for a record that is not there."""
        return HTTPException(404, f"There is no such {self.kind}.")


def _theirs(identifier: UUID, caller: Caller) -> dict[str, UUID | str | None]:
    return {"id": identifier, "client": caller.sees}


def _conditions(query: PageQuery, caller: Caller) -> tuple[list[sql.SQL], list[UUID | datetime | str]]:
    """Only the conditions that are asked for, so that each combination can use its index."""
    conditions, values = [sql.SQL("true")], list[UUID | datetime | str]()
    if caller.sees is not None:
        conditions.append(sql.SQL("client = %s"))
        values.append(caller.sees)
    if isinstance(query, RecordQuery) and query.member is not None:
        conditions.append(sql.SQL("member_id = %s"))
        values.append(query.member)
    if query.since is not None:
        conditions.append(sql.SQL("recorded_at >= %s"))
        values.append(query.since)
    if query.until is not None:
        conditions.append(sql.SQL("recorded_at < %s"))
        values.append(query.until)
    if query.position is not None:
        conditions.append(sql.SQL("(recorded_at, id) < (%s, %s)"))
        values += [query.position.recorded_at, query.position.id]
    return conditions, values
