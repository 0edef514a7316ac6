"""PostgreSQL: short transactions from a small pool, long reads from another, and nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from service_common.problems import DependencyAway
from whoop_service.connecting import CONNECT_SECONDS, POSTGRESQL, conninfo
from whoop_service.settings import Settings

POOL_WAIT_SECONDS = 2.0
DEADLINE_SECONDS = 4.0
"""Longest that a caller waits for a transaction, whatever the database does."""

EXPORTS_AT_ONCE = 2

_NAME = "SELECT set_config('application_name', %s, true)"

Connection = AsyncConnection[DictRow]
T = TypeVar("T")

AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,  # not migrated yet
    psycopg.errors.ReadOnlySqlTransaction,  # connected to a standby while a failover is under way
)


class Database:
    """The pools of one replica: POOL_MAX + EXPORTS_AT_ONCE connections; the schema check has one more."""

    def __init__(self, settings: Settings) -> None:
        self._instance = settings.instance
        self._requests = self._pool(settings, "requests", 1, settings.pool_max)
        self._exports = self._pool(settings, "exports", 0, EXPORTS_AT_ONCE)

    def _pool(self, settings: Settings, name: str, least: int, most: int) -> AsyncConnectionPool[Connection]:
        return AsyncConnectionPool(
            conninfo(settings),
            connection_class=AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row},
            name=name,
            min_size=least,
            max_size=most,
            timeout=POOL_WAIT_SECONDS,
            reconnect_timeout=CONNECT_SECONDS,  # give up early, so that the next request tries afresh
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        """Start connecting; does not wait for the database to be there."""
        await self._requests.open(wait=False)
        await self._exports.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        await self._requests.close()
        await self._exports.close()

    async def run(
        self, work: Callable[[Connection], Awaitable[T]], committed: Callable[[T], None] | None = None
    ) -> T:
        """Do `work` in one transaction, committed when this returns. DependencyAway when it takes too long.

        `committed` is told the result once it is committed, even if nobody waits for it any more.

        The transaction is a task of its own, because cancelling a statement waits for the server: a frozen
        server would hold its callers. Such a task ends by itself when the server or the network does.
        """
        task = asyncio.create_task(self._transaction(work, committed))
        task.add_done_callback(_forget)
        await asyncio.wait({task}, timeout=DEADLINE_SECONDS)
        if not task.done():
            raise DependencyAway(POSTGRESQL)
        try:
            return task.result()
        except AWAY as failure:
            raise DependencyAway(POSTGRESQL) from failure

    async def _transaction(
        self, work: Callable[[Connection], Awaitable[T]], committed: Callable[[T], None] | None
    ) -> T:
        async with self._requests.connection() as connection:
            await self._name_the_request(connection)
            result = await work(connection)
        if committed is not None:
            committed(result)
        return result

    async def _name_the_request(self, connection: Connection) -> None:
        """Tell the server for which request this transaction is: its log has the name on every line."""
        request = structlog.contextvars.get_contextvars().get("request_id")
        if request:
            await connection.execute(_NAME, [f"{self._instance} {request}"])

    @asynccontextmanager
    async def export(self) -> AsyncIterator[Connection]:
        """A connection for a long read, from a pool of its own: slow readers never starve other requests."""
        async with self._exports.connection() as connection:
            await self._name_the_request(connection)
            yield connection


def _forget(task: asyncio.Task[T]) -> None:
    """Look at the outcome of a task whose caller has stopped waiting, so that nothing complains about it."""
    if not task.cancelled():
        task.exception()
