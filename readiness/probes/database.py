"""What the database itself tells: where its files lie, when it calls something kept, what a new deployment put into it."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.config.keeping import Database
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.waiting import wait_until
from readiness.targets.platform import Platform, Replica, Store
from readiness.targets.target import Target

PATIENCE = 60.0
SETTINGS = """
SELECT name, setting, 'the server' FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
UNION ALL
SELECT split_part(entry, '=', 1), split_part(entry, '=', 2),
  coalesce('role ' || rolname, 'database ' || datname, 'all roles')
FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS entry
LEFT JOIN pg_roles ON pg_roles.oid = setrole LEFT JOIN pg_database ON pg_database.oid = setdatabase
WHERE split_part(entry, '=', 1) IN ('fsync', 'full_page_writes', 'synchronous_commit')
"""
PLACES = """
SELECT setting FROM pg_settings WHERE name = 'data_directory'
UNION ALL SELECT setting || '/pg_wal' FROM pg_settings WHERE name = 'data_directory'
UNION ALL SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE pg_tablespace_location(oid) <> ''
"""
NOT_LOGGED = "SELECT oid::regclass FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'"
OF_THE_SERVICE = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
RELATIONS = f"""
SELECT format('%s %s', c.relkind, c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OF_THE_SERVICE}
UNION ALL
SELECT format('constraint %s', conname) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE {OF_THE_SERVICE}
ORDER BY 1
"""
ROWS = f"""
SELECT c.oid::regclass,
(xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || c.oid::regclass, false, true, '')))[1]
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {OF_THE_SERVICE} ORDER BY 1
"""


@dataclass(frozen=True)
class Setting:
    """A setting that decides whether a crash may lose what was called kept, and for whom it is so."""

    name: str
    value: str
    of: str


@dataclass(frozen=True)
class Keeping:
    """How a database keeps what it is given. `not_logged`: tables that are empty after a crash."""

    service: str
    stores: tuple[Store, ...]
    settings: tuple[Setting, ...]
    not_logged: tuple[str, ...]

    @property
    def dangers(self) -> tuple[str, ...]:
        """Why what it keeps would be gone after a crash, or with its container."""
        return (
            *(f"{each.path} lies on {each.kind}, {each.name}" for each in self.stores if not each.outlives),
            *(f"{each.name} is off for {each.of}" for each in self.settings if each.value == "off"),
            *(f"table {name} is not logged" for name in self.not_logged),
        )


@dataclass(frozen=True)
class Contents:
    """What is in a database: its relations and constraints, the rows of each table, the migrations that were run."""

    relations: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]
    migrations: tuple[str, ...]


def declared_database(target: Target) -> Database:
    """The database of the profile. CapabilityMissing where it names none."""
    if target.profile.database is None:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say which database keeps what customers entrust (database)."
        )
    return target.profile.database


def ask_database(
    platform: Platform, database: Database, copy: Replica, statement: str
) -> tuple[tuple[str, ...], ...]:
    """The rows of a statement. CannotLook when the database refuses it, or cannot be asked."""
    ran = platform.run_inside(copy.id, [*database.ask, statement], timeout=PATIENCE)
    if ran.exit_code != 0:
        words = " ".join(ran.output.split())[-300:]
        raise CannotLook(f"database {database.service} did not answer (exit status {ran.exit_code}): {words}")
    return tuple(tuple(line.split("|")) for line in ran.output.splitlines() if line.strip())


def running_database(platform: Platform, database: Database, patience: float) -> Replica:
    """The database's copy, as soon as it can be asked; on its way there a database may answer, and go once more."""

    def asked() -> Replica | None:
        for copy in platform.replicas(database.service):
            if copy.health not in ("healthy", ""):
                continue
            try:
                ask_database(platform, database, copy, "SELECT 1")
            except CannotLook:
                continue
            return copy
        return None

    waited = wait_until(asked, bool, patience=patience, every=0.1)
    if waited.last is None:
        raise CannotLook(f"database {database.service} could not be asked within {waited.seconds:.0f} s")
    return waited.last


def look_at_keeping(target: Target) -> Keeping:
    """Where the database's files lie, and whether it waits for the disk."""
    platform, database = target.platform, declared_database(target)
    copy = running_database(platform, database, target.profile.patience.answer)
    places = [path for (path,) in ask_database(platform, database, copy, PLACES)]
    return Keeping(
        service=database.service,
        stores=tuple(platform.store(copy, path) for path in places),
        settings=tuple(Setting(*row) for row in ask_database(platform, database, copy, SETTINGS)),
        not_logged=tuple(name for (name,) in ask_database(platform, database, copy, NOT_LOGGED)),
    )


def contents_of(platform: Platform, database: Database, copy: Replica) -> Contents:
    """What is in the database now."""
    history = ask_database(platform, database, copy, database.migrations) if database.migrations else ()
    return Contents(
        relations=tuple(name for (name,) in ask_database(platform, database, copy, RELATIONS)),
        rows=tuple((table, int(rows)) for table, rows in ask_database(platform, database, copy, ROWS)),
        migrations=tuple("|".join(row) for row in history),
    )
