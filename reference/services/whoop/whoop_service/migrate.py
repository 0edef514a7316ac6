"""Change the schema: `python -m whoop_service.migrate [--undo]`. Safe at any time, also several at once.

Customers work meanwhile. Whoever changes a table has to wait for everybody who uses it, and everybody who
comes later waits behind him, so he gives up soon, lets them by, and tries again.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from service_common import logs
from service_common.settings import load
from whoop_service.connecting import conninfo
from whoop_service.settings import NAME, DatabaseSettings

ADVISORY_LOCK = 7_406_105_001
"""One migration at a time on a database; freed by the server when its holder is gone."""

TURN = "30s"
"""How long one migration waits for another one."""

LOCK_MILLISECONDS = 300
"""Longest that customers are kept waiting behind a migration that does not get its table."""

BETWEEN_SECONDS = 1.0
TRIES = 60

_log = structlog.get_logger()


def migrate(settings: DatabaseSettings, *, undo: bool = False) -> None:
    """Run the missing migrations, or none; `undo`: take the newest back. Raises SQLAlchemyError."""
    where = conninfo(settings, f"-c timezone=UTC -c lock_timeout={TURN}", to_migrate=True)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(where), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(f"SET lock_timeout = {LOCK_MILLISECONDS}"))
        connection.commit()
        config = Config()
        config.set_main_option("script_location", "whoop_service:migrations")
        config.attributes["connection"] = connection
        _patiently(
            connection, lambda: command.downgrade(config, "-1") if undo else command.upgrade(config, "head")
        )


def _patiently(connection: Connection, change: Callable[[], None]) -> None:
    """Try again where a table was in use for too long. Each migration is one transaction."""
    for _ in range(TRIES - 1):
        try:
            change()
        except DBAPIError as failure:
            if not isinstance(failure.orig, psycopg.errors.LockNotAvailable):
                raise
            connection.rollback()
            _log.info("a table is in use; trying again", seconds=BETWEEN_SECONDS)
            time.sleep(BETWEEN_SECONDS)
        else:
            return
    change()


def main() -> int:
    """Exit status 0 when it was done, EX_TEMPFAIL when the database could not do its part."""
    parser = argparse.ArgumentParser(prog="python -m whoop_service.migrate", description=__doc__)
    parser.add_argument("--undo", action="store_true", help="take the newest migration back")
    undo = parser.parse_args().undo
    settings = load(DatabaseSettings, f"{NAME} (migrate)")
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    try:
        migrate(settings, undo=undo)
    except SQLAlchemyError as failure:
        _log.error("the schema could not be changed", cause=str(failure).partition("\n")[0])
        return os.EX_TEMPFAIL if isinstance(failure, OperationalError) else 1
    _log.info("the newest migration was taken back" if undo else "the schema is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
