"""PostgreSQL itself is asked for the value of every expression of the manual of meanings.

Where it fails, the gateway's form has NULL; nowhere else do they differ, but for the cases that are
listed with their reason.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pytest
import sqlglot

from gateway.rewrite.expressions import write
from gateway.sql.bind import Binder
from gateway.sql.dialect import AsWritten
from tests.postgres import PostgresServer
from tests.sql.test_postgres_meaning import COLUMNS, MEANINGS, ROW, lookup

Value = object

ASKED = Path(__file__).parent / "asked_of_postgresql.sql"
_NO_ZONE = "the gateway's moments without a zone stay without one: its zone is UTC"
OTHERWISE = {
    "date_trunc('month', d)": _NO_ZONE,
    "date_trunc('week', sunday)": _NO_ZONE,
    "upper('straße')": "DuckDB has Unicode's capital ẞ, PostgreSQL none",
}
"""Where the gateway means otherwise, and why."""
ABSENT = {"left(t, huge)", "substring(t, lowest, huge)"}
"""What PostgreSQL has for integers of 32 bits only."""


def expressions() -> list[str]:
    """Those of the manual of meanings, and the list."""
    lines = ASKED.read_text(encoding="utf-8").splitlines()
    known = [text for text, _ in MEANINGS if text not in ABSENT]
    return [*known, *(line for line in lines if line[:2] != "--")]


@pytest.fixture(scope="module")
def asked(postgres: PostgresServer) -> Iterator[psycopg.Connection[tuple[Value, ...]]]:
    with (
        postgres.database() as name,
        psycopg.connect(postgres.url(name), autocommit=True) as opened,
    ):
        opened.execute("SET TimeZone = 'UTC'")
        items = ", ".join(f"{_postgres(sql)} AS {column}" for column, (_, sql) in ROW.items())
        opened.execute(f"CREATE TABLE r AS SELECT {items}")  # type: ignore[arg-type]
        yield opened


def _postgres(text: str) -> str:
    return text.replace("DOUBLE", "DOUBLE PRECISION").replace("VARCHAR", "TEXT")


@pytest.fixture(scope="module")
def row() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        items = ", ".join(f"{sql} AS {name}" for name, (_, sql) in ROW.items())
        connection.execute(f"CREATE TABLE r AS SELECT {items}")
        yield connection


def ours(text: str, row: duckdb.DuckDBPyConnection) -> Value:
    tree = sqlglot.parse_one(f"SELECT {text}", dialect=AsWritten).expressions[0]
    bound = Binder(lookup).bind(tree)
    sql = write(bound, {column: f"r.{name}" for name, column in COLUMNS.items()}, "duckdb")
    (found,) = row.execute(f"SELECT {sql} FROM r").fetchone() or (None,)
    return found  # type: ignore[no-any-return]


def theirs(text: str, asked: psycopg.Connection[tuple[Value, ...]]) -> Value:
    """None where PostgreSQL fails, for the gateway's total forms have NULL there."""
    try:
        found = asked.execute(f"SELECT {text} FROM r").fetchone()  # type: ignore[arg-type]
    except (psycopg.errors.DataError, psycopg.errors.ProgramLimitExceeded):
        return None
    return found[0] if found else None


def agree(a: Value, b: Value) -> bool:
    """Numbers of any type are compared as numbers, dates with midnight of theirs."""
    if isinstance(a, (int, float, Decimal)) and isinstance(b, (int, float, Decimal)):
        if isinstance(a, bool) is not isinstance(b, bool):
            return False
        return math.isclose(float(a), float(b), rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime) and a.tzinfo and b.tzinfo:
        return a.astimezone(dt.UTC) == b.astimezone(dt.UTC)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("text", expressions())
def test_postgresql_says_the_same(
    text: str,
    asked: psycopg.Connection[tuple[Value, ...]],
    row: duckdb.DuckDBPyConnection,
) -> None:
    a, b = ours(text, row), theirs(text, asked)
    if text in OTHERWISE:
        assert not agree(a, b), "it agrees by now: take it off the list"
    else:
        assert agree(a, b), f"{a!r} here, {b!r} in PostgreSQL"
