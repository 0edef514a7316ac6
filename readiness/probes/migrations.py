"""What a new deployment does to its empty database, seen from the database: who waits for whom, and who got in whose way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from readiness.config.keeping import Database
from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.probes.database import ask_database
from readiness.targets.platform import Platform, Replica

SLOW_COMMITS = (
    "ALTER SYSTEM SET commit_delay = 100000",
    "ALTER SYSTEM SET commit_siblings = 0",
    "SELECT pg_reload_conf()",
)
OPENED = "readiness: the gate is open"
GATE = """
SET statement_timeout = 0;
DO $$
DECLARE
  waiting int;
  first timestamptz;
BEGIN
  LOCK TABLE pg_catalog.pg_class IN SHARE MODE;
  LOOP
    PERFORM pg_sleep(0.1);
    PERFORM pg_stat_clear_snapshot();
    SELECT count(DISTINCT client_addr) INTO waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock';
    IF waiting > 0 AND first IS NULL THEN first := clock_timestamp(); END IF;
    EXIT WHEN waiting >= {copies} OR clock_timestamp() > first + interval '20 s' OR clock_timestamp() > now() + interval '50 s';
  END LOOP;
  RAISE LOG '{opened}';
END $$
"""
SHUT = "SELECT 1 FROM pg_locks WHERE relation = 'pg_catalog.pg_class'::regclass AND mode = 'ShareLock' AND granted"
IN_THE_WAY = re.compile(
    r"(ERROR|FATAL).*(already exists|duplicate key value|deadlock detected|tuple concurrently|could not serialize)"
)
LOG_LINES = 5000


@contextmanager
def gate_before_the_first_table(
    platform: Platform, database: Database, copy: Replica, copies: int
) -> Iterator[None]:
    """While this lasts nobody makes a table before so many copies of the service want to, or wait for one that does.

    Then all go on at once, and for each of them a commit takes as long as on a slow disk: copies that do not wait for each
    other get in each other's way. After the first has come, the others have 20 s. Only for databases of a copy.
    """
    for statement in SLOW_COMMITS:
        ask_database(platform, database, copy, statement)
    with ThreadPoolExecutor(1) as pool:
        gate = pool.submit(ask_database, platform, database, copy, GATE.format(copies=copies, opened=OPENED))
        shut = wait_until(
            lambda: gate.done() or ask_database(platform, database, copy, SHUT), bool, patience=10
        )
        if gate.done() or not shut.happened:
            raise CannotLook(f"nobody could be kept from making tables in the copy of {database.service}")
        yield
        gate.result()


def conflicts_of(platform: Platform, database: Database, copy: Replica) -> tuple[str, ...]:
    """What the database refused because another copy of the service had done it, or was about to. CannotLook without its log."""
    lines = platform.logs(copy.id, LOG_LINES).splitlines()
    if not any(OPENED in line for line in lines):
        raise CannotLook(f"what {database.service} logs is not among what the engine keeps of its output")
    return tuple(line.strip() for line in lines if IN_THE_WAY.search(line))
