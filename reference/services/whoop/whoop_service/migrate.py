"""Bring the schema up to date: `python -m whoop_service.migrate`. Safe at any time, also several at once."""

import os
import sys

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from service_common import logs
from service_common.settings import load
from whoop_service.connecting import conninfo
from whoop_service.settings import NAME, DatabaseSettings

ADVISORY_LOCK = 7_406_105_001
"""One migration at a time on a database; freed by the server when its holder is gone."""

_log = structlog.get_logger()


def migrate(settings: DatabaseSettings) -> None:
    """Run the missing migrations, or none. Raises SQLAlchemyError."""
    where = conninfo(settings, "-c timezone=UTC -c lock_timeout=30s", to_migrate=True)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(where), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        config = Config()
        config.set_main_option("script_location", "whoop_service:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def main() -> int:
    """Exit status 0 when the schema is up to date, EX_TEMPFAIL when the database could not do its part."""
    settings = load(DatabaseSettings, f"{NAME} (migrate)")
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    try:
        migrate(settings)
    except SQLAlchemyError as failure:
        _log.error("the schema could not be brought up to date", cause=str(failure).partition("\n")[0])
        return os.EX_TEMPFAIL if isinstance(failure, OperationalError) else 1
    _log.info("the schema is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
