"""Is the database there, and is its schema the one that this release needs?"""

import asyncio
import os
import sys

import psycopg
import structlog
from psycopg import AsyncConnection

from whoop_service.connecting import POSTGRESQL, conninfo
from whoop_service.settings import DatabaseSettings

REQUIRED = "0003"
"""The newest migration of this release (tests keep it true)."""

RETRY_SECONDS = 1.0

_log = structlog.get_logger()


class SchemaCheck:
    """Readiness of PostgreSQL, on a connection of its own: a busy pool is not a missing database.

    A schema newer than the required one is fine: during a release the new replicas migrate first, and
    migrations only ever add what the release before can live with.
    """

    name = POSTGRESQL
    required = True

    def __init__(self, settings: DatabaseSettings) -> None:
        self._conninfo = conninfo(settings)
        self._connection: AsyncConnection | None = None

    async def check(self) -> str | None:
        """None when the schema is new enough, otherwise what is wrong."""
        version = await self._version()
        if version is None:
            return "the schema has not been made yet"
        return None if version >= REQUIRED else f"the schema is at {version}, {REQUIRED} is required"

    async def _version(self) -> str | None:
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(self._conninfo, autocommit=True)
        try:
            cursor = await self._connection.execute("SELECT max(version_num) FROM alembic_version")
            row = await cursor.fetchone()
        except psycopg.errors.UndefinedTable:
            return None
        except psycopg.Error:
            await self._connection.close()
            raise
        return row[0] if row else None


async def ensure(check: SchemaCheck) -> None:
    """Wait for the database and migrate it when it is behind; retries for ever, so any starting order works.

    A migration that fails although the database did its part will never succeed: then the process ends, so
    that whoever rolls out this release notices, and takes it back.

    Migrating runs in a process of its own, because what it needs costs memory that serving does not.
    """
    while True:
        try:
            if await check.check() is None:
                return
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "whoop_service.migrate")
            status = await process.wait()
            if status == 0:
                continue
            if status != os.EX_TEMPFAIL:
                raise SystemExit("this release cannot bring the schema up to date")
        except psycopg.Error as failure:
            _log.warning("waiting for the database", cause=type(failure).__name__)
        await asyncio.sleep(RETRY_SECONDS)
