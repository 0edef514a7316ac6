"""PostgreSQL: short transactions from a small pool, long reads from another, and nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from service_common.problems import DependencyAway
from service_common.settings import read_secret
from whoop_service.settings import DatabaseSettings, Settings

POSTGRESQL = "PostgreSQL"
CONNECT_SECONDS = 2
POOL_WAIT_SECONDS = 2.0
DEADLINE_SECONDS = 4.0
"""Longest that a caller waits for a transaction, whatever the database does."""

EXPORTS_AT_ONCE = 2

Connection = AsyncConnection[DictRow]
T = TypeVar("T")

AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,  # not migrated yet
    psycopg.errors.ReadOnlySqlTransaction,  # connected to a standby while a failover is under way
)


SHORT_WORK = "-c timezone=UTC -c statement_timeout=3s -c idle_in_transaction_session_timeout=60s"


def conninfo(settings: DatabaseSettings, options: str = SHORT_WORK, *, to_migrate: bool = False) -> str:
    """The connection string for libpq; a peer that is silently gone is noticed after about four seconds."""
    user, password = settings.database_user, settings.database_password_file
    if to_migrate and settings.migration_user and settings.migration_password_file:
        user, password = settings.migration_user, settings.migration_password_file
    return make_conninfo(
        host=settings.database_host,
        port=settings.database_port,
        dbname=settings.database_name,
        user=user,
        password=read_secret(password),
        application_name=settings.instance,
        connect_timeout=CONNECT_SECONDS,
        tcp_user_timeout=4000,
        keepalives_idle=2,
        keepalives_interval=1,
        keepalives_count=3,
        options=options,
    )


class Database:
    """The pools of one replica: POOL_MAX + EXPORTS_AT_ONCE connections; the schema check has one more."""

    def __init__(self, settings: Settings) -> None:
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

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do `work` in one transaction, committed when this returns. DependencyAway when it takes too long.

        The transaction is a task of its own, because cancelling a statement waits for the server: a frozen
        server would hold its callers. Such a task ends by itself when the server or the network does.
        """
        task = asyncio.create_task(self._transaction(work))
        task.add_done_callback(_forget)
        await asyncio.wait({task}, timeout=DEADLINE_SECONDS)
        if not task.done():
            raise DependencyAway(POSTGRESQL)
        try:
            return task.result()
        except AWAY as failure:
            raise DependencyAway(POSTGRESQL) from failure

    async def _transaction(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        async with self._requests.connection() as connection:
            return await work(connection)

    @asynccontextmanager
    async def export(self) -> AsyncIterator[Connection]:
        """A connection for a long read, from a pool of its own: slow readers never starve other requests."""
        async with self._exports.connection() as connection:
            yield connection


def _forget(task: asyncio.Task[T]) -> None:
    """Look at the outcome of a task whose caller has stopped waiting, so that nothing complains about it."""
    if not task.cancelled():
        task.exception()
