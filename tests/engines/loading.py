"""Tables from Arrow into PostgreSQL, exactly: every value goes as its text."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import psycopg
import pyarrow as pa
from psycopg import sql

_NAMES = {
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_AT_ONCE = 50_000
"""Rows in memory."""
READER = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'reader') THEN
    CREATE ROLE reader LOGIN;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
"""


def load(url: str, tables: Mapping[str, pa.Table]) -> None:
    """Make the tables in the schema public, for the role `reader` to read."""
    with (
        psycopg.connect(url, autocommit=True) as connection,
        duckdb.connect(":memory:", config={"threads": 1}) as texts,
    ):
        texts.execute("SET TimeZone = 'UTC'")
        for name, table in tables.items():
            texts.register("given", table)
            described = texts.execute("DESCRIBE SELECT * FROM given").fetchall()
            columns = {row[0]: _NAMES.get(row[1], row[1].lower()) for row in described}
            items = sql.SQL(", ").join(
                sql.SQL("{} " + kind).format(sql.Identifier(column))  # type: ignore[arg-type]
                for column, kind in columns.items()
            )
            made = sql.SQL("CREATE TABLE public.{} ({})").format(sql.Identifier(name), items)
            connection.execute(made)
            rows = texts.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM given")
            copying = sql.SQL("COPY public.{} FROM STDIN").format(sql.Identifier(name))
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                while some := rows.fetchmany(_AT_ONCE):
                    for row in some:
                        copy.write_row(row)
            texts.unregister("given")
        connection.execute(READER)
        connection.execute("ANALYZE")
