"""How to connect to PostgreSQL. Imports little: programs that only do this start soon."""

from psycopg.conninfo import make_conninfo

from service_common.settings import read_secret
from whoop_service.settings import DatabaseSettings

POSTGRESQL = "PostgreSQL"
CONNECT_SECONDS = 2
SHORT_WORK = "-c timezone=UTC -c statement_timeout=3s -c idle_in_transaction_session_timeout=60s"


def conninfo(settings: DatabaseSettings, options: str = SHORT_WORK) -> str:
    """The connection string for libpq; a peer that is silently gone is noticed after about four seconds."""
    return make_conninfo(
        host=settings.database_host,
        port=settings.database_port,
        dbname=settings.database_name,
        user=settings.database_user,
        password=read_secret(settings.database_password_file),
        application_name=settings.instance,
        connect_timeout=CONNECT_SECONDS,
        tcp_user_timeout=4000,
        keepalives_idle=2,
        keepalives_interval=1,
        keepalives_count=3,
        options=options,
    )
