"""The structure of a database's data while it is changed: what it is, what is in it, who is kept waiting, and sudden deaths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from readiness.config.keeping import Database
from readiness.core.errors import CannotLook
from readiness.core.waiting import wait_until
from readiness.probes.database import OF_THE_SERVICE, RELATIONS, ask_database
from readiness.targets.platform import Platform, Replica

COLUMNS = f"""
SELECT format('column %s.%s %s%s %s', a.attrelid::regclass, attname, format_type(atttypid, atttypmod),
  CASE WHEN attnotnull THEN ' not null' ELSE '' END, coalesce(pg_get_expr(adbin, adrelid), ''))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND attnum > 0 AND NOT attisdropped AND {OF_THE_SERVICE} ORDER BY 1
"""
VALIDITY = f"""
SELECT format('%s %s', CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END, pg_get_indexdef(indexrelid))
FROM pg_index JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OF_THE_SERVICE}
UNION ALL
SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(p.oid))
FROM pg_constraint p JOIN pg_namespace n ON n.oid = connamespace WHERE {OF_THE_SERVICE} ORDER BY 1
"""
TABLES = f"""
SELECT c.oid::regclass, pg_relation_filenode(c.oid),
  (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute
   WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {OF_THE_SERVICE} ORDER BY 1
"""
CONTENT = "SELECT '{name}', count(*), coalesce(sum(hashtextextended(ROW({columns})::text, 0)), 0) FROM {name}"
GATE = 7406105077  # an advisory lock: while the probe can share it, it goes on
EVERYBODY_NEEDS = f"""
DO $$
DECLARE
  name text;
  began timestamptz;
  waited float;
  longest float := 0;
  longest_at text := '';
  looks int := 0;
BEGIN
  LOOP
    EXIT WHEN NOT pg_try_advisory_xact_lock_shared({GATE});
    COMMIT;
    FOR name IN SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND {OF_THE_SERVICE}
    LOOP
      began := clock_timestamp();
      BEGIN
        EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', name);
      EXCEPTION WHEN undefined_table THEN NULL;
      END;
      waited := extract(epoch FROM clock_timestamp() - began);
      IF waited > longest THEN longest := waited; longest_at := name; END IF;
      looks := looks + 1;
      COMMIT;
    END LOOP;
    PERFORM pg_sleep(0.02);
    COMMIT;
  END LOOP;
  RAISE NOTICE 'readiness: waited % at % in %', longest, longest_at, looks;
END $$
"""
STOP = f"SELECT pg_advisory_lock({GATE}), pg_sleep(3)"
WAITED = re.compile(r"readiness: waited ([\d.e-]+) at (\S*) in (\d+)")
READ_LONG = f"""
DO $$
DECLARE
  name text;
  first timestamptz;
BEGIN
  FOR name IN SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND {OF_THE_SERVICE}
  LOOP
    EXECUTE format('LOCK TABLE %s IN ACCESS SHARE MODE', name);
  END LOOP;
  LOOP
    PERFORM pg_sleep(0.05);
    PERFORM pg_stat_clear_snapshot();
    IF first IS NULL AND EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation') THEN
      first := clock_timestamp();
    END IF;
    EXIT WHEN clock_timestamp() > first + interval '3 s' OR clock_timestamp() > now() + interval '25 s';
  END LOOP;
END $$
"""
READING = f"""
SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.mode = 'AccessShareLock' AND l.granted AND l.pid IN
  (SELECT pid FROM pg_stat_activity WHERE query LIKE '%ACCESS SHARE MODE%' AND pid <> pg_backend_pid()) AND {OF_THE_SERVICE}
"""
MORTAL = """
CREATE SCHEMA readiness;
CREATE FUNCTION readiness.die() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
  done int := coalesce(nullif(current_setting('readiness.done', true), ''), '0')::int + 1;
BEGIN
  PERFORM set_config('readiness.done', done::text, false);
  IF done >= {after} THEN
    RAISE LOG 'readiness: died after % changes', done;
    PERFORM pg_terminate_backend(pg_backend_pid());
    PERFORM pg_sleep(1);
  END IF;
END $$;
GRANT USAGE ON SCHEMA readiness TO public;
CREATE EVENT TRIGGER readiness_death ON ddl_command_end EXECUTE FUNCTION readiness.die();
"""
IMMORTAL = ("DROP EVENT TRIGGER readiness_death", "DROP SCHEMA readiness CASCADE")


@dataclass(frozen=True)
class Table:
    """A table: the file that it is in, and its columns, in words of SQL."""

    name: str
    file: str
    columns: str


@dataclass(frozen=True)
class Structure:
    """All that is declared in a database, and which migrations were run."""

    declared: tuple[str, ...]
    migrations: tuple[str, ...]


@dataclass
class Waited:
    """The longest that somebody who writes was kept waiting for a table, in seconds, in so many `looks`."""

    seconds: float = 0.0
    table: str = ""
    looks: int = 0


class DatabaseOfCopy:
    """The database of a copy of the deployment, where anything may be tried."""

    def __init__(self, platform: Platform, database: Database, keeper: Replica) -> None:
        self._platform, self._database, self._keeper = platform, database, keeper

    def ask(self, statement: str) -> tuple[tuple[str, ...], ...]:
        """The rows of a statement."""
        return ask_database(self._platform, self._database, self._keeper, statement)

    def _told(self, statement: str) -> tuple[tuple[str, ...], ...]:
        """The rows of a statement that has some. An engine under load now and then loses what a command said: asked again."""
        return wait_until(lambda: self.ask(statement), bool, patience=20).last

    def structure(self) -> Structure:
        """What is declared now."""
        declared = [row for statement in (RELATIONS, COLUMNS, VALIDITY) for row in self._told(statement)]
        history = self._told(self._database.migrations) if self._database.migrations else ()
        return Structure(
            tuple(sorted("|".join(row) for row in declared)), tuple("|".join(row) for row in history)
        )

    def tables(self) -> tuple[Table, ...]:
        """All tables now."""
        return tuple(Table(*row) for row in self._told(TABLES))

    def content(self, tables: tuple[Table, ...]) -> Mapping[str, str]:
        """Of each table, the number of rows and a checksum over these columns that does not depend on their order."""
        asked = {table.name: CONTENT.format(name=table.name, columns=table.columns) for table in tables}
        try:
            return self._counted(" UNION ALL ".join(asked.values()), len(asked))
        except CannotLook:
            return {name: self._counted_alone(name, statement) for name, statement in asked.items()}

    def _counted_alone(self, name: str, statement: str) -> str:
        try:
            return self._counted(statement, 1)[name]
        except CannotLook as problem:
            return f"cannot be read as before: {problem}"

    def _counted(self, statement: str, tables: int) -> Mapping[str, str]:
        """The answer has to be whole."""
        asked = wait_until(lambda: self.ask(statement), lambda rows: len(rows) == tables, patience=20)
        if not asked.happened:
            raise CannotLook(f"the database told of {len(asked.last)} tables instead of {tables}")
        return {name: f"{rows} rows, checksum {checksum}" for name, rows, checksum in asked.last}

    @contextmanager
    def watching_for_waits(self) -> Iterator[Waited]:
        """Meanwhile somebody wants to write to each table again and again, and how long it kept him waiting is noted."""
        waited = Waited()
        with ThreadPoolExecutor(1) as pool:
            probe = pool.submit(
                self._platform.run_inside,
                self._keeper.id,
                [*self._database.ask, EVERYBODY_NEEDS],
                timeout=180,
            )
            try:
                yield waited
            finally:
                self.ask(STOP)
            output = probe.result().output
        found = WAITED.search(output)
        if found is None:
            raise CannotLook(
                f"nobody could try how long a table keeps waiting: {' '.join(output.split())[-300:]}"
            )
        waited.seconds, waited.table, waited.looks = float(found[1]), found[2], int(found[3])

    @contextmanager
    def long_reading(self) -> Iterator[None]:
        """Meanwhile somebody reads all tables in one go, until 3 s after somebody else waited for one, or for 25 s."""
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(self.ask, READ_LONG)
            self._require_reading(reading)
            yield
            reading.result()

    def _require_reading(self, reading: Future[tuple[tuple[str, ...], ...]]) -> None:
        began = wait_until(lambda: reading.done() or self.ask(READING), bool, patience=10, every=0.1)
        if reading.done() or not began.happened:
            raise CannotLook("nobody could read all tables of the copy in one go")

    @contextmanager
    def dying(self, after: int) -> Iterator[None]:
        """Meanwhile every connection dies right after it has changed the structure that many times."""
        self.ask(MORTAL.format(after=after))
        try:
            yield
        finally:
            for statement in IMMORTAL:
                self.ask(statement)
