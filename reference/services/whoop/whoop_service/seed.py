"""Fill the database with a realistic set of records: `python -m whoop_service.seed --members N`.

Deterministic: the same N gives the same records. A second run changes no record; it only refreshes the keys.
"""

import argparse
import sys
import time

import psycopg
import structlog

from service_common import logs
from service_common.settings import load, read_secret
from whoop_service.connecting import conninfo
from whoop_service.scopes import Scope, former, key_hash
from whoop_service.settings import NAME, SeedSettings

DAYS = 90
DEFAULT_MEMBERS = 400
"""With DAYS days of recoveries, sleeps and workouts: 400 + 400 x 90 x 3 = 108,400 records."""

_log = structlog.get_logger()

_MEMBERS = """
INSERT INTO members (id, recorded_at, name, email)
SELECT md5('member ' || m)::uuid, timestamptz '2025-01-01' + m * interval '1 minute',
       'Athlete ' || m, 'athlete-' || m || '@example.com'
FROM generate_series(1, %(members)s) AS m
"""

# Pseudo-random but repeatable: r1 to r3 lie between 0 and 1 and depend on kind, member and day only.
_DAYS = """
WITH days AS (
    SELECT md5('member ' || m)::uuid AS member_id, md5(%(kind)s || ' ' || m || ' ' || d) AS h,
           timestamptz '2025-03-01' + d * interval '1 day' AS day
    FROM generate_series(1, %(members)s) AS m, generate_series(0, %(days)s - 1) AS d
), numbers AS (
    SELECT h::uuid AS id, member_id, day,
           ('x' || substr(h, 1, 6))::bit(24)::int / 16777215.0 AS r1,
           ('x' || substr(h, 7, 6))::bit(24)::int / 16777215.0 AS r2,
           ('x' || substr(h, 13, 6))::bit(24)::int / 16777215.0 AS r3
    FROM days
)
"""

_RECORDS = {
    "recovery": """
        INSERT INTO recoveries
            (id, member_id, recorded_at, recovery_score, resting_heart_rate, hrv_milliseconds)
        SELECT id, member_id, day + interval '7 hours',
               20 + round(r1 * 79), 42 + round(r2 * 25), 25 + round(r3 * 100, 1)
        FROM numbers
    """,
    "sleep": """
        INSERT INTO sleeps (id, member_id, recorded_at, hours_in_bed, hours_asleep, disturbances)
        SELECT id, member_id, day - interval '2 hours' + r1 * interval '3 hours', 6.5 + round(r2 * 2.5, 2),
               5 + round(r3 * 1.5, 2), round(r1 * 15)
        FROM numbers
    """,
    "workout": """
        INSERT INTO workouts (id, member_id, recorded_at, sport, strain, average_heart_rate)
        SELECT id, member_id, day + interval '9 hours' + r1 * interval '10 hours',
               (ARRAY['running', 'cycling', 'swimming', 'rowing', 'strength'])[1 + floor(r2 * 4.99)::int],
               3 + round(r3 * 16, 1), 95 + round(r2 * 75)
        FROM numbers
    """,
}


def store_keys(connection: psycopg.Connection, settings: SeedSettings) -> None:
    """Let in the partner application and insights-service with the keys that the operator has made."""
    for name, file, scopes in (
        ("partner", settings.partner_key_file, [Scope.READ, Scope.WRITE, Scope.EXPORT]),
        ("insights-service", settings.insights_key_file, [Scope.READ]),
    ):
        connection.execute("DELETE FROM api_keys WHERE name = %s", (former(name),))
        connection.execute(
            "INSERT INTO api_keys (name, client, hash, scopes) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes",
            (name, name, key_hash(read_secret(file)), [scope.value for scope in scopes]),
        )


def store_records(connection: psycopg.Connection, members: int) -> int:
    """Make the records, unless they are there already. Returns how many were made."""
    claimed = connection.execute(
        "INSERT INTO seedings (name, members) VALUES ('records', %s) ON CONFLICT DO NOTHING", (members,)
    ).rowcount
    if not claimed:
        return 0
    made = connection.execute(_MEMBERS, {"members": members}).rowcount
    for kind, insert in _RECORDS.items():
        made += connection.execute(_DAYS + insert, {"kind": kind, "members": members, "days": DAYS}).rowcount
    return made


def main() -> int:
    """Exit status 0 when keys and records are there."""
    parser = argparse.ArgumentParser(prog="python -m whoop_service.seed", description=__doc__)
    parser.add_argument("--members", type=int, default=DEFAULT_MEMBERS, help="how many (default %(default)s)")
    members = parser.parse_args().members
    settings = load(SeedSettings, f"{NAME} (seed)")
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    began = time.monotonic()
    where = conninfo(settings, "-c timezone=UTC")
    try:
        with psycopg.connect(where) as connection:
            store_keys(connection, settings)
            made = store_records(connection, members)
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("ANALYZE")
    except psycopg.Error as failure:
        _log.error("seeding failed", cause=str(failure).partition("\n")[0])
        return 1
    _log.info("seeded", records_made=made, seconds=round(time.monotonic() - began, 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
