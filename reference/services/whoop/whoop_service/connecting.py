"""How to connect to PostgreSQL. Imports little: programs that only do this start soon."""

from psycopg.conninfo import make_conninfo

from service_common.settings import read_secret
from whoop_service.settings import DatabaseSettings

POSTGRESQL = "PostgreSQL"
CONNECT_SECONDS = 2
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
