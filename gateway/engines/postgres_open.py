"""Opening a PostgreSQL database: a pool of connections that can only read, and mean one thing.

What a query means must not depend on the settings of a server, a database or a role, so each
connection sets all that change the meaning of a statement. What a statement can do must not depend
on the statement, so each connection reads only, through a role that may do nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from gateway.engines.postgres_arrow import prepare

_LOG = logging.getLogger("gateway.engines")

LEAST_VERSION = 150_000
CONNECTIONS = 16
"""At most so many statements run beside one another; the others wait."""
_CONNECT_SECONDS = 10
_WAIT_SECONDS = 5.0
"""How long a question waits for a connection, for one that is free or a server that is away."""

_MEANING = {
    # pg_temp would be searched first, if it were not named.
    "search_path": "pg_catalog, pg_temp",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "lc_numeric": "C",
    "lc_time": "C",
    "lc_monetary": "C",
    "client_encoding": "UTF8",
    "row_security": "on",
}
"""Every setting that changes what a statement of the gateway gives."""
_CAUTION = {
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
    # Compiling takes longer than most statements run, and is not stopped by a timeout.
    "jit": "off",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}

Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUsable(Exception):
    """A server or role that the gateway does not use: what was found, and what is allowed."""

    found: str
    allowed: str


def open_pool(url: str, timeout_seconds: float) -> Pool:
    """Connections to a database, made when they are needed, checked before each use.

    Raises `NotUsable` for a server or role that is not as it must be, `psycopg.OperationalError`
    where none answers.
    """
    settings = _MEANING | _CAUTION | {"statement_timeout": f"{max(1, int(timeout_seconds * 1000))}"}

    def configure(connection: Connection) -> None:
        prepare(connection)
        calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
        connection.execute(f"SELECT {calls}", [part for pair in settings.items() for part in pair])

    options: dict[str, Any] = {
        "autocommit": True,
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "noisegate",
        # From the first statement on: a role may have a timeout of its own.
        "options": f"-c statement_timeout={settings['statement_timeout']}",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # A server that went away without a word is noticed soon after its time is over.
        "tcp_user_timeout": int((timeout_seconds + 30) * 1000),
        "prepare_threshold": None,
    }
    with psycopg.connect(url, **options) as first:
        _check(first)
    pool: Pool = ConnectionPool(
        url,
        kwargs=options,
        configure=configure,
        check=ConnectionPool.check_connection,
        min_size=0,
        max_size=CONNECTIONS,
        timeout=_WAIT_SECONDS,
        # A server that is away is tried anew by the next question, not after a growing wait.
        reconnect_timeout=1.0,
        name="noisegate",
        open=True,
    )
    return pool


_ROLE = """
SELECT current_user, current_setting('server_version_num')::int, current_setting('server_encoding'),
  EXISTS (SELECT 1 FROM pg_catalog.pg_roles r
    WHERE pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
      AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
        OR r.rolname IN ('pg_write_all_data', 'pg_write_server_files',
          'pg_execute_server_program', 'pg_read_server_files', 'pg_signal_backend'))),
  (SELECT pg_catalog.min(pg_catalog.format('%I.%I', n.nspname, c.relname))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
      AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'))),
  (SELECT pg_catalog.min(n.nspname) FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\\_temp%' AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')),
  pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
"""
_ALLOWED = "a role that may SELECT from the policy's tables and nothing else"


def _check(connection: Connection) -> None:
    row = connection.execute(_ROLE).fetchone()
    if row is None:
        raise AssertionError("a query of one row")
    role, version, encoding, powerful, writable, schema, creates = row
    if version < LEAST_VERSION:
        raise NotUsable(found=f"PostgreSQL {version // 10_000}", allowed="PostgreSQL 15 or later")
    if encoding != "UTF8":
        raise NotUsable(found=f"a database in {encoding}", allowed="a database in UTF8")
    if powerful:
        raise NotUsable(
            found=f"the role {role}, which has rights of an administrator", allowed=_ALLOWED
        )
    if writable is not None:
        raise NotUsable(found=f"the role {role}, which may write to {writable}", allowed=_ALLOWED)
    if schema is not None:
        raise NotUsable(
            found=f"the role {role}, which may create tables in the schema {schema}",
            allowed=_ALLOWED,
        )
    if creates:
        raise NotUsable(found=f"the role {role}, which may create schemas", allowed=_ALLOWED)
