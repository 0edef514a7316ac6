"""What a database holds, in numbers: rows and a checksum of each table that does not depend on order, schema, roles."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from backup.programs import Failed, run

TRIES = 40
TABLES = """
SELECT json_agg(format('%I.%I', n.nspname, c.relname)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


@dataclass(frozen=True)
class Contents:
    """`tables`: name -> rows and checksum. `schema`, `roles`: digests of everything that is declared, with owners and rights."""

    tables: Mapping[str, tuple[int, str]]
    schema: str
    roles: str

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(rows for rows, _ in self.tables.values())

    def told(self) -> dict[str, object]:
        """For a record."""
        return asdict(self)

    @staticmethod
    def of(record: Mapping[str, Any]) -> Contents:
        """From a record."""
        tables = {name: (int(rows), str(check)) for name, (rows, check) in record["tables"].items()}
        return Contents(tables, str(record["schema"]), str(record["roles"]))


class Server:
    """A database server that libpq reaches with `environment`."""

    def __init__(self, environment: Mapping[str, str], database: str) -> None:
        self._environment = environment
        self._database = database

    def ask(self, script: str, database: str = "") -> list[str]:
        """The lines that the statements answer with."""
        return run(
            ["psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
             "--dbname", database or self._database],
            environment=self._environment, given=script,
        ).splitlines()  # fmt: skip

    def contents(self) -> Contents:
        """What it holds now."""
        return self._with_schema(self._tables(self.ask(f"BEGIN; {self._sums()}; COMMIT;")))

    def contents_at(self, point: str) -> tuple[str, Contents]:
        """The name of a moment in the log, and what the database holds at it. Failed when it never rests for a moment."""
        sums = self._sums()
        for number in range(TRIES):
            name = f"{point}-{number}"
            rests, *lines = self.ask(f"""
                SELECT pg_current_snapshot() AS before \\gset
                SELECT pg_create_restore_point('{name}') AS point \\gset
                BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                SELECT :'before' = pg_current_snapshot()::text
                   AND pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot()) AS rests \\gset
                \\echo :rests
                \\if :rests
                {sums};
                \\endif
                COMMIT;
            """)
            if rests == "t":
                return name, self._with_schema(self._tables(lines))
        raise Failed(f"the database did not rest for a moment in {TRIES} tries")

    def _sums(self) -> str:
        tables = json.loads(self.ask(TABLES)[0] or "[]") or []
        if not tables:
            raise Failed("the database has no table")
        return "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO';" + " UNION ALL ".join(
            f"SELECT json_build_array('{table}', count(*),"
            f" coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text) FROM ONLY {table} AS t"
            for table in tables
        )

    @staticmethod
    def _tables(lines: list[str]) -> dict[str, tuple[int, str]]:
        return {name: (rows, check) for name, rows, check in map(json.loads, filter(None, lines))}

    def _with_schema(self, tables: Mapping[str, tuple[int, str]]) -> Contents:
        schema = run(
            ["pg_dump", "--schema-only", f"--dbname={self._database}"], environment=self._environment
        )
        roles = run(
            ["pg_dumpall", "--globals-only", "--no-role-passwords", f"--database={self._database}"],
            environment=self._environment,
        )
        return Contents(tables, digest_of(schema), digest_of(roles))


def digest_of(dump: str) -> str:
    """The same for the same declarations: comments (versions, for example) and the mark of a restricted dump are left out."""
    lines = [line for line in dump.splitlines() if line and not re.match(r"--|\\(un)?restrict ", line)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(expected: Contents, found: Contents) -> list[str]:
    """Everything in which the found contents are not the expected ones, in words."""
    problems = []
    for name in sorted({*expected.tables, *found.tables}):
        wanted, seen = expected.tables.get(name), found.tables.get(name)
        if wanted != seen:
            problems.append(f"table {name}: {_words(seen)}, and should have {_words(wanted)}")
    if expected.schema != found.schema:
        problems.append("tables, keys, owners or rights are declared otherwise than in the original")
    if expected.roles != found.roles:
        problems.append("the roles are others than in the original")
    if not found.rows:
        problems.append("there is not a single row")
    return problems


def _words(table: tuple[int, str] | None) -> str:
    return "is missing" if table is None else f"{table[0]} rows with checksum {table[1]}"
