"""What PostgreSQL's catalogs say of tables: columns, types, and keys that constraints enforce."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.edges import SchemaColumn
from gateway.engines.postgres_open import Connection
from gateway.engines.postgres_types import known_type

_COLUMNS = """
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
  b.typname, b.typtype, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
  t.typtype = 'd', b.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY a.attnum
"""
_KEYS = """
SELECT pg_catalog.array_agg(a.attname)
FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL pg_catalog.unnest(i.indkey[0 : i.indnkeyatts - 1]) AS k(number)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
WHERE n.nspname = %s AND c.relname = %s AND c.relkind = 'r'
  AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
GROUP BY i.indexrelid, i.indnkeyatts HAVING pg_catalog.count(*) = i.indnkeyatts
"""
_TABLES = """
SELECT c.relname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
ORDER BY c.relname
"""


def columns_of(connection: Connection, source: tuple[str, ...]) -> list[SchemaColumn]:
    """The columns of a table that the role may read, in order; none where there is no such table.

    A column of a domain has the domain's type. Inherited rows are a table's own, as in any query.
    """
    found = []
    for row in connection.execute(_COLUMNS, source).fetchall():
        name, declared, not_null, base, kind, modifier, domain, builtin = row
        known = known_type(base, kind, modifier) if builtin or kind == "e" else None
        read = known.read if known else "{0}"
        if known and domain and base in ("text", "varchar"):
            read = read.replace("{0}", "CAST({0} AS text)")
        found.append(
            SchemaColumn(
                name=name,
                type=known.type if known else None,
                nullable=not not_null,
                declared=declared,
                read=read,
            )
        )
    return found


def tables_of(connection: Connection, schema: str) -> list[str]:
    """The tables and views of a schema that the role may read."""
    return [row[0] for row in connection.execute(_TABLES, (schema,)).fetchall()]


def declared_key(connection: Connection, source: tuple[str, ...], columns: Sequence[str]) -> bool:
    """Whether the database enforces that no two rows agree in all the columns, and none is NULL.

    A unique index does over some of them; one over fewer columns still does over more. Tables that
    others inherit from are not held to it, for their children's rows are no part of the index.
    """
    required = {c.name for c in columns_of(connection, source) if not c.nullable}
    if not set(columns) <= required or _inherited(connection, source):
        return False
    found = connection.execute(_KEYS, source).fetchall()
    return any(set(row[0]) <= set(columns) for row in found)


def _inherited(connection: Connection, source: tuple[str, ...]) -> bool:
    sql = (
        "SELECT c.relhassubclass FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s"
    )
    row = connection.execute(sql, source).fetchone()
    return row is not None and bool(row[0])
