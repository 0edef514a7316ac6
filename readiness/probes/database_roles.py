"""Who may log in to the database, and what the database refuses them: they try, and nothing of it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.config.keeping import Database, LogIn, Role
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.probes.database import ask_database, declared_database, running_database
from readiness.probes.known_secrets import known_secrets
from readiness.targets.platform import Platform, Ran, Replica
from readiness.targets.target import Target

PATIENCE = 30.0
REFUSED, DONE = "42501", "RDY00"  # insufficient privilege; it was done, and is rolled back
TOLD = re.compile(r"readiness (\d+) (\w{5})")
ALL_TRIES = """DO $readiness$
DECLARE one text; number int := 0;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true);
  FOREACH one IN ARRAY ARRAY[{statements}] LOOP
    number := number + 1;
    BEGIN
      EXECUTE one;
      RAISE EXCEPTION USING ERRCODE = '{done}';
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE 'readiness % %', number, SQLSTATE;
    END;
  END LOOP;
END $readiness$"""
MAY_LOG_IN = "SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1"
POWERFUL = """
SELECT rolname FROM pg_roles r WHERE rolname !~ '^pg_' AND (rolsuper
  OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
  OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE relowner = r.oid AND nspname NOT IN ('pg_catalog', 'information_schema'))
  OR EXISTS (SELECT FROM pg_database WHERE datdba = r.oid)) ORDER BY 1
"""
TABLES = """
SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
CONNECTED = """
SELECT DISTINCT usename FROM pg_stat_activity
WHERE backend_type = 'client backend' AND client_addr <> '127.0.0.1' AND client_addr <> '::1' ORDER BY 1
"""
SERVER = (
    ("make a role", "CREATE ROLE readiness_nobody"),
    ("make itself an administrator", "ALTER ROLE CURRENT_USER SUPERUSER"),
    ("read a file of the server", "SELECT pg_read_file('/etc/hostname')"),
    ("run a program on the server", "COPY (SELECT 1) TO PROGRAM 'true'"),
    ("read passwords", "SELECT rolpassword FROM pg_authid LIMIT 1"),
    ("make a table", "CREATE TABLE readiness_nothing ()"),
    ("make a table among those of the service", "CREATE TABLE public.readiness_nothing ()"),
    ("make a schema", "CREATE SCHEMA readiness_nothing"),
    ("take a function for its own", "ALTER FUNCTION pg_catalog.now() OWNER TO CURRENT_USER"),
)


@dataclass(frozen=True)
class Try:
    """What one role tried, and whether the database let it."""

    role: str
    what: str
    allowed: bool


@dataclass(frozen=True, kw_only=True)
class RolesTried(Observation):
    """What the roles that own nothing tried. Examined: the tries.

    `connected`: the roles as which services are connected now; `owners`: those of the profile that own, and administrators.
    `powerful`: the roles that own something or may do more with the server than others.
    `may_log_in`: all roles that the database lets in; `declared`: those of the profile. `serving`: roles that serve customers,
    with whether they could read a table.
    """

    connected: tuple[str, ...]
    owners: tuple[str, ...]
    powerful: tuple[str, ...]
    may_log_in: tuple[str, ...]
    declared: tuple[str, ...]
    tries: tuple[Try, ...]
    serving: tuple[tuple[str, bool], ...]


def let_roles_try(target: Target) -> RolesTried:
    """Log in as every role that owns nothing, and try what only owners and administrators may. Each try is rolled back."""
    platform, database, known = target.platform, declared_database(target), known_secrets(target)
    if database.log_in is None or not database.roles:
        raise CapabilityMissing(
            f"The profile of {target.name} does not say who may log in to the database, and how."
        )
    copy = running_database(platform, database, target.profile.patience.answer)
    powerful = [name for (name,) in ask_database(platform, database, copy, POWERFUL)]
    tables = [name for (name,) in ask_database(platform, database, copy, TABLES)]
    if not tables:
        raise CannotLook("the database has no table, so nobody can be refused one")
    tries: list[Try] = []
    serving = []
    for role in (each for each in database.roles if not each.owns):
        session = Session(platform, database.log_in, copy, role, known.value(role.logs_in_with))
        session.require_log_in()
        forbidden = list(_forbidden(role, powerful, tables))
        tries += session.tries(forbidden)
        if not role.measures:
            (reads,) = session.tries([("read", f"SELECT FROM {tables[0]} LIMIT 1")])
            serving.append((role.name, reads.allowed))
    return RolesTried(
        examined=len(tries),
        connected=tuple(name for (name,) in ask_database(platform, database, copy, CONNECTED)),
        owners=(*(each.name for each in database.roles if each.owns), *database.administrators),
        powerful=tuple(powerful),
        may_log_in=tuple(name for (name,) in ask_database(platform, database, copy, MAY_LOG_IN)),
        declared=_declared(database),
        tries=tuple(tries),
        serving=tuple(serving),
    )


def _declared(database: Database) -> tuple[str, ...]:
    return (*(each.name for each in database.roles), *database.administrators)


def _forbidden(role: Role, powerful: Sequence[str], tables: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from SERVER
    for name in powerful:
        if name != role.name:
            yield f"become {name}", f'SET ROLE "{name}"'
    for table in tables:
        yield f"change table {table}", f"ALTER TABLE {table} ADD COLUMN readiness_nothing int"
        yield f"take table {table} for its own", f"ALTER TABLE {table} OWNER TO CURRENT_USER"
        yield f"empty table {table}", f"TRUNCATE {table} CASCADE"
        if role.measures:
            yield f"read table {table}", f"SELECT FROM {table} LIMIT 1"


class Session:
    """One role, asked over the network port in the database's container."""

    def __init__(self, platform: Platform, log_in: LogIn, copy: Replica, role: Role, password: str) -> None:
        self._platform = platform
        self._copy = copy
        self._role = role
        self._argv = [each.replace("{role}", role.name) for each in log_in.command]
        self._settings = {log_in.variable: password}

    def require_log_in(self) -> None:
        """CannotLook when the role does not get in: then being refused would mean nothing."""
        ran = self._ask("SELECT 1")
        if ran.exit_code != 0:
            words = " ".join(ran.output.split())[-200:]
            raise CannotLook(
                f"role {self._role.name} does not get into the database with its own secret: {words}"
            )

    def tries(self, statements: Sequence[tuple[str, str]]) -> list[Try]:
        """What the database lets it do; all of it is rolled back. CannotLook when one fails for another reason than who asks."""
        listed = ", ".join(f"$try${statement}$try$" for _, statement in statements)
        ran = self._ask(ALL_TRIES.format(statements=listed, done=DONE))
        told = dict(TOLD.findall(ran.output))
        found = []
        for number, (what, statement) in enumerate(statements, start=1):
            state = told.get(str(number), "")
            if state not in (REFUSED, DONE):
                words = state or " ".join(ran.output.split())[-200:]
                raise CannotLook(f"role {self._role.name} could not try {statement!r}: {words}")
            found.append(Try(self._role.name, what, state == DONE))
        return found

    def _ask(self, statement: str) -> Ran:
        return self._platform.run_inside(
            self._copy.id, [*self._argv, statement], timeout=PATIENCE, settings=self._settings
        )
