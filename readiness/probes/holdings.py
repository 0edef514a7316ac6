"""What a database holds, so that two can be compared: each table by an order-independent checksum, and all that is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness.config.keeping import Database
from readiness.core.errors import CannotLook
from readiness.probes.database import ask_database
from readiness.targets.platform import Platform, Replica

OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
TABLES = f"""
SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND {OURS} ORDER BY 1
"""
# Each row begins with the kind of thing; what a thing is, with its owner and rights, follows.
DECLARED = f"""
SELECT format('%s %s of %s, rights %s', CASE c.relkind WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' ELSE 'relation' END,
  c.oid::regclass, c.relowner::regrole, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) AS a))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}
UNION ALL SELECT format('column %s.%s %s null %s default %s', c.oid::regclass, a.attname,
  format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'p') AND {OURS}
UNION ALL SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(o.oid))
FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE {OURS}
UNION ALL SELECT format('index %s: %s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}
UNION ALL SELECT format('sequence %s at %s', s.schemaname || '.' || s.sequencename, s.last_value) FROM pg_sequences s
UNION ALL SELECT format('extension %s %s', extname, extversion) FROM pg_extension
UNION ALL SELECT format('role %s login %s super %s createrole %s createdb %s replication %s password %s', rolname, rolcanlogin,
  rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolpassword IS NOT NULL) FROM pg_authid WHERE rolname !~ '^pg_'
UNION ALL SELECT format('role %s is in %s', member::regrole, roleid::regrole) FROM pg_auth_members
UNION ALL SELECT format('database %s of %s, rights %s', datname, datdba::regrole,
  (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) AS a)) FROM pg_database
UNION ALL SELECT format('rights to come in %s for %s: %s', defaclnamespace, defaclrole::regrole, defaclacl) FROM pg_default_acl
UNION ALL SELECT format('large objects: %s', count(*)) FROM pg_largeobject_metadata
UNION ALL SELECT format('setting %s = %s', name, setting) FROM pg_settings
WHERE source IN ('configuration file', 'database', 'user', 'database user') AND name !~ '^(restore_command|recovery_|primary_)'
ORDER BY 1
"""


@dataclass(frozen=True)
class Table:
    """Rows of a table, and a sum over their contents that does not depend on their order."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Holdings:
    """What a database holds: its tables, and every declaration (relations, owners, rights, keys, roles, settings …)."""

    tables: Mapping[str, Table]
    declared: Sequence[str]

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(each.rows for each in self.tables.values())


def holdings_of(platform: Platform, database: Database, copy: Replica, without: str) -> Holdings:
    """What a database holds now, without the rows that name `without`. CannotLook when it has no table."""
    names = [name for (name,) in ask_database(platform, database, copy, TABLES)]
    if not names:
        raise CannotLook(f"the database {database.service} has no table, so there is nothing to compare")
    sums = " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
        f" FROM ONLY {name} AS t WHERE position('{without}' in t::text) = 0"
        for name in names
    )
    tables = {
        name: Table(int(rows), check) for name, rows, check in ask_database(platform, database, copy, sums)
    }
    declared = ["|".join(row) for row in ask_database(platform, database, copy, DECLARED)]
    return Holdings(tables, declared)
